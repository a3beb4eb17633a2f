import Scenarios
import TextFiles

/// What an indicator, a lever or an estimate is: definition, history, model, sources and evidence.
public struct ExplainReport {
  let model: CompiledModel
  let evidence: EvidenceTable
  let say: Phrases
  private let width: Int
  private let markdown: Bool

  public init(_ model: CompiledModel, evidence: EvidenceTable, language: Language, markdown: Bool, width: Int) {
    self.model = model
    self.evidence = evidence
    self.width = width
    self.markdown = markdown
    say = Phrases(language)
  }

  /// All ids that can be explained.
  public static func ids(_ model: CompiledModel) -> [String] {
    model.catalog.indicators.map(\.id) + model.catalog.levers.map(\.id) + model.catalog.processes.map(\.id)
  }

  /// The explanation; nil for an unknown id.
  public func text(_ id: String) throws -> String? {
    var layout = ReportLayout(markdown: markdown, width: width)
    if let node = model.nodes.first(where: { $0.id == id }) {
      try indicator(node, &layout)
    } else if let lever = model.catalog.lever(id) {
      try self.lever(lever, &layout)
    } else if let estimate = try ModelCompiler.estimate(id, in: model) {
      self.estimate(id, estimate, &layout)
    } else if model.catalog.processes.contains(where: { $0.id == id }) {
      layout.title(say("Quá trình", "Process") + " [\(id)]")
      layout.bullet(
        say("Cho ra", "Makes") + ": "
          + model.catalog.indicators.filter(isFrom(id)).map(\.id).joined(separator: ", "))
      process(id, &layout)
    } else {
      return nil
    }
    return layout.text
  }

  // MARK: indicators

  private func indicator(_ node: CompiledModel.Node, _ layout: inout ReportLayout) throws {
    let definition = node.definition
    layout.title("\(definition.name[say.language]) [\(definition.id)]")
    var facts = [
      say("Đơn vị", "Unit") + ": \(definition.unit)", say("Khoảng giá trị", "Range") + ": \(definition.range.rawValue)",
      say("Tốt hơn khi", "Better when") + ": \(definition.good.rawValue)",
      say("Giá", "Prices") + ": \(definition.priceBasis.rawValue)",
    ]
    if let note = definition.note { facts.append(note[say.language]) }
    for fact in facts { layout.bullet(fact) }
    modelSection(node, &layout)
    dependence(of: definition.id, &layout)
    links(into: definition.id, &layout)
    history(node, &layout)
  }

  private func modelSection(_ node: CompiledModel.Node, _ layout: inout ReportLayout) {
    layout.heading(say("Mô hình", "Model"))
    switch node.definition.source {
    case .identity(let identity):
      layout.paragraph(describe(identity))
    case .process(let id):
      layout.paragraph(say("Được tính trong quá trình «\(id)».", "Simulated by the process \"\(id)\"."))
      process(id, &layout)
    case .series(let specification):
      guard let baseline = model.seriesBaseline(node.id) else { return }
      if let assumption = specification.assumption {
        layout.paragraph(describe(assumption, node.definition, observations: baseline.usableCount))
        loadings(baseline, &layout)
        return
      }
      layout.paragraph(
        say(
          "Kết hợp \(baseline.memberNames.joined(separator: ", ")) trên thang \(node.definition.range.rawValue); \(baseline.usableCount) quan sát dùng được từ \(baseline.firstUsedYear) đến \(baseline.lastYear).",
          "Combination of \(baseline.memberNames.joined(separator: ", ")) on the \(node.definition.range.rawValue) scale; \(baseline.usableCount) usable observations from \(baseline.firstUsedYear) to \(baseline.lastYear)."
        ))
      if let few = say.fewObservations(node, model) {
        layout.bullet(few)
      } else if specification.few != nil {
        layout.bullet(
          say(
            "Ngoại lệ `few` không còn cần: có \(baseline.supportedCount) số liệu dùng được tốt hơn báo chí.",
            "The exception `few` is no longer needed: \(baseline.supportedCount) usable figures are better than press.")
        )
      }
      for left in baseline.skipped { layout.bullet(say("Bỏ qua", "Left out") + " \(left.name): \(left.reason)") }
      for intervention in specification.interventions { layout.bullet(describe(intervention)) }
      loadings(baseline, &layout)
      if let plan = baseline.plan {
        layout.bullet(
          say(
            "Kế hoạch \(plan.year): \(say.value(plan.planned, node.definition.display)); sai số quá khứ (\(plan.recordYears.map(String.init).joined(separator: ", "))): lệch \(say.numbers.percent(100 * plan.bias)), độ lệch chuẩn \(say.numbers.percent(100 * plan.deviation)).",
            "Plan for \(plan.year): \(say.value(plan.planned, node.definition.display)); past record (\(plan.recordYears.map(String.init).joined(separator: ", "))): bias \(say.numbers.percent(100 * plan.bias)), standard deviation \(say.numbers.percent(100 * plan.deviation))."
          ))
      }
    }
  }

