import NumericKernels
import TextFiles

/// Takes an outcome apart: which unknowns move it, and which would change a decision.
///
/// The inputs are the effect sizes that a scenario sets in motion, sizes, deliveries and uncertain values of its measures,
/// shocks of the outside world, and chance: everything else that is random in the baseline, as one input. Sobol
/// indices come from a pick-and-freeze design (``SaltelliDesign``) over scrambled Sobol points for the inputs and two
/// sheets of ordinary numbers for chance; S of an input is the variance of the conditional mean of the outcome given
/// that input, as a share of the variance.
///
/// The tornado holds one input at a time at its 10th and 90th percentile and takes the mean over everything else, on
/// the same futures. (Others at their medians, as the textbooks have it, would decide by the median whether a project
/// is built at all.)
public struct SensitivityStudy {
  /// The most inputs, and numbers of them, that the design tells apart.
  static let mostInputs = 100
  static let mostNumbers = SobolSequence.maximumDimensions / 2

  private let request: SensitivityRequest
  private let model: CompiledModel
  private let run: DecisionRun
  private let experiment: SensitivityExperiment
  private let merged: [SensitivityInput]

  /// - Throws: ``DiagnosticList`` for scenarios with rules, ``ScenarioError``, ``DecisionError``.
  public static func run(
    _ request: SensitivityRequest, model: CompiledModel, run: DecisionRun
  ) throws -> SensitivityResult {
    let problems = request.scenarios.compactMap(\.severalCoursesProblem)
    guard problems.isEmpty else { throw DiagnosticList(problems) }
    return try SensitivityStudy(request, model, run).result()
  }

  private init(_ request: SensitivityRequest, _ whole: CompiledModel, _ run: DecisionRun) throws {
    self.request = request
    self.run = run
    model = whole.restricted(to: [whole.nodeIndex(request.measure.indicator)].compactMap { $0 })
    let definition = request.scenarios.first
    let scenario = try CompiledScenario(definition, model: model)
    var (kept, merged, numbers) = ([SensitivityInput](), [SensitivityInput](), 0)
    let outcome = model.nodeIndex(request.measure.indicator) ?? 0
    for input in SensitivityInput.all(model, scenario, definition, outcome: outcome) {
      let fits =
        kept.count < SensitivityStudy.mostInputs && numbers + input.numbers.count <= SensitivityStudy.mostNumbers
      if fits {
        kept.append(input)
        numbers += input.numbers.count
      } else {
        merged.append(input)
      }
    }
    self.merged = merged
    experiment = SensitivityExperiment(
      model: model, scenario: scenario, measure: request.measure, inputs: kept, isChange: request.isChange, run: run)
  }

  private var inputs: [SensitivityInput] { experiment.inputs }

  private func result() throws -> SensitivityResult {
    let ordinary = try experiment.outcomes([.init(columns: inputs.map { _ in nil })], rows: run.draws)[0]
    let tornado = request.isQuick ? [] : try arms()
    let (shares, interaction, points) = request.isQuick ? try quick(ordinary) : try sobol()
    return SensitivityResult(
      measure: request.measure, scenario: request.scenarios.first?.id, isChange: request.isChange,
      mean: Reductions.mean(ordinary), deviation: Reductions.standardDeviation(ordinary),
      quantiles: Quantiles.of(ordinary, [0.1, 0.5, 0.9]), inputs: inputs, merged: merged, tornado: tornado,
      shares: shares, interaction: interaction, isQuick: request.isQuick, points: points,
      runs: request.isQuick ? run.draws : points * (inputs.count + 3), information: try information(), draws: run.draws)
  }

  // MARK: tornado

  private func arms() throws -> [SensitivityResult.Arm] {
    let probabilities = request.withSpider ? OneAtATime.spider : OneAtATime.tornado
    let rows = min(request.tornadoDraws, run.draws)
    var blocks: [SensitivityExperiment.Block] = []
    for (place, input) in inputs.enumerated() {
      for probability in probabilities {
        var columns = [[[Double]]?](repeating: nil, count: inputs.count)
        columns[place] = input.uniforms(at: probability).map { [Double](repeating: $0, count: rows) }
        blocks.append(.init(columns: columns))
      }
    }
    let outcomes = try experiment.outcomes(blocks, rows: rows)
    let size = probabilities.count
    return inputs.enumerated().map { place, input in
      let own = outcomes[place * size..<(place + 1) * size].map { $0 }
      let swing = zip(own[size - 1], own[0]).map { $0 - $1 }
      return SensitivityResult.Arm(
        input: input, probabilities: probabilities, means: own.map { Reductions.mean($0) },
        swingError: Reductions.standardDeviation(swing) / Double(max(rows, 1)).squareRoot())
    }.sorted { ($0.range, $1.input.id) > ($1.range, $0.input.id) }
  }

  // MARK: Sobol indices

