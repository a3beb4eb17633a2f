import Scenarios
import TextFiles

/// Everything that a template of a brief can name.
struct BriefContent {
  /// A picture: its title, the path of its PNG from the brief, and the drawing itself where there is one.
  struct Picture {
    var title: String
    var path: String
    var drawing: String?
  }

  private let content: PackContent
  private var say: Phrases { content.say }

  init(_ content: PackContent) { self.content = content }

  /// - Parameter pictures: empty where pictures are not drawn.
  func names(_ pictures: [Picture]) -> TemplateValue {
    let answer = BriefAnswer(content)
    let result = content.result
    let area = content.areaName
    let title = say(
      "\(area) đến năm \(content.until): \(content.scenarios.isEmpty ? "xu hướng" : "các phương án")",
      "\(area) to \(content.until): \(content.scenarios.isEmpty ? "where it is heading" : "the options")")
    return .group([
      "title": .text(title), "language": .text(say.language.rawValue), "until": .text("\(content.until)"),
      "question": .text(answer.question), "answer": .texts(answer.sentences),
      "has_options": .flag(!content.scenarios.isEmpty), "options": .list(content.scenarios.map(option)),
      "ranking": .list(content.options.sorted { $0.place < $1.place }.map(ranked)),
      "target_count": .text("\(content.input.comparison.targetCount)"),
      "columns": .list(columns.map { .group(["label": .text($0)]) }), "rows": .list(rows),
      "has_targets": .flag(!result.baseline.targets.isEmpty), "targets": .list(targets),
      "target_note": .text(RunReport(result, indicators: nil, language: say.language).targetNote),
      "has_charts": .flag(!pictures.isEmpty), "charts": .list(pictures.map(picture)),
      "rests_on": .texts(restsOn), "risks": .texts(risks), "sources": .list(sources),
      "fingerprint": .text(result.fingerprint.combined), "version": .text(result.fingerprint.version),
      "draws": .text(say.numbers.integer(result.settings.draws)), "seed": .text("\(result.settings.seed)"),
      "as_of": .text(result.settings.asOf?.description ?? ""), "has_as_of": .flag(result.settings.asOf != nil),
    ])
  }

  private func option(_ option: PackOption) -> TemplateValue {
    .group([
      "number": .text("(\(option.number))"), "name": .text(content.optionName(option)),
      "description": .text(option.outcome.description?[say.language] ?? ""),
      "has_description": .flag(option.outcome.description != nil),
    ])
  }

  private func ranked(_ option: PackOption) -> TemplateValue {
    let outcome = option.outcome
    let cost =
      option.isBaseline
      ? "–"
      : say.numbers.fixed(outcome.cost, decimals: 0) + (outcome.hasUnknownCost ? say(" + chưa rõ", " + unknown") : "")
    return .group([
      "rank": .text("\(option.rank)"), "name": .text(content.numbered(option)),
      "targets": .text(say.numbers.fixed(option.expectedTargetsMet, decimals: 2)),
      "improvement": .text(say.numbers.fixed(option.improvement, decimals: 2, signed: true)),
      "probability_best": .text(say.probability(option.probabilityBest)),
      "rank_without_d": .text("\(option.rankWithoutD)"),
      "grade": .text(outcome.support.weakest?.rawValue ?? "–"), "share_d": .text(say.share(outcome.support.shareD)),
      "cost": .text(cost), "is_best": .flag(option.rank == 1),
    ])
  }

  // MARK: the table

  private var columns: [String] {
    [
      say("Chỉ tiêu", "Indicator"), say("Mới nhất", "Latest"),
      say("\(content.until), không có chính sách", "\(content.until), no policy"),
      say("80%", "80%"),
    ] + content.scenarios.map { "(\($0.number))" }
  }

