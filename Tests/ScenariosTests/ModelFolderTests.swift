import Foundation
import Scenarios
import Testing
import TextFiles

/// The shipped model folder: every number has a source or a label, every entry has what a reader needs.
@Suite struct ModelFolderTests {
  private let shipped: ShippedModel

  init() throws { shipped = try ShippedModel.get() }

  // MARK: the files as text

  /// An indicator, lever, link or process as it stands in a file, with the comments above it.
  private struct Entry: CustomStringConvertible {
    var file: String
    var section: String
    var line: Int
    var comments: [String]
    var lines: [String]
    var text: String { lines.joined(separator: "\n") }
    var description: String { "\(file):\(line)" }
    func has(_ key: String) -> Bool {
      lines.contains { line in
        line.split(whereSeparator: { " {,-".contains($0) }).contains { $0 == key + ":" || $0.hasPrefix(key + ":") }
      }
    }
  }

  private static func files() throws -> [(name: String, text: String)] {
    let folder = shippedPath + "/model"
    return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }.sorted().map {
      ($0, try String(contentsOfFile: folder + "/" + $0, encoding: .utf8))
    }
  }

  private static func entries() throws -> [Entry] {
    var result: [Entry] = []
    for (name, text) in try files() where name != "model.yaml" {
      var section = ""
      var comments: [String] = []
      var current: Entry?
      func close() {
        if let current { result.append(current) }
        current = nil
      }
      for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).enumerated()
      {
        if let match = line.prefixMatch(of: /([a-z_]+):/) {
          close()
          section = String(match.1)
          comments = []
        } else if line.hasPrefix("  #") {
          close()
          comments.append(line)
        } else if line.prefixMatch(of: /[ ]{2}(- |[a-z0-9_]+:)/) != nil {
          close()
          current = Entry(file: name, section: section, line: number + 1, comments: comments, lines: [line])
          comments = []
        } else {
          current?.lines.append(line)
        }
      }
      close()
    }
    return result
  }

  @Test func theScanFindsEveryEntry() throws {
    let entries = try Self.entries()
    func count(_ section: String) -> Int { entries.count { $0.section == section } }
    #expect(count("indicators") == shipped.catalog.indicators.count)
    #expect(count("levers") == shipped.catalog.levers.count)
    #expect(count("links") == shipped.catalog.links.count)
    #expect(count("processes") + count("estimates") == shipped.catalog.processes.count)
  }

  /// A number stands beside evidence, a grade or a comment; years, unit factors and the way a value is shown need none.
  @Test func everyNumberHasASourceOrALabel() throws {
    let heads = Dictionary(
      uniqueKeysWithValues: try Self.files().map { file in
        (file.name, file.text.split(separator: "\n").prefix { $0.hasPrefix("#") || $0.hasPrefix("system:") }.joined())
      })
    for entry in try Self.entries() {
      var body = entry.text.replacing(/"[^"]*"/, with: "").replacing(/#[^\n]*/, with: "")
      body = body.replacing(/display: \{[^\n]*/, with: "").replacing(/(^|\n)  [a-z0-9_]+:/, with: "")
      body = body.replacing(/[a-z_]+[0-9][a-z0-9_]*/, with: "").replacing(/score 0-10+/, with: "")
      body = body.replacing(
        /(from|to|base_year|stated|pulse|rebound|level_shift|except|scale): *(\[[^\]]*\]|[0-9.\-]+)/, with: "")
      // Loadings on world drivers are labelled once for a file.
      if heads[entry.file]?.contains("loadings") == true { body = body.replacing(/loadings: \{[^}]*\}/, with: "") }
      guard body.contains(/[0-9]/) else { continue }
      let isLabelled =
        entry.has("evidence") || entry.has("grade") || entry.text.contains("#") || !entry.comments.isEmpty
      #expect(isLabelled, "\(entry): a number without a source or a label")
    }
  }

  @Test func nothingIsLeftToADefault() throws {
    for entry in try Self.entries() {
      let keys: [String]
      switch entry.section {
      case "indicators": keys = ["name", "unit", "range", "good"]
      case "levers":
        keys =
          ["name", "owner", "kind", "unit", "range", "cost", "grade", "evidence"]
          + (entry.text.contains("kind: project") ? ["size", "delivery"] : ["baseline_path"])
      case "links": keys = ["cause", "effect", "form", "scope", "lag", "carry_over", "grade", "evidence"]
      default: keys = ["kind"]
      }
      for key in keys { #expect(entry.has(key), "\(entry) lacks \(key)") }
    }
  }

  // MARK: what was read

  @Test func everyIndicatorSaysWhatItIs() {
    for indicator in shipped.catalog.indicators {
      #expect(!indicator.name.vi.isEmpty && !indicator.name.en.isEmpty && !indicator.unit.isEmpty, "\(indicator.id)")
      #expect(!indicator.display.unit.vi.isEmpty && !indicator.display.unit.en.isEmpty, "\(indicator.id)")
      // Amounts of money name their prices; counts, shares and scores have none.
      let isMoney = indicator.unit.contains("vnd") || indicator.unit.contains("usd")
      #expect(isMoney == (indicator.priceBasis != .none) || indicator.unit == "percent", "\(indicator.id): price basis")
      if indicator.headline { #expect(indicator.good != .none, "\(indicator.id): a headline without a direction") }
    }
  }

  /// Published grades name a row of the evidence; P an estimate of the panel; everything else says D.
  @Test func everyLinkNamesItsEvidence() throws {
    let table = try CSVTable.read(
      path: shippedPath + "/evidence/lever_evidence.csv", requiredColumns: ["id", "quality"])
    let known = Set(table.compactMap { $0.optionalString("id") })
    for link in shipped.catalog.links {
      let ids = link.evidence.matches(of: /[A-Z]{3}-[0-9]{2}/).map { String($0.output) }
      #expect(Set(ids).isSubset(of: known), "\(link.cause) -> \(link.effect)")
      switch link.grade {
      case .a, .b, .c:
        #expect(!ids.isEmpty || link.evidence.hasPrefix("definition"), "\(link.cause) -> \(link.effect)")
      case .p: #expect(link.estimate != nil || link.evidence.contains("panel"), "\(link.cause) -> \(link.effect)")
      case .d: #expect(link.evidence.count > 5, "\(link.cause) -> \(link.effect)")
      }
      #expect(abs(link.lag.reduce(0, +) - 1) < 1e-9)
    }
  }

  /// No pair has two links, and no total effect has a second way through links and identities.
  @Test func noPairIsBothTotalAndStructural() throws {
    let catalog = shipped.catalog
    #expect(Set(catalog.links.map { [$0.cause, $0.effect] }).count == catalog.links.count)
    let next = Self.edges(catalog)
    for link in catalog.links where link.scope == .total {
      for first in next[link.cause, default: []] where first != link.effect {
        #expect(!Self.reachable(from: first, next).contains(link.effect), "\(link.cause) -> \(link.effect) by \(first)")
      }
    }
    // And the reader refuses one that is.
    let folder = try ModelFolder.copyOfShipped()
    try folder.append(
      "model/tourism.yaml", after: "links:\n",
      "  - { cause: promotion_budget, effect: tourism_spend_per_visit, form: elasticity, scope: total, prior: { central: 0.1 }, lag: [1], carry_over: none, valid: [0.5x, 2x], grade: D, evidence: guess }\n  - { cause: tourism_arrivals_international, effect: tourism_spend_per_visit, form: elasticity, scope: structural, prior: { central: 0.1 }, lag: [1], carry_over: none, grade: D, evidence: guess }\n"
    )
    #expect(codes { _ = try folder.catalog() } == ["double_effect"])
  }

  private static func edges(_ catalog: ModelCatalog) -> [String: Set<String>] {
    var next: [String: Set<String>] = [:]
    for link in catalog.links { next[link.cause, default: []].insert(link.effect) }
    for indicator in catalog.indicators {
      if case .identity(let identity) = indicator.source {
        for input in identity.inputs { next[input, default: []].insert(indicator.id) }
      }
    }
    // The scores of sub-indices make the score; counts make the capital.
    for process in catalog.processes {
      for sub in process.lists["sub_indices"] ?? [] {
        next[sub, default: []].formUnion(["score", "gap", "rank", "percentile"].compactMap { process.texts[$0] })
      }
      if let projects = process.texts["projects"], let ordinary = process.texts["ordinary"] {
        next[projects, default: []].insert(ordinary)
      }
    }
    return next
  }

  private static func reachable(from start: String, _ next: [String: Set<String>]) -> Set<String> {
    var (open, seen) = ([start], Set([start]))
    while let node = open.popLast() {
      for following in next[node, default: []] where seen.insert(following).inserted { open.append(following) }
    }
    return seen
  }

  // MARK: systems

  /// DESIGN section 5: indicators, levers, a baseline, targets or "no official target", and a scenario.
  @Test func everySystemIsComplete() throws {
    let catalog = shipped.catalog
    let overview = try TargetOverview(
      EngineRun(shipped.model, draws: 20, seed: 1, threads: 1), folder: DataFolder(path: shippedPath))
    let scenarios = try ScenarioReader(catalog: catalog, until: 2030).read(
      DataFolder(path: shippedPath).scenarioFiles())
    for system in catalog.systems where system.id != "world" {
      let indicators = catalog.indicators.filter { $0.system == system.id }
      let levers = Set(catalog.levers.filter { $0.system == system.id }.map(\.id))
      #expect(!indicators.isEmpty && !levers.isEmpty, "\(system.id)")
      #expect(indicators.allSatisfy { shipped.model.nodeIndex($0.id) != nil }, "\(system.id) lacks a baseline")
      let hasTarget = indicators.contains { indicator in catalog.targets.contains { $0.indicator == indicator.id } }
      #expect(hasTarget != overview.systemsWithout.contains(system.id), "\(system.id)")
      #expect(scenarios.contains { $0.levers.contains { levers.contains($0.lever) } }, "\(system.id) has no scenario")
    }
    #expect(shipped.model.excluded.isEmpty)
  }

  // MARK: chains (MODEL 1.5)

  /// A chain whose ends have a reduced-form estimate lies inside its interval, or there is no chain at all.
  @Test func chainsStayInsideTheirReducedForms() throws {
    let table = try CSVTable.read(
      path: shippedPath + "/evidence/reduced_forms.csv",
      requiredColumns: ["id", "cause", "effect", "decision", "evidence", "grade", "reason"],
      optionalColumns: ["low", "high", "lever", "lever_value"])
    let next = Self.edges(shipped.catalog)
    var chains = 0
    for row in table {
      let (id, cause, effect) = (try row.string("id"), try row.string("cause"), try row.string("effect"))
      #expect(try !row.string("reason").isEmpty && Grade(rawValue: row.string("grade")) != nil, "\(id)")
      guard try row.string("decision") == "chain" else {
        #expect(try row.string("decision") == "zero", "\(id)")
        let links = shipped.catalog.links.filter { $0.cause == cause && $0.effect == effect }
        #expect(links.allSatisfy { $0.estimate == nil && $0.prior.central == 0 }, "\(id) is not at zero")
        #expect(!Self.reachable(from: cause, next).contains(effect), "\(id): there is a chain")
        continue
      }
      chains += 1
      #expect(Self.reachable(from: cause, next).contains(effect), "\(id): no chain, so nothing to test")
      let (low, high) = (try row.double("low"), try row.double("high"))
      let size = try chain(row, cause: cause, effect: effect)
      #expect(low < size && size < high, "\(id): \(size)")
    }
    #expect(chains == 2 && table.count >= 8)
  }

  /// Change of the effect per unit (or percent) of the cause in the last year, means over the draws.
  private func chain(_ row: CSVRow, cause: String, effect: String) throws -> Double {
    let lever = try row.string("lever")
    let value = try row.string("lever_value")
    let isPackage = shipped.catalog.lever(lever)?.kind == .ambition
    let text = isPackage ? "{ hold: \(value), on: [time_costs, informal_charges, land_access] }" : "{ hold: \(value) }"
    let ids = shipped.catalog.indicator(cause) == nil ? [effect] : [cause, effect]
    let base = try shipped.values(ids)
    let changed = try shipped.values(ids, under: shipped.scenario("levers: { \(lever): \(text) }"))
    let last = shipped.model.grid.count - 1
    func level(_ values: [String: [[Double]]], _ id: String) -> Double { mean(values[id]?[last] ?? []) }
    // A lever in multiples of its baseline is its own cause, in percent; a growth rate changes in points, a level in percent.
    let multiple = Double(value.replacingOccurrences(of: "x", with: "")) ?? .nan
    let moved = ids.count == 1 ? 100 * (multiple - 1) : level(changed, cause) - level(base, cause)
    let difference = level(changed, effect) - level(base, effect)
    let isLevel = shipped.catalog.indicator(effect)?.range == .positive
    return (isLevel ? 100 * difference / level(base, effect) : difference) / moved
  }
}
