import TextFiles
import Yams

/// Reads and checks a model folder: every problem of every file is found before anything is reported.
public struct CatalogReader {
  private var indicators: [IndicatorDefinition] = []
  private var levers: [LeverDefinition] = []
  private var links: [LinkDefinition] = []
  private var processes: [ProcessDefinition] = []
  private var systems: [ModelCatalog.SystemDefinition] = []
  private(set) var grades: GradeRules?
  private var area: String?
  private(set) var startYear: Int?
  private var dependence = DependenceDefinition.none
  private var diagnostics: [Diagnostic] = []

  /// Reads `folder`/model/*.yaml in alphabetical order.
  ///
  /// - Throws: ``DiagnosticList`` with every problem found.
  public static func read(_ folder: DataFolder) throws -> ModelCatalog {
    var reader = CatalogReader()
    // What all files share is read first: the default width of priors is part of it.
    let paths = try folder.modelFiles()
    for path in paths.filter({ $0.hasSuffix("/model.yaml") }) + paths.filter({ !$0.hasSuffix("/model.yaml") }) {
      let source = YAMLSource(file: path)
      if let root = source.root(try readFile(path)) {
        if path.hasSuffix("/model.yaml") {
          reader.readCommon(source, root)
        } else {
          reader.readSystem(source, root)
        }
      }
      reader.diagnostics += source.diagnostics
    }
    return try reader.finished(folder)
  }

  private init() {}

  private func finished(_ folder: DataFolder) throws -> ModelCatalog {
    var problems = diagnostics
    if grades == nil || area == nil || startYear == nil {
      problems.append(
        Diagnostic(
          .badData, code: "missing_key", at: SourceLocation(file: folder.path + "/model/model.yaml"),
          "the model folder needs model.yaml with area, start_year and grades"))
    }
    guard problems.isEmpty, let grades, let area, let startYear else { throw DiagnosticList(problems) }
    let catalog = ModelCatalog(
      indicators: indicators, levers: levers, links: links, processes: processes, targets: [], grades: grades,
      area: area,
      startYear: startYear, systems: systems, dependence: dependence)
    let checked = CatalogCheck(catalog).diagnostics
    guard checked.isEmpty else { throw DiagnosticList(checked) }
    return catalog
  }

  // MARK: model.yaml

  private mutating func readCommon(_ source: YAMLSource, _ root: Node) {
    let allowed = ["area", "start_year", "grades", "systems", "correlations"]
    guard let fields = source.fields(root, "model.yaml", allowed: allowed) else { return }
    if let node = fields["correlations"] { dependence = correlations(source, node) ?? .none }
    area = fields["area"].flatMap { source.text($0, "area") }
    startYear = fields["start_year"].flatMap { source.integer($0, "start_year") }
    if let node = fields["systems"], let entries = source.mapping(node, "systems") {
      systems = entries.compactMap { entry in
        source.localized(entry.value, "the system's name").map { .init(id: entry.key, name: $0) }
      }
    }
    guard let node = fields["grades"],
      let parts = source.fields(node, "grades", allowed: ["transfer_factors", "default_half_width"])
    else { return }
    var factors: [Grade: Double] = [:]
    if let node = parts["transfer_factors"],
      let entries = source.mapping(node, "transfer_factors", allowed: Grade.allCases.map(\.rawValue))
    {
      for entry in entries {
        if let grade = Grade(rawValue: entry.key), let factor = source.number(entry.value, "a transfer factor") {
          if factor < 1 {
            source.report(entry.value, "out_of_range", "a transfer factor must be 1 or more, not \(factor)")
          }
          factors[grade] = factor
        }
      }
    }
    let half = parts["default_half_width"].flatMap { source.number($0, "default_half_width") } ?? 0.5
    grades = GradeRules(transferFactors: factors, defaultHalfWidth: half)
  }

  // MARK: system files