  /// A row per headline indicator, under the name of its system; options show the change of the median.
  private var rows: [TemplateValue] {
    var rows: [TemplateValue] = []
    for system in content.model.catalog.systems {
      let nodes = content.headline.filter { content.model.nodes[$0].definition.system == system.id }
      for node in nodes {
        let facts = content.model.nodes[node].facts.filter { $0.key <= content.until }
        let latest = facts.max { $0.key < $1.key }
        let mark = content.model.nodes[node].observations[latest?.key ?? 0]?.status == .estimate ? "*" : ""
        let base = content.result.baseline.statistics[node][content.last]
        let display = content.display(node)
        var cells = [
          say.label(content.model.nodes[node].definition)
            + say.marks(content.model.nodes[node].id, content.model),
          latest.map { say.value($0.value, display) + mark + " (\($0.key))" } ?? "–", say.value(base.median, display),
          say.interval(base.interval80.low, base.interval80.high, display),
        ]
        for option in content.scenarios {
          let statistics = option.outcome.statistics[node][content.last]
          cells.append(statistics.changeMean == 0 ? "=" : say.change(statistics.change ?? 0, display))
        }
        rows.append(.group(["system": .text(system.name[say.language]), "cells": .texts(cells)]))
      }
    }
    return rows
  }

  private var targets: [TemplateValue] {
    content.result.baseline.targets.enumerated().compactMap { position, target in
      guard let name = content.targetName(target) else { return nil }
      let mark = say.marks(target.target.indicator, content.model)
      let cells = content.options.map { say.probability(of: $0.outcome.targets[position]) }
      return .group([
        "name": .text(name + mark), "document": .text(target.target.document), "cells": .texts(cells),
      ])
    }
  }

  private func picture(_ picture: Picture) -> TemplateValue {
    .group([
      "title": .text(picture.title), "path": .text(picture.path), "has_drawing": .flag(picture.drawing != nil),
      "drawing": .drawing(picture.drawing ?? ""),
    ])
  }

  // MARK: what it rests on

  private var restsOn: [String] {
    var lines: [String] = []
    let planned = content.headline.filter { content.model.restsOnPlannersPath(content.model.nodes[$0].id) }
    if !planned.isEmpty {
      lines.append(
        say(
          "[D] Đường cơ sở do người lập kế hoạch ước tính (mức D): ",
          "[D] The path with no policy is a planner's own estimate (grade D): ")
          + planned.map(content.name).joined(separator: ", ") + ".")
    }
    if content.headline.contains(where: { content.model.restsOnFewObservations(content.model.nodes[$0].id) }) {
      lines.append(say.fewMarkExplained)
    }
    for option in content.scenarios {
      let support = option.outcome.support
      lines.append(
        content.numbered(option) + ": "
          + say(
            "mức yếu nhất \(support.weakest?.rawValue ?? "–"); phần dựa trên P \(say.share(support.shareP)), trên D \(say.share(support.shareD)).",
            "weakest grade \(support.weakest?.rawValue ?? "–"); resting on P \(say.share(support.shareP)), on D \(say.share(support.shareD))."
          ))
    }
    if !content.scenarios.isEmpty {
      lines.append(
        say(
          "A, B, C: bằng chứng đã công bố; P: ước lượng từ các tỉnh; D: ước tính của người lập kế hoạch.",
          "A, B, C: published evidence; P: estimated from the provinces; D: a planner's own estimate."))
    }
    var tested = 0
    for (index, node) in content.model.nodes.enumerated() {
      guard case .tested? = content.result.coverage[node.id] else { continue }
      tested += 1
      lines.append(content.name(index) + ": " + content.coverage(index))
    }
    lines.append(
      tested == 0
        ? say(
          "Độ đúng của các dải: chuỗi quá ngắn để nói riêng; `simulate backtest` thử lại từng chỉ tiêu.",
          "Coverage of the bands: series too short for a figure of their own; `simulate backtest` replays each.")
        : say(
          "Dải của các chỉ tiêu khác: chuỗi quá ngắn để nói riêng; `simulate backtest` thử lại từng chỉ tiêu.",
          "Bands of the other indicators: series too short for a figure of their own; `simulate backtest` replays each."
        ))
    return lines
  }

