import Foundation
import Scenarios
import TextFiles

/// A run seen as a pack sees it: options with numbers and ranks, the indicators that come first, where figures come from.
struct PackContent {
  let input: PackInput
  let say: Phrases
  /// The baseline first, then the scenarios in the order of the command line.
  let options: [PackOption]
  /// The scenario that ranks first; nil without scenarios.
  let best: PackOption?
  /// Nodes of the headline indicators (and of those asked for), the leading ones first.
  let leading: [Int]
  /// Nodes of the headline indicators and those asked for, in the order of the model.
  let headline: [Int]

  init(_ input: PackInput) {
    self.input = input
    say = Phrases(input.language)
    let (result, comparison) = (input.result, input.comparison)
    options = PackOption.all(comparison, result)
    best = options.filter { !$0.isBaseline }.min { $0.place < $1.place }
    let nodes = result.model.nodes
    let asked = input.indicators.compactMap { result.model.nodeIndex($0) }
    headline = nodes.indices.filter { nodes[$0].definition.headline || asked.contains($0) }
    let last = max(result.model.grid.count - 1, 0)
    var size: [Int: Double] = [:]
    for node in headline {
      let base = result.baseline.statistics[node][last]
      let width = base.interval80.high - base.interval80.low
      let change = best?.outcome.statistics[node][last].changeMean ?? 0
      size[node] = width > 0 ? abs(change) / width : 0
    }
    // What was asked for, then what the best option moves most: first of the indicators that published figures carry, then of those
    // on a planner's path, then what does not move, in the order of the model.
    func group(_ node: Int) -> Int {
      guard size[node] ?? 0 > 0 else { return 2 }
      return result.model.restsOnPlannersPath(nodes[node].id) ? 1 : 0
    }
    let byMove = headline.filter { !asked.contains($0) }.sorted { a, b in
      let (first, second) = (group(a), group(b))
      if first != second { return first < second }
      return (size[a] ?? 0, b) > (size[b] ?? 0, a)
    }
    leading = asked + byMove
  }

  var result: RunResult { input.result }
  var model: CompiledModel { input.result.model }
  var until: Int { input.result.settings.until }
  /// The position of the last year in the grid.
  var last: Int { max(model.grid.count - 1, 0) }
  var scenarios: [PackOption] { options.filter { !$0.isBaseline } }

  func attribution(_ id: String) -> Attribution? { input.attributed.first { $0.id == id }?.attribution }

  /// The name of the province.
  var areaName: String { input.areas[model.catalog.area]?[say.language] ?? model.catalog.area }

  func name(_ node: Int) -> String { model.nodes[node].definition.name[say.language] }
  func unit(_ node: Int) -> String { model.nodes[node].definition.display.unit[say.language] }
  func display(_ node: Int) -> IndicatorDefinition.Display { model.nodes[node].definition.display }

  /// A value with its unit; percent stands without a space in between.
  func value(_ value: Double, _ node: Int) -> String {
    let unit = unit(node)
    return say.value(value, display(node)) + (unit == "%" ? "%" : " " + unit)
  }

  func leverName(_ id: String) -> String {
    model.catalog.lever(id)?.name[say.language] ?? (id == "world" ? say("Bên ngoài tỉnh", "The outside world") : id)
  }

  func optionName(_ option: PackOption) -> String { option.outcome.name[say.language] }

  /// `(2) Four-season tourism`
  func numbered(_ option: PackOption) -> String {
    option.isBaseline ? optionName(option) : "(\(option.number)) " + optionName(option)
  }

  /// `Budget revenue 2030 ≥ 90,000 billion VND`
  func targetName(_ target: TargetResult) -> String? {
    guard let definition = model.catalog.indicator(target.target.indicator) else { return nil }
    let unit = definition.display.unit[say.language]
    return "\(definition.name[say.language]) \(target.period) "
      + say.comparison(target.target, definition.display) + (unit == "%" ? "%" : " " + unit)
  }

  /// "in back-tests this 80% band held 83% (n = 317)", or that it cannot be tested.
  func coverage(_ node: Int) -> String {
    switch result.coverage[model.nodes[node].id] ?? .notTestable {
    case .tested(let level, let held, let count):
      return say(
        "Trong kiểm định quá khứ, dải \(say.share(level)) chứa \(say.share(held)) kết quả (n = \(say.numbers.integer(count))).",
        "In back-tests the \(say.share(level)) band held \(say.share(held)) of the outcomes (n = \(say.numbers.integer(count)))."
      )
    case .notTestable:
      return say("Dải chưa kiểm được: chuỗi quá ngắn.", "Band not testable: the series is too short.")
    }
  }

  /// Rows of reference/sources.csv that the figures of an indicator, or of what it is computed from, come from; the newest first.
  func sources(_ node: Int) -> [EvidenceTable.Source] {
    var ids: [String] = []
    var open = [model.nodes[node].id]
    var seen = Set(open)
    while let id = open.popLast() {
      guard let index = model.nodeIndex(id) else { continue }
      let content = model.nodes[index]
      for (_, observation) in content.observations.sorted(by: { $0.key > $1.key })
      where !observation.source.isEmpty && !ids.contains(observation.source) {
        ids.append(observation.source)
      }
      if case .identity(let identity) = content.definition.source {
        for input in identity.inputs where seen.insert(input).inserted { open.append(input) }
      }
    }
    return ids.compactMap { input.evidence.sources[$0] }
  }

  /// The line below a picture.
  func sourceLine(_ node: Int?) -> String {
    var titles: [String] = []
    if let node {
      for source in sources(node) {
        let title = source.publisher.isEmpty ? source.title : source.publisher
        if !title.isEmpty, !titles.contains(title) { titles.append(title) }
      }
    }
    let model = say(
      "mô hình tỉnh, \(say.numbers.integer(result.settings.draws)) lượt mô phỏng, dấu vân tay \(result.fingerprint.combined).",
      "the province's model, \(say.numbers.integer(result.settings.draws)) draws, fingerprint \(result.fingerprint.combined)."
    )
    guard !titles.isEmpty else { return say("Nguồn: ", "Source: ") + model }
    let more = titles.count > 3 ? say(" và nguồn khác", " and others") : ""
    return say("Nguồn: ", "Source: ") + titles.prefix(3).joined(separator: "; ") + more
      + say(". Dự báo: ", ". Projection: ") + model
  }
}

extension String {
  /// Letters and their marks as one character each (NFC), whatever way the file spelt them.
  var composed: String { precomposedStringWithCanonicalMapping }
}