  private func loadings(_ baseline: SeriesBaseline, _ layout: inout ReportLayout) {
    for (driver, loading) in baseline.loadings {
      layout.bullet(
        say("Tương quan giả định với", "Assumed correlation with") + " \(driver): "
          + say.numbers.fixed(loading, decimals: 2) + say(" (mức D)", " (grade D)"))
    }
  }

  private func describe(
    _ assumption: AssumptionSpecification, _ definition: IndicatorDefinition, observations: Int
  ) -> String {
    let points = assumption.path.keys.sorted().map { year in
      "\(year): \(say.value(assumption.path[year] ?? .nan, definition.display))"
    }.joined(separator: "; ")
    let because =
      observations < SeriesBaseline.fewestSupported
      ? say(" vì chỉ có \(observations) số liệu năm", ", because only \(observations) yearly figures are usable") : ""
    let restart =
      assumption.restart.map { restart in
        say(
          " Năm \(restart.year) cách đo thay đổi, chuỗi khởi động lại: chênh lệch giữa \(restart.year - 1) và \(restart.year) là của cách đo, không phải của thực tế.",
          " In \(restart.year) the measure changes and the series starts anew: the difference between \(restart.year - 1) and \(restart.year) is one of measure, not of fact."
        )
      } ?? ""
    return say(
      "Đường đi do người lập kế hoạch nhập (mức D, chỉ dùng cho kịch bản, không có xác suất đạt mục tiêu)\(because): \(points). Căn cứ: \(assumption.evidence).",
      "A planner's own path (grade D, scenario-only, no probability of a target)\(because): \(points). Basis: \(assumption.evidence)."
    ) + restart
  }

  private func describe(_ identity: IdentitySpecification) -> String {
    switch identity {
    case .sum(let ids): return "= " + ids.joined(separator: " + ")
    case .product(let ids, let scale): return "= " + ids.joined(separator: " × ") + " × " + NumberText.shortest(scale)
    case .ratio(let a, let b, let scale):
      return "= \(a) / \(b)" + (scale == 1 ? "" : " × " + NumberText.shortest(scale))
    case .chain(let growth, let year, let base):
      return "= " + NumberText.shortest(base) + " (\(year)) × (1 + \(growth) / 100) ..."
    case .growth(let of): return "= 100 × (\(of) / \(of)[t-1] - 1)"
    case .stock(let stock): return say.stock(stock)
    case .distributedLag(let terms, let multiplier, let grade, let evidence):
      let parts = terms.map { term in
        "\(term.of): "
          + term.weights.enumerated().filter { $0.element != 0 }
          .map { "t-\($0.offset) \(NumberText.shortest($0.element))" }.joined(separator: ", ")
      }
      return "= \(NumberText.shortest(multiplier.central)) × (" + parts.joined(separator: "; ")
        + ") [\(evidence), \(grade.rawValue)]"
    }
  }

  private func describe(_ intervention: Intervention) -> String {
    func list(_ years: [Int]) -> String { years.map(String.init).joined(separator: ", ") }
    switch intervention {
    case .pulse(let years):
      return say("Năm bất thường, không dùng để đo xu hướng: ", "Exceptional years, no evidence of the trend: ")
        + list(years)
    case .rebound(let years):
      return say("Phục hồi, không dùng để đo xu hướng: ", "Rebound, no evidence of the trend: ") + list(years)
    case .levelShift(let year): return say("Bước nhảy mức: ", "Level shift: ") + "\(year)"
    case .mixture(let year, let probability, let share, let years):
      return say(
        "Bước nhảy \(year): lâu dài với xác suất \(say.probability(probability)), nếu không thì \(say.share(share)) mất dần trong \(years) năm",
        "Jump of \(year): permanent with probability \(say.probability(probability)), else \(say.share(share)) of it fades in \(years) years"
      )
    }
  }

  private func links(into id: String, _ layout: inout ReportLayout) {
    let links = model.catalog.links.filter { $0.effect == id }
    guard !links.isEmpty else { return }
    layout.heading(say("Chịu tác động của", "What moves it"))
    for link in links { layout.bullet(describe(link)) }
  }