  private mutating func readSystem(_ source: YAMLSource, _ root: Node) {
    let allowed = ["system", "indicators", "levers", "links", "processes", "estimates"]
    guard let fields = source.fields(root, "a system file", allowed: allowed) else { return }
    guard let system = fields["system"].flatMap({ source.text($0, "system") }) else {
      source.report(root, "missing_key", "a system file needs the key 'system'")
      return
    }
    if let node = fields["indicators"], let entries = source.mapping(node, "indicators") {
      for entry in entries {
        if let indicator = indicator(source, entry.key, entry.keyNode, entry.value, system) {
          indicators.append(indicator)
        }
      }
    }
    if let node = fields["levers"], let entries = source.mapping(node, "levers") {
      for entry in entries {
        if let lever = lever(source, entry.key, entry.keyNode, entry.value, system) { levers.append(lever) }
      }
    }
    if let node = fields["links"], let list = source.list(node, "links") {
      for item in list { if let link = link(source, item) { links.append(link) } }
    }
    for section in ["processes", "estimates"] {
      if let node = fields[section], let entries = source.mapping(node, section) {
        for entry in entries {
          if let process = process(source, entry.key, entry.keyNode, entry.value) { processes.append(process) }
        }
      }
    }
  }

  private func indicator(
    _ source: YAMLSource, _ id: String, _ keyNode: Node, _ node: Node, _ system: String
  )
    -> IndicatorDefinition?
  {
    let what = "indicator '\(id)'"
    let allowed = [
      "name", "unit", "range", "good", "price_basis", "headline", "baseline", "identity", "process", "display", "note",
      "world",
      "observed",
    ]
    guard let fields = source.fields(node, what, allowed: allowed) else { return nil }
    guard isIdentifier(id) else {
      source.report(keyNode, "bad_id", "'\(id)' is no id: use small letters, digits and _")
      return nil
    }
    let name = fields["name"].flatMap { source.localized($0, "name of \(what)") }
    let unit = fields["unit"].flatMap { source.text($0, "unit of \(what)") }
    let range = fields["range"].flatMap { source.choice($0, "range of \(what)", ValueRange.self) }
    for (key, found) in [("name", name != nil), ("unit", unit != nil), ("range", range != nil)]
    where !found && fields[key] == nil {
      source.report(keyNode, "missing_key", "\(what) needs '\(key)'")
    }
    guard let name, let unit, let range, let origin = indicatorSource(source, what, keyNode, fields) else { return nil }
    return IndicatorDefinition(
      id: id, name: name, system: system, unit: unit, range: range,
      good: fields["good"].flatMap { source.choice($0, "good of \(what)", Direction.self) } ?? .none,
      priceBasis: fields["price_basis"].flatMap { source.choice($0, "price_basis of \(what)", PriceBasis.self) }
        ?? .none,
      headline: flag(source, fields["headline"], "headline of \(what)"), source: origin,
      display: display(source, fields["display"], what, unit),
      note: fields["note"].flatMap { source.localized($0, "note") },
      location: source.location(keyNode))
  }

  private func indicatorSource(
    _ source: YAMLSource, _ what: String, _ keyNode: Node, _ fields: [String: Node]
  )
    -> IndicatorSource?
  {
    let present = ["baseline", "identity", "process"].filter { fields[$0] != nil }
    guard present.count == 1 else {
      source.report(
        keyNode, "ambiguous_source",
        "\(what) needs exactly one of baseline, identity, process; it has \(present.isEmpty ? "none" : present.joined(separator: " and "))"
      )
      return nil
    }
    let isWorld = flag(source, fields["world"], "world of \(what)")
    if let node = fields["process"] { return source.text(node, "process of \(what)").map { .process($0) } }
    if let node = fields["identity"] { return identity(source, node, what).map { .identity($0) } }
    guard let node = fields["baseline"], var specification = series(source, node, what, isWorld) else { return nil }
    if let node = fields["observed"],
      let parts = source.fields(node, "observed of \(what)", allowed: ["indicator", "area"])
    {
      specification.observedIndicator = parts["indicator"].flatMap { source.text($0, "indicator") }
      specification.observedArea = parts["area"].flatMap { source.text($0, "area") }
    }
    return .series(specification)
  }

