import Foundation
import TextFiles
import Yams

/// Reads scenario files and checks them against a model.
public struct ScenarioReader {
  let catalog: ModelCatalog
  let until: Int
  private let shortNames: [String: String]

  /// - Parameter until: the last year of the projection; paths beyond it are refused.
  public init(catalog: ModelCatalog, until: Int) {
    self.catalog = catalog
    self.until = until
    var names: [String: String] = [:]
    for process in catalog.processes {
      for id in process.lists["sub_indices"] ?? [] {
        names[id] = id
        if id.hasPrefix("pci_") { names[String(id.dropFirst(4))] = id }
      }
    }
    shortNames = names
  }

  /// Stems that a scenario cannot have, because results use them.
  public static let reservedStems: Set<String> = ["baseline", "world", "interaction"]

  /// Reads several files; their stems must differ.
  ///
  /// - Throws: ``DiagnosticList`` with every problem of every file.
  public func read(_ paths: [String]) throws -> [ScenarioDefinition] {
    var problems: [Diagnostic] = []
    var scenarios: [ScenarioDefinition] = []
    for path in paths {
      do {
        let scenario = try read(path)
        if let other = scenarios.first(where: { $0.id == scenario.id }) {
          problems.append(
            Diagnostic(
              .wrongUse, code: "duplicate_scenario", at: SourceLocation(file: path),
              "another scenario has the same name '\(scenario.id)' (\(other.path))", hint: "rename one of the files"))
        }
        scenarios.append(scenario)
      } catch let list as DiagnosticList { problems += list.diagnostics }
    }
    guard problems.isEmpty else { throw DiagnosticList(problems) }
    return scenarios
  }

  /// Reads one file.
  public func read(_ path: String) throws -> ScenarioDefinition {
    let source = YAMLSource(file: path)
    let stem = ScenarioReader.stem(path)
    if ScenarioReader.reservedStems.contains(stem) {
      source.report(nil, "reserved_name", "a scenario cannot be called '\(stem)'", hint: "rename the file")
    }
    let root = source.root(try readFile(path))
    guard let root,
      let fields = source.fields(
        root, "a scenario", allowed: ["name", "description", "base", "levers", "world", "when"])
    else { throw DiagnosticList(source.diagnostics) }
    if let base = fields["base"].flatMap({ source.text($0, "base") }), base != "baseline" {
      source.report(fields["base"], "unknown_value", "the base can only be 'baseline', not '\(base)'")
    }
    let name = fields["name"].flatMap { source.localized($0, "name") } ?? LocalizedText(vi: stem, en: stem)
    var choices: [ScenarioDefinition.LeverChoice] = []
    if let node = fields["levers"], let entries = source.mapping(node, "levers") {
      for entry in entries {
        if let choice = choice(source, entry.key, entry.keyNode, entry.value) { choices.append(choice) }
      }
    }
    checkOverlap(source, choices)
    var world: [String: LeverPath] = [:]
    if let node = fields["world"], let entries = source.mapping(node, "world") {
      let drivers = catalog.indicators.filter(\.isWorld).map(\.id)
      for entry in entries {
        guard drivers.contains(entry.key) else {
          source.report(
            entry.keyNode, "unknown_id", "the model has no world driver '\(entry.key)'",
            hint: Suggestion.hint(for: entry.key, among: drivers))
          continue
        }
        if let path = self.path(source, entry.value, "the path of '\(entry.key)'", isProject: false) {
          checkYears(source, entry.value, path)
          world[entry.key] = path
        }
      }
    }
    let rules = fields["when"].map { self.rules(source, $0, choices) } ?? []
    if source.diagnostics.isEmpty && choices.isEmpty && world.isEmpty && rules.isEmpty {
      source.report(root, "empty_scenario", "the scenario changes nothing: it has neither levers nor world")
    }
    guard source.diagnostics.isEmpty else { throw DiagnosticList(source.diagnostics) }
    return ScenarioDefinition(
      id: stem, name: name, description: fields["description"].flatMap { source.localized($0, "description") },
      levers: choices, world: world, path: path, rules: rules)
  }