  func describe(_ link: LinkDefinition) -> String {
    var text = "\(link.cause) → \(link.effect): \(link.form.rawValue), \(link.scope.rawValue), "
    if let estimate = link.estimate {
      text += say("ước lượng", "estimate") + " \(estimate)"
    } else {
      text +=
        "\(NumberText.shortest(link.prior.central)) (\(NumberText.shortest(link.prior.low)) – \(NumberText.shortest(link.prior.high)))"
    }
    text += ", " + say("độ trễ", "lag") + " [" + link.lag.map { NumberText.shortest($0) }.joined(separator: ", ") + "]"
    if link.on == .growth {
      text +=
        ", "
        + say(
          "lên tốc độ thay đổi hằng năm: chênh lệch mức cộng dồn qua các năm",
          "on growth: it adds to the yearly change, so the level's deviation builds up over the years")
    }
    if link.causeAs == .change {
      text +=
        ", "
        + say(
          "theo thay đổi hằng năm của nguyên nhân (gia tốc): hết khi nguyên nhân đứng yên",
          "follows the cause's change on the year before (accelerator): nothing once the cause stays where it is")
    }
    text += ", " + say("mức", "grade") + " \(link.grade.rawValue), \(link.evidence)"
    if let row = evidence.rows[link.evidence] {
      text +=
        ". " + say("Bằng chứng đo: ", "The evidence measured: ")
        + "\(row.cause) → \(row.effect), \(row.unit); \(row.sample)"
      if row.central.isEmpty {
        text +=
          ". "
          + say(
            "Không có con số: giá trị là ước tính của người lập kế hoạch.",
            "It gives no number: the value is a planner's estimate.")
      }
    }
    return text
  }

  private func history(_ node: CompiledModel.Node, _ layout: inout ReportLayout) {
    let observations = node.observations.sorted { $0.key < $1.key }.filter { $0.value.status != .plan }
    guard !observations.isEmpty else {
      var text = say("Không có quan sát năm nào được công bố.", "No yearly observation is published.")
      if case .identity(.stock(let stock)) = node.definition.source, !stock.restarts.isEmpty {
        text = say(
          "Không có số cuối năm nào được công bố; các mức nêu trong mô hình (xem trên) thay cho nó.",
          "No figure for the end of a year is published; the levels stated in the model (above) stand in for it.")
      }
      layout.paragraph(text)
      return
    }
    layout.heading(say("Số liệu", "History"))
    var table = TextTable([
      .text(say("Năm", "Year")), .number(say("Giá trị", "Value")), .text(say("Loại", "Status")),
      .text(say("Biết từ", "Known from"), isOptional: true), .text(say("Nguồn", "Source"), isOptional: true),
    ])
    for (year, observation) in observations {
      let source = evidence.sources[observation.source]
      let title = source.map { $0.title.isEmpty ? $0.url : $0.title } ?? observation.source
      table.addRow([
        "\(year)", NumberText.shortest(observation.value), "\(observation.status.rawValue), \(observation.basis)",
        observation.knownFrom.description, DisplayWidth.truncated(title, to: 60),
      ])
    }
    layout.table(table)
  }

  // MARK: estimates and processes

  private func estimate(_ id: String, _ estimate: PCIEffectEstimate, _ layout: inout ReportLayout) {
    layout.title(
      say("Tác động của PCI đến \(estimate.outcome.vi)", "Effect of the PCI on \(estimate.outcome.en)") + " [\(id)]")
    layout.paragraph(
      say(
        "63 tỉnh, PCI năm trước chuẩn hóa trong năm, hiệu ứng cố định tỉnh và năm, sai số theo cụm tỉnh. \(estimate.years.lowerBound)–\(estimate.years.upperBound). Đơn vị: log của kết quả trên một độ lệch chuẩn PCI (\(say.numbers.fixed(estimate.scoreDeviation, decimals: 1)) điểm). Các mô hình được định trước.",
        "63 provinces, PCI of the year before standardised within the year, province and year effects, errors clustered by province. \(estimate.years.lowerBound)–\(estimate.years.upperBound). Unit: log of the outcome per standard deviation of the PCI (\(say.numbers.fixed(estimate.scoreDeviation, decimals: 1)) points). The specifications were named in advance."
      ))
    var table = TextTable([
      .text(say("Mô hình", "Specification")), .number(say("Hệ số", "Coefficient")),
      .number(say("Sai số chuẩn", "Std. error")),
      .number("p"), .number("N"), .text(say("Lấy bình quân", "Averaged")),
    ])
    for specification in estimate.specifications {
      table.addRow([
        specification.name[say.language], say.numbers.fixed(specification.coefficient, decimals: 3, signed: true),
        say.numbers.fixed(specification.standardError, decimals: 3),
        say.numbers.fixed(specification.pValue, decimals: 3),
        say.numbers.integer(specification.observations),
        specification.isAveraged ? say("có", "yes") : say("không", "no"),
      ])
    }
    layout.table(table)
    layout.bullet(
      say("Bình quân", "Average") + ": \(say.numbers.fixed(estimate.average.average, decimals: 3, signed: true)) ± "
        + say.numbers.fixed(estimate.average.standardDeviation, decimals: 3))
    layout.bullet(
      say("Sau khi co về không", "Shrunk to zero")
        + " (τ = \(say.numbers.fixed(estimate.priorDeviation, decimals: 2))): "
        + say.numbers.fixed(estimate.mean, decimals: 3, signed: true) + " ± "
        + say.numbers.fixed(estimate.deviation, decimals: 3)
        + say(" (mức P)", " (grade P)"))
  }

