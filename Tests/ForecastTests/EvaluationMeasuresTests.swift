import Forecast
import NumericKernels
import ReferenceValues
import Testing

/// Against the benchmark's scoring program and scipy: `Tests/Fixtures/accuracy.json`.
@Suite struct EvaluationMeasuresTests {
  let root: ReferenceTree.Node

  init() throws { root = try ReferenceTree("accuracy").root }

  private func accuracy(_ one: ReferenceTree.Node, season: Int, factor: Double = 1) -> SeriesAccuracy {
    func numbers(_ key: String) -> [Double] { one[key].numbers.map { $0 * factor } }
    return SeriesAccuracy(
      actuals: numbers("test"), mean: numbers("mean"),
      intervals: [
        .init(level: 0.8, lower: numbers("lo80"), upper: numbers("hi80")),
        .init(level: 0.95, lower: numbers("lo95"), upper: numbers("hi95")),
      ], training: numbers("train"), seasonalPeriod: season, naive2: numbers("naive2"))
  }

  @Test func thirtySeriesScoreAsInTheBenchmark() throws {
    var compared = 0
    for set in root["sets"].list {
      let season = Int(try #require(set["season"].number))
      var all: [SeriesAccuracy] = []
      for one in set["series"].list {
        let ours = accuracy(one, season: season)
        all.append(ours)
        for (key, value) in [
          ("smape", ours.smape), ("mase", ours.mase ?? .nan), ("cov80", ours.intervals[0].coverage),
          ("cov95", ours.intervals[1].coverage), ("msis80", ours.intervals[0].msis ?? .nan),
          ("msis95", ours.intervals[1].msis ?? .nan), ("smape_n2", ours.naive2Smape ?? .nan),
          ("mase_n2", ours.naive2Mase ?? .nan),
        ] {
          let expected = try #require(one["per_" + key].number)
          #expect(relativeDistance(value, expected) < 1e-12, "\(one["id"].text) \(key)")
          compared += 1
        }
      }
      let whole = SetAccuracy(all)
      for (key, value) in [
        ("smape", whole.smape), ("mase", whole.mase), ("owa", whole.owa ?? .nan),
        ("cov80", whole.intervals[0].coverage), ("cov95", whole.intervals[1].coverage),
        ("msis80", whole.intervals[0].msis ?? .nan), ("msis", whole.intervals[1].msis ?? .nan),
        ("n_series", Double(whole.series)), ("n_scale0", Double(whole.unscaled)),
      ] {
        let expected = try #require(set["result"][key].number)
        #expect(relativeDistance(value, expected) < 1e-12, "\(set["name"].text) \(key)")
      }
    }
    #expect(compared == 30 * 8)
  }

  @Test(arguments: [1e6, 1e-6, 1e290, 1e-290])
  func rescalingChangesNoRelativeMeasure(factor: Double) throws {
    for set in root["sets"].list {
      let season = Int(try #require(set["season"].number))
      for one in set["series"].list {
        let (plain, scaled) = (accuracy(one, season: season), accuracy(one, season: season, factor: factor))
        #expect(relativeDistance(plain.smape, scaled.smape) < 1e-9)
        #expect(relativeDistance(plain.mase ?? .nan, scaled.mase ?? .nan) < 1e-9)
        #expect(relativeDistance(plain.rmsse ?? .nan, scaled.rmsse ?? .nan) < 1e-9)
        #expect(relativeDistance(plain.intervals[1].msis ?? .nan, scaled.intervals[1].msis ?? .nan) < 1e-9)
        #expect(relativeDistance(plain.rootMeanSquaredError * factor, scaled.rootMeanSquaredError) < 1e-9)
        #expect(relativeDistance(plain.meanError * factor, scaled.meanError) < 1e-9)
      }
    }
  }

  @Test func knownAnswers() throws {
    let (y, f) = ([1.0, 2, .nan, 4], [2.0, 2, 9, 1])
    #expect(AccuracyMeasures.meanAbsoluteError(y, f) == 4.0 / 3)
    #expect(AccuracyMeasures.meanError(y, f) == 2.0 / 3)
    #expect(relativeDistance(AccuracyMeasures.rootMeanSquaredError(y, f), (10.0 / 3).squareRoot()) < 1e-15)
    let mape = try #require(AccuracyMeasures.meanAbsolutePercentageError(y, f))
    #expect(relativeDistance(mape, 175.0 / 3) < 1e-15)
    let smape = AccuracyMeasures.symmetricMeanAbsolutePercentageError(y, f)
    #expect(relativeDistance(smape, (200.0 / 3 + 120) / 3) < 1e-15)
    #expect(AccuracyMeasures.symmetricMeanAbsolutePercentageError([0, 0], [0, 5]) == 100)
    #expect(AccuracyMeasures.symmetricMeanAbsolutePercentageError([1.5e308], [-1.5e308]) == 200)
    #expect(AccuracyMeasures.meanAbsolutePercentageError([0, 1], [1, 1]) == nil)
    let training = [1.0, 2, 4, .nan, 5, 9]
    #expect(AccuracyMeasures.seasonalScale(of: training, seasonalPeriod: 1) == 7.0 / 3)
    #expect(AccuracyMeasures.seasonalScale(of: training, seasonalPeriod: 2) == 2)
    #expect(AccuracyMeasures.seasonalScale(of: training, seasonalPeriod: 9).isNaN)
    #expect(AccuracyMeasures.meanAbsoluteScaledError(y, f, training: training) == 4.0 / 7)
    let rmsse = try #require(AccuracyMeasures.rootMeanSquaredScaledError(y, f, training: training))
    #expect(relativeDistance(rmsse, (10.0 / 21).squareRoot()) < 1e-15)
    #expect(AccuracyMeasures.meanAbsoluteScaledError(y, f, training: [3, 3, 3]) == nil)
    #expect(AccuracyMeasures.intervalScore(actual: 5, lower: 1, upper: 3, level: 0.5) == 2 + 4 * 2)
    #expect(AccuracyMeasures.intervalScore(actual: 0, lower: 1, upper: 3, level: 0.5) == 2 + 4)
    #expect(AccuracyMeasures.intervalScore(actual: 1, lower: 1, upper: 3, level: 0.9) == 2)
    #expect(AccuracyMeasures.intervalScore(actual: 1, lower: .nan, upper: 3, level: 0.9).isNaN)
    #expect(AccuracyMeasures.coverage(y, lower: [1, 3, 0, 0], upper: [1, 4, 0, 9]) == 2.0 / 3)
    #expect(AccuracyMeasures.pinballLoss(actual: 3, quantile: 1, probability: 0.25) == 0.5)
    #expect(AccuracyMeasures.pinballLoss(actual: 1, quantile: 3, probability: 0.25) == 1.5)
    #expect(AccuracyMeasures.meanPinballLoss([3, 1], quantiles: [1, 3], probability: 0.25) == 1)
  }

  /// A failed forecast must not pass for a good one, and nothing to compare gives no number.
  @Test func notANumberIsNotHidden() {
    #expect(AccuracyMeasures.meanAbsoluteError([1, 2], [1, .nan]).isNaN)
    #expect(AccuracyMeasures.symmetricMeanAbsolutePercentageError([1, 2], [1, .nan]).isNaN)
    #expect(AccuracyMeasures.rootMeanSquaredError([1, 2], [1, .infinity]).isFinite == false)
    #expect(AccuracyMeasures.meanAbsoluteError([.nan], [1]).isNaN && AccuracyMeasures.meanError([], []).isNaN)
    #expect(AccuracyMeasures.coverage([1], lower: [.nan], upper: [2]) == 0)
  }

  @Test func seriesWithoutScaleAreCounted() {
    let flat = SeriesAccuracy(
      actuals: [2, 2], mean: [1, 2], training: [1, 1, 1], seasonalPeriod: 1, naive2: [1, 1])
    let moving = SeriesAccuracy(
      actuals: [4, .nan], mean: [2, 2], training: [1, 2, 4], seasonalPeriod: 1, naive2: [3, 3])
    let empty = SeriesAccuracy(actuals: [.nan], mean: [1], training: [1, 2], seasonalPeriod: 1)
    let all = SetAccuracy([flat, moving, empty])
    #expect(all.series == 2 && all.points == 3 && all.unscaled == 1)
    #expect(flat.mase == nil && all.mase == 2 / 1.5)
    #expect(relativeDistance(all.smape, (200.0 / 3 + 0 + 400.0 / 6) / 3) < 1e-15)
    let naive2 = (400.0 / 3 + 200.0 / 7) / 3
    #expect(relativeDistance(all.owa ?? .nan, 0.5 * (all.smape / naive2 + 2)) < 1e-14)
  }

  @Test func gaussianScores() throws {
    for one in root["crps"].list {
      let (y, mean, sd) = (
        try #require(one["y"].number), try #require(one["mean"].number), try #require(one["sd"].number)
      )
      let ours = DistributionScores.gaussianCRPS(actual: y, mean: mean, deviation: sd)
      #expect(relativeDistance(ours, try #require(one["closed"].number)) < 1e-12)
      #expect(relativeDistance(ours, try #require(one["integral"].number)) < 1e-10)
      let pit = DistributionScores.gaussianPIT(actual: y, mean: mean, deviation: sd)
      #expect(relativeDistance(pit, try #require(one["pit"].number)) < 1e-12)
    }
    #expect(root["crps"].list.count == 6)
    #expect(DistributionScores.gaussianCRPS(actual: 3, mean: 1, deviation: 0) == 2)
    #expect(DistributionScores.gaussianCRPS(actual: 3, mean: 1, deviation: .infinity) == .infinity)
    #expect(DistributionScores.gaussianCRPS(actual: 3, mean: 1, deviation: -1).isNaN)
    #expect(DistributionScores.gaussianCRPS(actual: .nan, mean: 1, deviation: 1).isNaN)
    let far = DistributionScores.gaussianCRPS(actual: 1e300, mean: 0, deviation: 1e-20)
    #expect(relativeDistance(far, 1e300) < 1e-15)
    let (inside, outside) = (
      DistributionScores.gaussianCRPS(actual: 39.999999, mean: 0, deviation: 1),
      DistributionScores.gaussianCRPS(actual: 40.000001, mean: 0, deviation: 1)
    )
    #expect(relativeDistance(outside - inside, 2e-6) < 1e-6)
    #expect(DistributionScores.gaussianPIT(actual: 1, mean: 1, deviation: 0) == 0.5)
    #expect(DistributionScores.gaussianPIT(actual: 2, mean: 1, deviation: 0) == 1)
    #expect(DistributionScores.gaussianPIT(actual: 0, mean: 1, deviation: 0) == 0)
  }

  @Test func sampleScores() throws {
    for one in root["samples"].list {
      let (y, draws) = (try #require(one["y"].number), one["draws"].numbers)
      let ordinary = DistributionScores.sampleCRPS(actual: y, draws: draws, fair: false)
      #expect(relativeDistance(ordinary, try #require(one["ordinary"].number)) < 1e-12)
      let fair = DistributionScores.sampleCRPS(actual: y, draws: draws)
      #expect(relativeDistance(fair, one["fair"].number ?? .nan) < 1e-12 || (draws.count == 1 && fair.isNaN))
      let pit = DistributionScores.samplePIT(actual: y, draws: draws)
      #expect(relativeDistance(pit, try #require(one["pit"].number)) < 1e-14)
      // The quantiles of a sample at the midpoints are the sample, so both scores are one.
      let count = Double(draws.count)
      let quantile = DistributionScores.quantileCRPS(
        actual: y, quantiles: draws.sorted(), probabilities: draws.indices.map { (Double($0) + 0.5) / count })
      #expect(relativeDistance(quantile, ordinary) < 1e-12)
      // Far from zero the digits remain.
      let moved = DistributionScores.sampleCRPS(actual: y + 1e6, draws: draws.map { $0 + 1e6 }, fair: false)
      #expect(relativeDistance(moved, ordinary, floor: 1) < 1e-8)
    }
    #expect(root["samples"].list.count == 5)
    #expect(DistributionScores.sampleCRPS(actual: 1, draws: []).isNaN)
    #expect(DistributionScores.sampleCRPS(actual: 1, draws: [1, .nan]).isNaN)
    #expect(DistributionScores.quantileCRPS(actual: 1, quantiles: [1, 2], probabilities: [0.5, 0.5]).isNaN)
    #expect(DistributionScores.quantileCRPS(actual: 3, quantiles: [1], probabilities: [0.5]) == 2)
  }

  /// Draws of a Gaussian score near its closed form, and the fair estimator is not biased in few draws.
  @Test func sampleScoresApproachTheClosedForm() {
    let stream = RandomStream(seed: 5, id: "crps", purpose: .innovation)
    var draws = [Double](repeating: 0, count: 40_000)
    draws.withUnsafeMutableBufferPointer { stream.normals(item: 1, firstDraw: 0, into: $0) }
    let closed = DistributionScores.gaussianCRPS(actual: 0.7, mean: 0, deviation: 1)
    #expect(abs(DistributionScores.sampleCRPS(actual: 0.7, draws: draws) - closed) < 0.01)
    var (fair, ordinary) = (0.0, 0.0)
    for i in 0..<8000 {
      let few = Array(draws[5 * i..<5 * i + 5])
      fair += DistributionScores.sampleCRPS(actual: 0.7, draws: few) / 8000
      ordinary += DistributionScores.sampleCRPS(actual: 0.7, draws: few, fair: false) / 8000
    }
    #expect(abs(fair - closed) < 0.01 && ordinary - closed > 0.08)
    let prediction = Prediction(mean: [0], deviations: [1])
    #expect(prediction.crps([0.7, 3]) == [closed] && prediction.pit([0]) == [0.5])
    var paths = SimulatedPaths(horizon: 1, count: draws.count)
    paths.values = draws
    let sampled = Prediction(mean: [0], deviations: [1], paths: paths)
    #expect(abs(sampled.crps([0.7])[0] - closed) < 0.01)
    #expect(abs(sampled.pit([0.7])[0] - StandardNormal.cumulative(0.7)) < 0.01)
  }

  @Test func histogramOfTransforms() throws {
    let even = PITHistogram((0..<200).map { (Double($0) + 0.5) / 200 })
    #expect(even.counts == [Int](repeating: 20, count: 10) && even.uniformity?.pValue == 1)
    let edges = PITHistogram([0, 1, 0.5, .nan, -0.1, 1.1], bins: 2)
    #expect(edges.counts == [1, 2] && edges.total == 3 && edges.uniformity == nil)
    let skewed = PITHistogram([Double](repeating: 0.1, count: 30) + [Double](repeating: 0.9, count: 10), bins: 2)
    // (10^2 + 10^2) / 20 = 10 with one degree of freedom.
    let test = try #require(skewed.uniformity)
    #expect(test.statistic == 10 && test.degreesOfFreedom == 1)
    #expect(relativeDistance(test.pValue, 0.001565402258) < 1e-9)
    #expect(skewed.densities == [1.5, 0.5])
    #expect(PITHistogram([], bins: 3).uniformity == nil)
  }
}