  private func series(_ source: YAMLSource, _ node: Node, _ what: String, _ isWorld: Bool) -> SeriesSpecification? {
    let allowed = [
      "model", "from", "interventions", "loadings", "plan", "path", "yearly", "doubt", "carry", "stated", "evidence",
      "few", "restart",
    ]
    guard let fields = source.fields(node, "baseline of \(what)", allowed: allowed) else { return nil }
    let model = fields["model"].flatMap { source.text($0, "model") } ?? "combination"
    if model != "combination" && model != "assumption" {
      source.report(
        fields["model"], "unknown_value", "the model '\(model)' is not known; allowed: combination, assumption")
    }
    var specification = SeriesSpecification(
      from: fields["from"].flatMap { source.integer($0, "from") }, interventions: [], loadings: [:], plan: nil,
      assumption: assumption(source, node, fields, what, isAssumed: model == "assumption"), isWorld: isWorld,
      few: fields["few"].flatMap { few(source, $0, what) })
    if let node = fields["interventions"], let list = source.list(node, "interventions") {
      specification.interventions = list.compactMap { intervention(source, $0) }
    }
    if let node = fields["loadings"], let entries = source.mapping(node, "loadings") {
      for entry in entries {
        guard let value = source.number(entry.value, "a loading") else { continue }
        specification.loadings[entry.key] = value
      }
      if specification.loadings.values.reduce(0, { $0 + $1 * $1 }) >= 1 {
        source.report(node, "out_of_range", "the squares of the loadings of \(what) must add up to less than 1")
      }
    }
    if let node = fields["plan"],
      let parts = source.fields(node, "plan", allowed: ["of", "less", "record"]),
      let record = parts["record"].flatMap({ source.fields($0, "record", allowed: ["actual", "plan", "except"]) }),
      let of = parts["of"].flatMap({ source.text($0, "of") }),
      let actual = record["actual"].flatMap({ source.text($0, "actual") }),
      let plan = record["plan"].flatMap({ source.text($0, "plan") })
    {
      specification.plan = PlanSpecification(
        of: of, less: parts["less"].flatMap { source.text($0, "less") }, recordActual: actual, recordPlan: plan,
        exceptYears: record["except"].flatMap { source.integers($0, "except") } ?? [])
    }
    return specification
  }

  private func intervention(_ source: YAMLSource, _ node: Node) -> Intervention? {
    let kinds = ["pulse", "rebound", "level_shift", "mixture"]
    guard let entries = source.mapping(node, "an intervention", allowed: kinds) else { return nil }
    guard entries.count == 1, let entry = entries.first else {
      source.report(node, "wrong_count", "an intervention is exactly one of \(kinds.joined(separator: ", "))")
      return nil
    }
    switch entry.key {
    case "pulse": return source.integers(entry.value, "pulse").map { .pulse(years: $0) }
    case "rebound": return source.integers(entry.value, "rebound").map { .rebound(years: $0) }
    case "level_shift": return source.integer(entry.value, "level_shift").map { .levelShift(year: $0) }
    default:
      guard
        let parts = source.fields(
          entry.value, "mixture", allowed: ["year", "permanent", "fading_share", "fade_years"]),
        let year = parts["year"].flatMap({ source.integer($0, "year") }),
        let permanent = parts["permanent"].flatMap({ source.number($0, "permanent") }),
        let share = parts["fading_share"].flatMap({ source.number($0, "fading_share") }),
        let years = parts["fade_years"].flatMap({ source.integer($0, "fade_years") }), years >= 1
      else {
        source.report(entry.value, "missing_key", "mixture needs year, permanent, fading_share and fade_years")
        return nil
      }
      return .mixture(year: year, permanentProbability: permanent, fadingShare: share, fadeYears: years)
    }
  }

  private func identity(_ source: YAMLSource, _ node: Node, _ what: String) -> IdentitySpecification? {
    let allowed = [
      "sum", "product", "ratio", "scale", "chain", "base_year", "base", "growth", "stock", "distributed_lag",
      "multiplier", "evidence", "grade",
    ]
    guard let fields = source.fields(node, "identity of \(what)", allowed: allowed) else { return nil }
    let scale = fields["scale"].flatMap { source.number($0, "scale") } ?? 1
    if let node = fields["sum"] { return source.texts(node, "sum").map { .sum($0) } }
    if let node = fields["product"] { return source.texts(node, "product").map { .product($0, scale: scale) } }
    if let node = fields["ratio"], let parts = source.texts(node, "ratio") {
      guard parts.count == 2 else {
        source.report(node, "wrong_count", "a ratio has two parts, not \(parts.count)")
        return nil
      }
      return .ratio(parts[0], parts[1], scale: scale)
    }
    if let node = fields["chain"], let growth = source.text(node, "chain"),
      let year = fields["base_year"].flatMap({ source.integer($0, "base_year") })
    {
      return .chain(growth: growth, baseYear: year, base: fields["base"].flatMap { source.number($0, "base") } ?? 1)
    }
    if let node = fields["growth"] { return source.text(node, "growth").map { .growth(of: $0) } }
    if let node = fields["stock"] { return stock(source, node, what).map { .stock($0) } }
    if let node = fields["distributed_lag"], let list = source.list(node, "distributed_lag") {
      let terms = list.compactMap { item -> IdentitySpecification.LagTerm? in
        guard let parts = source.fields(item, "a lag term", allowed: ["of", "weights"]),
          let of = parts["of"].flatMap({ source.text($0, "of") }),
          let weights = parts["weights"].flatMap({ source.numbers($0, "weights") })
        else { return nil }
        checkUnitSum(source, parts["weights"], weights, "the lag weights")
        return .init(of: of, weights: weights)
      }
      guard let multiplier = fields["multiplier"].flatMap({ prior(source, $0, "multiplier") }) else { return nil }
      return .distributedLag(
        terms, multiplier: multiplier, grade: fields["grade"].flatMap { source.choice($0, "grade", Grade.self) } ?? .d,
        evidence: fields["evidence"].flatMap { source.text($0, "evidence") } ?? "")
    }
    source.report(
      node, "missing_key", "identity of \(what) needs sum, product, ratio, chain, growth, stock or distributed_lag")
    return nil
  }