  /// The name of a file without folder and ending, in Unicode's composed form (NFC).
  package static func stem(_ path: String) -> String {
    let name = (path.split(separator: "/").last.map(String.init) ?? path).precomposedStringWithCanonicalMapping
    return name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
  }

  func choice(
    _ source: YAMLSource, _ id: String, _ keyNode: Node, _ node: Node
  ) -> ScenarioDefinition.LeverChoice? {
    guard let lever = catalog.lever(id) else {
      source.report(
        keyNode, "unknown_id", "the model has no lever '\(id)'",
        hint: Suggestion.hint(for: id, among: catalog.levers.map(\.id)))
      return nil
    }
    var on: [String] = []
    if lever.kind == .ambition, case .mapping = node { on = package(source, id, node) }
    var keys = ["delivery", "cost"]
    if lever.kind == .ambition { keys.append("on") }
    guard
      let path = path(
        source, node, "the path of '\(id)'", isProject: lever.kind == .project, keys: keys,
        isQuantity: lever.kind == .quantity)
    else { return nil }
    let doubt = doubt(source, node, lever)
    let horizon = catalog.startYear...max(until, catalog.startYear)
    let check = LeverRangeCheck(
      lever, path, ends: doubt?.spread?.ends ?? [], horizon: horizon, baseline: lever.baselinePath.stated)
    for problem in check.problems { source.report(node, "out_of_range", problem) }
    if let amount = path.namedAmounts(horizon).first(where: \.amount.isMultiple)?.amount, lever.baselinePath == .hold(0)
    {
      source.report(
        node, "out_of_range", "\(amount.text) of the baseline of '\(id)' is 0 in every year, whatever the multiple",
        hint: "write an amount in \(lever.unit)")
    }
    checkYears(source, node, path)
    return .init(
      lever: id, path: path, on: on, location: source.location(keyNode), doubt: doubt,
      cost: plannedCost(source, node, lever), isRangeOpen: check.isOpen)
  }

  private func package(_ source: YAMLSource, _ id: String, _ node: Node) -> [String] {
    guard case .mapping(let mapping) = node, let list = mapping["on"] else {
      source.report(
        node, "missing_key", "'\(id)' needs 'on': the sub-indices of the package",
        hint: "for example on: [time_costs, informal_charges]")
      return []
    }
    var result: [String] = []
    guard let items = source.list(list, "on") else { return [] }
    if items.isEmpty { source.report(list, "empty_list", "the package needs at least one sub-index") }
    for item in items {
      guard let name = source.text(item, "a sub-index") else { continue }
      guard let full = shortNames[name] else {
        source.report(
          item, "unknown_id", "there is no sub-index '\(name)'",
          hint: Suggestion.hint(for: name, among: shortNames.keys.sorted()))
        continue
      }
      if result.contains(full) {
        source.report(item, "duplicate_id", "'\(name)' stands twice")
      } else {
        result.append(full)
      }
    }
    return result
  }