  private func sobol() throws -> (shares: [SensitivityResult.Share], interaction: Double, points: Int) {
    var points = max(request.points, 2)
    while true {
      let found = try sobol(points)
      let widest = (found.firstOrder + found.total).reduce(0) { max($0, ($1.upper - $1.lower) / 2) }
      if let precision = request.precision, widest > precision, points < SensitivityRequest.mostPoints {
        points *= 2
        continue
      }
      let all = inputs + [.chance]
      let places = SensitivityStudy.places(Array(found.total.prefix(inputs.count)))
      var shares = all.indices.map { place in
        SensitivityResult.Share(
          input: all[place], first: found.firstOrder[place], total: found.total[place],
          places: place < places.count ? places[place] : 1...1)
      }
      let rest = 1 - shares.reduce(0) { $0 + $1.first.value }
      shares.sort { ($0.total?.value ?? 0, $1.input.id) > ($1.total?.value ?? 0, $0.input.id) }
      return (shares, rest, points)
    }
  }

  private func sobol(_ points: Int) throws -> SobolIndices {
    var blocks: [SensitivityExperiment.Block]
    if inputs.isEmpty {
      // Chance alone.
      blocks = [.init(columns: []), .init(columns: [], sheet: 1)]
      let outcomes = try experiment.outcomes(blocks, rows: points)
      return try SobolIndices(base: outcomes[0], alternate: outcomes[1], mixed: [outcomes[1]], seed: run.seed)
    }
    var (groups, first) = ([[Int]](), 0)
    for input in inputs {
      groups.append(Array(first..<first + input.numbers.count))
      first += input.numbers.count
    }
    let design = try SaltelliDesign(inputs: first, groups: groups, count: points, seed: run.seed, id: "sensitivity")
    func block(_ kind: SaltelliDesign.Block, sheet: Int = 0) -> SensitivityExperiment.Block {
      let columns = design.columns(kind)
      return .init(columns: groups.map { group in group.map { columns[$0] } }, sheet: sheet)
    }
    blocks = [block(.base), block(.alternate, sheet: 1)] + groups.indices.map { block(.mixed(group: $0)) }
    blocks.append(block(.base, sheet: 1))
    let outcomes = try experiment.outcomes(blocks, rows: points)
    return try SobolIndices(
      base: outcomes[0], alternate: outcomes[1], mixed: Array(outcomes[2...]), seed: run.seed, id: "sensitivity")
  }

  /// The places that an input may have: those of inputs surely above it do not count, those surely below do not either.
  static func places(_ estimates: [IndexEstimate]) -> [ClosedRange<Int>] {
    estimates.indices.map { i in
      let others = estimates.indices.filter { $0 != i }
      let above = others.count { estimates[$0].lower > estimates[i].upper }
      let notBelow = others.count { estimates[$0].upper >= estimates[i].lower }
      return 1 + above...max(1 + notBelow, 1 + above)
    }
  }

  // MARK: from ordinary draws

  /// First-order indices from the draws as they are; of an input with several numbers the sum over them.
  private func quick(
    _ outcome: [Double]
  ) throws -> (shares: [SensitivityResult.Share], interaction: Double, points: Int) {
    var found: [IndexEstimate] = []
    for input in inputs {
      let estimates = try GivenDataIndices.estimate(
        inputs: input.ownUniforms(seed: run.seed, draws: run.draws), output: outcome, resamples: 100, seed: run.seed,
        id: "sensitivity")
      found.append(IndexEstimate.sum(estimates))
    }
    let places = SensitivityStudy.places(found)
    let shares = inputs.indices.map { place in
      SensitivityResult.Share(input: inputs[place], first: found[place], total: nil, places: places[place])
    }.sorted { ($0.first.value, $1.input.id) > ($1.first.value, $0.input.id) }
    return (shares, 1 - found.reduce(0) { $0 + $1.value }, run.draws)
  }

  // MARK: value of information

  private func information() throws -> SensitivityResult.Information? {
    guard request.scenarios.count >= 2 else { return nil }
    let engine = try EngineRun(
      model, draws: run.draws, seed: run.seed, threads: run.threads, isCancelled: run.isCancelled)
    let sign = model.nodeIndex(request.measure.indicator).map { model.nodes[$0].definition.good.sign } ?? 1
    var (values, unknowns) = ([[Double]](), [SensitivityInput]())
    for definition in request.scenarios {
      let scenario = try CompiledScenario(definition, model: model)
      let draws = request.measure.draws(try engine.evaluate(scenario), model)
      values.append(draws.map { (sign == 0 ? 1 : sign) * $0 })
      let outcome = model.nodeIndex(request.measure.indicator) ?? 0
      for input in SensitivityInput.all(model, scenario, definition, outcome: outcome)
      where !unknowns.contains(where: { $0.id == input.id }) { unknowns.append(input) }
    }
    let value = try ValueOfInformation(values)
    let worths = try unknowns.map { input -> SensitivityResult.Worth in
      let columns = input.ownUniforms(seed: run.seed, draws: run.draws).prefix(10)
      return SensitivityResult.Worth(
        input: input,
        worth: try value.partial(
          columns.map { column in input.kind == .delivery ? column : column.map { VectorMath.normalQuantile($0) } },
          simulations: 60, seed: run.seed, id: input.id))
    }.sorted { ($0.value, $1.input.id) > ($1.value, $0.input.id) }
    return SensitivityResult.Information(
      scenarios: request.scenarios.map(\.id), means: value.means.map { (sign == 0 ? 1 : sign) * $0 },
      choice: value.choice, perfect: value.perfect, worths: worths)
  }
}
