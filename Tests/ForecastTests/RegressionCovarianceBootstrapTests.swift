import Forecast
import NumericKernels
import Testing

@Suite struct RegressionCovarianceBootstrapTests {
  private let stream = RandomStream(seed: 7, id: "wild", purpose: .model)

  @Test func everySignVectorAgreesWithRefittedModels() throws {
    let reference = try CovarianceReference.load()
    let sample = try EstimatorSample(maximumUnit: 6)
    let clusters = Factor(sample.units)
    let plain = try LinearRegression(outcome: sample.outcome, regressors: ["x1", "x2"].map(sample.column))
    let absorbed = try LinearRegression(try sample.panel(["x1", "x2"]), weights: sample.weights)
    for (fit, expected) in [(plain, reference.wild), (absorbed, reference.wildAbsorbedWeighted)] {
      for wanted in expected {
        let boot = try WildClusterBootstrap(
          fit, coefficient: "x1", clusters: clusters, null: wanted.null, stream: stream)
        #expect(boot.isExhaustive && boot.draws == 64 && boot.clusterCount == 6)
        #expect(relativeError(boot.statistic, wanted.t) < 1e-10)
        #expect(boot.pValue == wanted.p, "null \(wanted.null)")
      }
    }
  }

  @Test func theIntervalInvertsTheTest() throws {
    let sample = try EstimatorSample()
    let clusters = Factor(sample.units)
    let fit = try LinearRegression(outcome: sample.outcome, regressors: ["x1", "x2"].map(sample.column))
    for factors in [WildClusterBootstrap.Factors.rademacher, .webb] {
      func run(_ null: Double) throws -> WildClusterBootstrap {
        try WildClusterBootstrap(
          fit, coefficient: "x2", clusters: clusters, null: null, factors: factors, draws: 1999, level: 0.9,
          stream: stream)
      }
      let boot = try run(0)
      let (lower, upper) = (boot.interval.lower, boot.interval.upper)
      #expect(lower < boot.estimate && boot.estimate < upper && !boot.isExhaustive)
      let width = upper - lower
      #expect(try run(lower + 1e-6 * width).pValue >= 0.1 && run(lower - 1e-6 * width).pValue < 0.1)
      #expect(try run(upper - 1e-6 * width).pValue >= 0.1 && run(upper + 1e-6 * width).pValue < 0.1)
      #expect(try run(boot.estimate).pValue == 1)
      // Not far from the interval of the t with G - 1 degrees of freedom.
      let table = try fit.table(.clustered(by: clusters, correction: .groupsAndParameters))
      let t = try table.intervals(level: 0.9)[2]
      #expect(abs(width / (t.upper - t.lower) - 1) < 0.5)
    }
  }

  @Test func rowOrderAndScaleDoNotMatter() throws {
    let sample = try EstimatorSample()
    let order = sample.units.indices.sorted { ($0 * 37) % 97 < ($1 * 37) % 97 }
    func run(_ rows: [Int], scale: Double) throws -> WildClusterBootstrap {
      let fit = try LinearRegression(
        outcome: rows.map { sample.outcome[$0] },
        regressors: ["x1", "x2"].map { name in
          RegressionColumn(name: name, values: rows.map { scale * sample.column(name).values[$0] })
        })
      return try WildClusterBootstrap(
        fit, coefficient: "x2", clusters: Factor(rows.map { sample.units[$0] }), null: -1 / scale, factors: .webb,
        draws: 999, stream: stream)
    }
    let one = try run(Array(sample.units.indices), scale: 1)
    let other = try run(order, scale: 16)
    #expect(one.pValue == other.pValue)
    #expect(relativeError(other.interval.lower * 16, one.interval.lower) < 1e-9)
    #expect(relativeError(other.interval.upper * 16, one.interval.upper) < 1e-9)
  }

  @Test func fewClustersCannotReject() throws {
    let sample = try EstimatorSample(maximumUnit: 4)
    let fit = try LinearRegression(outcome: sample.outcome, regressors: [sample.column("x1")])
    let boot = try WildClusterBootstrap(
      fit, coefficient: "x1", clusters: Factor(sample.units), stream: stream)
    #expect(boot.pValue >= 2.0 / 16 && boot.interval.lower == -.infinity && boot.interval.upper == .infinity)
  }

  @Test func badInputIsRefused() throws {
    let sample = try EstimatorSample()
    let fit = try LinearRegression(outcome: sample.outcome, regressors: [sample.column("x1")])
    let clusters = Factor(sample.units)
    func run(_ name: String, _ clusters: Factor, draws: Int, level: Double) throws {
      _ = try WildClusterBootstrap(
        fit, coefficient: name, clusters: clusters, draws: draws, level: level, stream: stream)
    }
    try run("x1", clusters, draws: 1, level: 0.95)
    #expect(throws: ForecastError.self) { try run("none", clusters, draws: 9, level: 0.95) }
    #expect(throws: ForecastError.self) { try run("x1", Factor([1, 2]), draws: 9, level: 0.95) }
    #expect(throws: ForecastError.self) {
      try run("x1", Factor(sample.units.map { _ in 1 }), draws: 9, level: 0.95)
    }
    #expect(throws: ForecastError.self) { try run("x1", clusters, draws: 0, level: 0.95) }
    #expect(throws: ForecastError.self) { try run("x1", clusters, draws: 9, level: 1) }
  }
}