  private var risks: [String] {
    var lines = content.scenarios.flatMap(optionRisks)
    if content.scenarios.contains(where: \.outcome.hasUnknownCost) {
      lines.append(
        say(
          "Giải pháp chưa rõ chi phí không phải là miễn phí; các phương án có «chưa rõ» không xếp hạng theo tiền.",
          "A lever without a known cost is not free; options marked \"unknown\" are left out of any ranking for the money."
        ))
    }
    let headline = Set(content.headline.map { content.model.nodes[$0].id })
    return lines + RunReport(content.result, indicators: headline, language: say.language).notes
  }

  private func optionRisks(_ option: PackOption) -> [String] {
    let (outcome, catalog) = (option.outcome, content.model.catalog)
    var lines: [String] = []
    for ambition in outcome.ambitions {
      let delivery = catalog.lever(ambition.lever)?.delivery.map { say.probability($0.probability) } ?? "100%"
      let points = say.numbers.fixed(ambition.points, decimals: 2, signed: true)
      lines.append(
        say(
          "tham vọng \(points) điểm PCI: \(ambition.achieved) trong \(ambition.windows) giai đoạn ba năm của các tỉnh đã đạt; xác suất thực hiện \(delivery) (mức D).",
          "ambition of \(points) PCI points: \(ambition.achieved) of \(ambition.windows) three-year windows of provinces achieved it; probability of delivery \(delivery) (grade D)."
        ))
    }
    if !outcome.earlyStarts.isEmpty {
      lines.append(
        say(
          "bắt đầu trước khi số liệu kết thúc, một phần có thể đã nằm trong dự báo: ",
          "start before the data end, part may be in the baseline already: ")
          + outcome.earlyStarts.map(content.leverName).joined(separator: ", ") + ".")
    }
    if !outcome.beyondValidity.isEmpty {
      lines.append(
        say(
          "vượt phạm vi của bằng chứng, phần vượt không tính: ",
          "beyond what the evidence covers, the excess does not count: ")
          + outcome.beyondValidity.map(content.leverName).joined(separator: ", ") + ".")
    }
    let hidden = outcome.detectability.filter { $0.value > 10 }.keys.compactMap { content.model.nodeIndex($0) }.sorted()
    if !hidden.isEmpty {
      lines.append(
        say(
          "phải hơn 10 năm số liệu mới phân biệt được tác động với ngẫu nhiên: ",
          "it takes more than 10 years of data to tell the effect from chance: ")
          + hidden.map(content.name).joined(separator: ", ") + ".")
    }
    return lines.map { "(\(option.number)) " + $0 }
  }

  /// Sources of the headline figures and of the evidence of moved levers, by the Vietnamese alphabet.
  private var sources: [TemplateValue] {
    var entries: [(title: String, publisher: String, url: String)] = []
    func add(_ title: String, _ publisher: String, _ url: String) {
      let title = title.isEmpty ? url : title
      guard !title.isEmpty, !entries.contains(where: { $0.title == title && $0.url == url }) else { return }
      entries.append((title, publisher, url))
    }
    for node in content.headline {
      // The newest few: all editions of a yearly publication would fill pages.
      for source in content.sources(node).prefix(2) { add(source.title, source.publisher, source.url) }
    }
    let moved = Set(content.input.scenarios.flatMap { $0.levers.map(\.lever) })
    let evidence =
      content.model.catalog.levers.filter { moved.contains($0.id) }.map(\.evidence)
      + content.model.catalog.links.filter { moved.contains($0.cause) }.map(\.evidence)
    for id in evidence {
      guard let row = content.input.evidence.rows[id] else { continue }
      add(row.title, id, row.url)
    }
    let sorted = entries.map { (order: VietnameseOrder($0.title), entry: $0) }.sorted { $0.order < $1.order }
    return sorted.map { item in
      .group([
        "title": .text(item.entry.title), "publisher": .text(item.entry.publisher), "url": .text(item.entry.url),
        "has_url": .flag(item.entry.url.hasPrefix("http://") || item.entry.url.hasPrefix("https://")),
      ])
    }
  }
}