  private func process(_ source: YAMLSource, _ id: String, _ keyNode: Node, _ node: Node) -> ProcessDefinition? {
    guard let entries = source.mapping(node, "process '\(id)'") else { return nil }
    var result = ProcessDefinition(
      id: id, kind: "", numbers: [:], texts: [:], lists: [:], location: source.location(keyNode))
    for entry in entries {
      switch entry.value {
      case .scalar(let scalar):
        result.texts[entry.key] = scalar.string
        guard let number = Double(scalar.string) else { continue }
        if abs(number) < 1e9 {
          result.numbers[entry.key] = number
        } else {
          source.report(entry.value, "out_of_range", "'\(entry.key)' must be a number below 1e9, not \(scalar.string)")
        }
      case .sequence: result.lists[entry.key] = source.texts(entry.value, "'\(entry.key)'")
      default: source.report(entry.value, "wrong_type", "'\(entry.key)' must be a value or a list")
      }
    }
    result.kind = result.texts["kind"] ?? ""
    if result.kind.isEmpty { source.report(keyNode, "missing_key", "process '\(id)' needs 'kind'") }
    return result
  }

  private func display(
    _ source: YAMLSource, _ node: Node?, _ what: String, _ unit: String
  ) -> IndicatorDefinition.Display {
    var display = IndicatorDefinition.Display(
      unit: LocalizedText(vi: unit, en: unit), scale: 1, decimals: 1, inTable: true)
    guard let node,
      let fields = source.fields(node, "display of \(what)", allowed: ["unit", "scale", "decimals", "table"])
    else { return display }
    if let unit = fields["unit"].flatMap({ source.localized($0, "unit") }) { display.unit = unit }
    if let scale = fields["scale"].flatMap({ source.number($0, "scale") }) { display.scale = scale }
    if let decimals = fields["decimals"].flatMap({ source.integer($0, "decimals") }) {
      if (0...6).contains(decimals) {
        display.decimals = decimals
      } else {
        source.report(fields["decimals"], "out_of_range", "decimals of \(what) must lie between 0 and 6")
      }
    }
    if let node = fields["table"] { display.inTable = flag(source, node, "table") }
    return display
  }

  private func flag(_ source: YAMLSource, _ node: Node?, _ what: String) -> Bool {
    guard let node, let text = source.text(node, what) else { return false }
    if ["true", "yes"].contains(text) { return true }
    if !["false", "no"].contains(text) {
      source.report(node, "unknown_value", "\(what) must be true or false, not '\(text)'")
    }
    return false
  }

  func checkUnitSum(_ source: YAMLSource, _ node: Node?, _ values: [Double], _ what: String) {
    if values.isEmpty || abs(values.reduce(0, +) - 1) > 1e-9 || values.contains(where: { $0 < 0 }) {
      source.report(node, "out_of_range", "\(what) must be non-negative and add up to 1")
    }
  }

  private func isIdentifier(_ id: String) -> Bool {
    guard let first = id.utf8.first, first >= 97 && first <= 122 else { return false }
    return id.utf8.allSatisfy { ($0 >= 97 && $0 <= 122) || ($0 >= 48 && $0 <= 57) || $0 == 95 }
  }
}