  private func path(
    _ source: YAMLSource, _ node: Node, _ what: String, isProject: Bool, keys: [String] = [], isQuantity: Bool = false
  ) -> LeverPath? {
    // Only a quantity has a baseline to be a multiple of, and a value that may be uncertain.
    let amount = { (node: Node, name: String) in
      isQuantity ? central(source, node, name) : source.number(node, name).map { Amount.value($0) }
    }
    let kinds = isProject ? ["start"] : ["hold", "step", "ramp", "pulse", "values"]
    if case .scalar(let scalar) = node, !scalar.string.isEmpty {
      let example = isProject ? "{ start: 2028 }" : "{ hold: \(scalar.string) }"
      source.report(node, "wrong_type", "\(what) must be a mapping, not '\(scalar.string)'", hint: "write \(example)")
      return nil
    }
    guard let entries = source.mapping(node, what, allowed: kinds + keys) else { return nil }
    let paths = entries.filter { kinds.contains($0.key) }
    guard paths.count == 1, let entry = paths.first else {
      let problem = paths.isEmpty ? "needs one of" : "can have only one of"
      source.report(node, "ambiguous_path", "\(what) \(problem): \(kinds.joined(separator: ", "))")
      return nil
    }
    switch entry.key {
    case "hold": return amount(entry.value, "hold").map { .hold($0) }
    case "start": return source.integer(entry.value, "start").map { .start($0) }
    case "step":
      guard let fields = source.fields(entry.value, "step", allowed: ["from", "value"]) else { return nil }
      guard let from = required(source, entry.value, fields, "from", "step").flatMap({ source.integer($0, "from") }),
        let value = required(source, entry.value, fields, "value", "step").flatMap({ amount($0, "value") })
      else { return nil }
      return .step(from: from, value: value)
    case "ramp":
      guard let fields = source.fields(entry.value, "ramp", allowed: ["from", "to", "value"]) else { return nil }
      guard let from = required(source, entry.value, fields, "from", "ramp").flatMap({ source.integer($0, "from") }),
        let to = required(source, entry.value, fields, "to", "ramp").flatMap({ source.integer($0, "to") }),
        let value = required(source, entry.value, fields, "value", "ramp").flatMap({ amount($0, "value") })
      else { return nil }
      guard from <= to else {
        source.report(entry.value, "out_of_range", "a ramp ends no earlier than it starts: from \(from) to \(to)")
        return nil
      }
      return .ramp(from: from, to: to, value: value)
    case "pulse":
      guard let fields = source.fields(entry.value, "pulse", allowed: ["years", "value"]) else { return nil }
      guard
        let list = required(source, entry.value, fields, "years", "pulse"),
        let years = source.integers(list, "years"),
        let value = required(source, entry.value, fields, "value", "pulse").flatMap({ amount($0, "value") })
      else { return nil }
      if case .sequence(let sequence) = list, sequence.isEmpty {
        source.report(list, "empty_list", "a pulse needs at least one year")
      }
      return .pulse(years: years, value: value)
    default:
      guard let list = source.mapping(entry.value, "values") else { return nil }
      if list.isEmpty { source.report(entry.value, "empty_list", "values needs at least one year") }
      var values: [Int: Amount] = [:]
      for item in list {
        guard let year = Int(item.key), (1900...2200).contains(year) else {
          source.report(item.keyNode, "bad_period", "'\(item.key)' is no year")
          continue
        }
        let what = "the value of \(year)"
        values[year] =
          isQuantity ? source.amount(item.value, what) : source.number(item.value, what).map { .value($0) }
      }
      return values.isEmpty ? nil : .values(values)
    }
  }

  private func required(
    _ source: YAMLSource, _ node: Node, _ fields: [String: Node], _ key: String, _ what: String
  ) -> Node? {
    if fields[key] == nil { source.report(node, "missing_key", "\(what) needs '\(key)'") }
    return fields[key]
  }

  private func checkYears(_ source: YAMLSource, _ node: Node, _ path: LeverPath) {
    for year in path.namedYears where year < catalog.startYear || year > until {
      source.report(
        node, "outside_horizon", "the year \(year) is outside the projection \(catalog.startYear) to \(until)",
        hint: year > until ? "extend it with --until \(year)" : nil)
    }
  }

  private func checkOverlap(_ source: YAMLSource, _ choices: [ScenarioDefinition.LeverChoice]) {
    var owner: [String: String] = [:]
    for choice in choices {
      for sub in choice.on {
        if let other = owner[sub] {
          source.report(
            nil, "overlap", "'\(sub)' belongs to two packages, \(other) and \(choice.lever)",
            hint: "keep it in one of them")
        }
        owner[sub] = choice.lever
      }
    }
  }
}