  private func process(_ id: String, _ layout: inout ReportLayout) {
    if let race = model.process(PCIRace.self),
      race.outputIds.contains(where: { model.catalog.indicator($0).map(isFrom(id)) ?? false })
    {
      let fit = race.fit
      let m = fit.scoreModel
      layout.bullet(
        say(
          "Mô hình không gian trạng thái trên thang logit, lệch so với trung vị cả nước, trọng số \(fit.edition.version), \(fit.scoreFirstYear)–\(fit.lastYear), độ biến động của mỗi năm chung cho mọi tỉnh (thay đổi \(say.numbers.fixed(fit.volatility.disturbance, decimals: 2)) mỗi năm theo logarit): mức riêng của tỉnh (độ lệch chuẩn \(say.numbers.fixed(m.levelVariance.squareRoot(), decimals: 3))), cú sốc bền (φ = \(say.numbers.fixed(m.persistence, decimals: 2)), \(say.numbers.fixed(m.innovationVariance.squareRoot(), decimals: 3))), nhiễu khảo sát (\(say.numbers.fixed(m.noiseVariance.squareRoot(), decimals: 3))).",
          "State-space model on the logit scale, relative to the national median, weights of \(fit.edition.version), \(fit.scoreFirstYear)–\(fit.lastYear), with a turbulence of each year that all provinces share (it changes by \(say.numbers.fixed(fit.volatility.disturbance, decimals: 2)) a year in logarithms): a level of each province (sd \(say.numbers.fixed(m.levelVariance.squareRoot(), decimals: 3))), a persistent shock (φ = \(say.numbers.fixed(m.persistence, decimals: 2)), \(say.numbers.fixed(m.innovationVariance.squareRoot(), decimals: 3))), survey noise (\(say.numbers.fixed(m.noiseVariance.squareRoot(), decimals: 3)))."
        ))
      layout.bullet(
        say(
          "Các năm 2023–2024 chỉ công bố nhóm đầu: điểm không công bố được coi là thấp hơn nhóm đó (quan sát bị chặn).",
          "In 2023–2024 only the top was published: an unpublished score is known to lie below it (censored)."))
    }
    if let projects = model.process(FDIProjects.self),
      projects.outputIds.contains(where: { model.catalog.indicator($0).map(isFrom(id)) ?? false })
    {
      let fit = projects.fit
      layout.bullet(
        say(
          "Số dự án: mức Gamma-Poisson, trung bình \(say.numbers.fixed(fit.level.predictiveMean, decimals: 1)) dự án/năm; biến động năm \(say.share(fit.yearDeviation)).",
          "Counts: Gamma-Poisson level, mean \(say.numbers.fixed(fit.level.predictiveMean, decimals: 1)) projects a year; yearly variation \(say.share(fit.yearDeviation))."
        ))
      layout.bullet(
        say(
          "Quy mô dự án thông thường: log-chuẩn, trung vị \(say.numbers.fixed(median(fit), decimals: 2)) triệu USD, σ = \(say.numbers.fixed(fit.sigma, decimals: 2)), ước lượng từ tổng vốn và số dự án của \(fit.sizeFit.usedCount) tỉnh-năm.",
          "Sizes of ordinary projects: lognormal, median \(say.numbers.fixed(median(fit), decimals: 2)) million USD, σ = \(say.numbers.fixed(fit.sigma, decimals: 2)), from totals and counts of \(fit.sizeFit.usedCount) province-years."
        ))
      layout.bullet(
        say(
          "Dự án rất lớn: \(fit.megaCount) dự án trong \(fit.megaYears) năm có số liệu.",
          "Mega-projects: \(fit.megaCount) in \(fit.megaYears) observed years."))
    }
  }

  private func median(_ fit: FDIProjectsFit) -> Double { fit.medianSize }

  private func isFrom(_ process: String) -> (IndicatorDefinition) -> Bool {
    { definition in
      if case .process(let id) = definition.source { return id == process }
      return false
    }
  }
}
