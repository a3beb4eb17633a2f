import Forecast
import ReferenceValues
import Testing

@Suite struct ModelsCombinationTests {
  let sample = ModelsPropertyTests.samples[1]

  @Test func equalWeightsAverageTheMembers() throws {
    let combination = try Combination(fitting: sample)
    #expect(combination.members.map(\.name) == ["Random walk", "Random walk with drift", "ETS(A,Ad,N)", "Theta"])
    #expect(combination.members.allSatisfy { $0.weight == 0.25 } && combination.skipped.isEmpty)
    let forecast = try combination.linearForecast(horizon: 3)
    let parts = [
      try RandomWalk(fitting: sample).linearForecast(horizon: 3),
      try RandomWalkWithDrift(fitting: sample).linearForecast(horizon: 3),
      try DampedTrend(fitting: sample).linearForecast(horizon: 3),
      try Theta(fitting: sample).linearForecast(horizon: 3),
    ]
    for h in 0..<3 {
      let means = parts.map { $0.mean[h] }
      let mean = means.reduce(0, +) / 4
      #expect(relativeDistance(forecast.mean[h], mean) < 1e-14)
      #expect(
        relativeDistance(forecast.shockResponses[h], parts.map { $0.shockResponses[h] }.reduce(0, +) / 4) < 1e-14)
      let own = parts.map { $0.parameterDeviations[h] }.reduce(0, +) / 4
      let disagreement = means.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 4
      #expect(relativeDistance(forecast.parameterDeviations[h], (own * own + disagreement).squareRoot()) < 1e-12)
    }
    let deviation = forecast.shockResponses[0]
    #expect(relativeDistance(combination.innovationVariance, deviation * deviation) < 1e-14)
  }

  @Test func residualsAreTheWeightedMembers() throws {
    let combination = try Combination(
      fitting: sample, models: [RandomWalk.self, SimpleExponentialSmoothing.self], weights: [3, 1])
    let (a, b) = (try RandomWalk(fitting: sample).residuals, try SimpleExponentialSmoothing(fitting: sample).residuals)
    #expect(combination.residuals[0].isNaN)
    #expect(
      largestDistance(
        Array(combination.residuals[1...]), zip(a, b).dropFirst().map { 0.75 * $0 + 0.25 * $1 }, floor: 1) < 1e-14)
  }

  @Test func shortSeriesLoseMembersAndSaySo() throws {
    let two = try Combination(fitting: [5, 6])
    #expect(two.members.map(\.name) == [RandomWalk.name])
    #expect(two.skipped.map(\.name) == [DampedTrend.name, RandomWalkWithDrift.name, "ETS(A,N,N)", Theta.name])
    #expect(two.skipped[1].reason == "Random walk with drift needs at least 3 observations, found 2")
    #expect(try two.linearForecast(horizon: 2) == RandomWalk(fitting: [5, 6]).linearForecast(horizon: 2))
    let seven = try Combination(fitting: Array(sample.prefix(7)))
    #expect(
      seven.members.map(\.name) == [
        RandomWalk.name, RandomWalkWithDrift.name, SimpleExponentialSmoothing.name, Theta.name,
      ])
    #expect(seven.skipped.count == 1 && seven.skipped[0].reason.contains("needs at least 8"))
    #expect(throws: ForecastError.tooFewObservations(model: Combination.name, needed: 2, found: 1)) {
      try Combination(fitting: [5, .nan])
    }
  }

  @Test func unusableWeightsAreRefused() {
    for weights in [[], [1], [1, -1], [.nan, 1], [0, 0]] as [[Double]] {
      #expect(throws: ForecastError.self, "\(weights)") {
        try Combination(fitting: sample, models: [RandomWalk.self, Theta.self], weights: weights)
      }
    }
    #expect(throws: ForecastError.self) { try Combination(fitting: sample, models: []) }
  }

  /// A model whose forecast explodes at once.
  private struct Explosive: LinearForecastModel {
    static let name = "explosive"
    let last: Double
    init(fitting series: [Double]) throws(ForecastError) { last = series.last ?? 0 }
    func refitted(to series: [Double]) throws(ForecastError) -> Explosive { self }
    var residuals: [Double] { [] }
    var innovationVariance: Double { 1 }
    func linearForecast(horizon: Int) throws(ForecastError) -> LinearForecast {
      LinearForecast(
        mean: (0..<horizon).map { $0 == 0 ? last : $0 == 1 ? 1e9 : .infinity },
        shockResponses: Array(repeating: 1, count: horizon), parameterDeviations: Array(repeating: 0, count: horizon))
    }
  }

  @Test func anExplosiveMemberIsLeftOutOfTheForecast() throws {
    let combination = try Combination(fitting: sample, models: [RandomWalk.self, Explosive.self])
    #expect(try combination.members(usableTo: 1).left.isEmpty)
    let two = try combination.members(usableTo: 2)
    #expect(two.used.map(\.name) == [RandomWalk.name])
    #expect(two.left.map(\.reason) == ["its mean leaves the range of the data at step 2"])
    #expect(try combination.members(usableTo: 3).left.map(\.reason) == ["its forecast is not finite"])
    #expect(try combination.linearForecast(horizon: 2) == RandomWalk(fitting: sample).linearForecast(horizon: 2))
    let alone = try Combination(fitting: sample, models: [Explosive.self])
    #expect(throws: ForecastError.self) { try alone.linearForecast(horizon: 2) }
  }

  /// The drift of the sample itself is never taken for an explosion, however far ahead.
  @Test func aTrendStaysInside() throws {
    let combination = try Combination(fitting: (1...10).map { Double($0 * $0) })
    #expect(try combination.members(usableTo: 200).left.isEmpty)
  }

  @Test func combiningRefusesWhatDoesNotFit() {
    let one = LinearForecast(mean: [1], shockResponses: [1], parameterDeviations: [0])
    let two = LinearForecast(mean: [1, 2], shockResponses: [1, 1], parameterDeviations: [0, 0])
    #expect(LinearForecast.combined([], weights: []) == nil)
    #expect(LinearForecast.combined([one, two], weights: [1, 1]) == nil)
    #expect(LinearForecast.combined([one], weights: [0]) == nil)
    #expect(LinearForecast.combined([one], weights: [1, 1]) == nil)
    #expect(LinearForecast.combined([one, one], weights: [1, 3]) == one)
  }

  @Test func disagreementWithinHugeAndTinyMeans() throws {
    for scale in [1e300, 1e-300] {
      let members = [-1.0, 1].map { LinearForecast(mean: [$0 * scale], shockResponses: [0], parameterDeviations: [0]) }
      let combined = try #require(LinearForecast.combined(members, weights: [1, 1]))
      #expect(combined.mean == [0] && relativeDistance(combined.parameterDeviations[0], scale) < 1e-14)
    }
  }

  @Test func weightsFromErrors() {
    #expect(CombinationWeights.fromErrors([1, 1, 1, 1], origins: 10) == [0.25, 0.25, 0.25, 0.25])
    #expect(CombinationWeights.fromErrors([1, 2], origins: 0) == [0.5, 0.5])
    // Half evidence: ratios to the fourth power 1 and 1/16.
    let weights = CombinationWeights.fromErrors([1, 2], origins: 20)
    #expect(largestDistance(weights, [0.5 * 16 / 17 + 0.25, 0.5 / 17 + 0.25]) < 1e-14)
    let failed = CombinationWeights.fromErrors([1, .nan], origins: 20)
    #expect(largestDistance(failed, [0.75, 0.25]) < 1e-14)
    #expect(CombinationWeights.fromErrors([0, 0], origins: 20) == [0.5, 0.5])
    #expect(CombinationWeights.fromErrors([.nan, .infinity], origins: 20) == [0.5, 0.5])
    #expect(CombinationWeights.fromErrors([], origins: 20).isEmpty)
  }
}
