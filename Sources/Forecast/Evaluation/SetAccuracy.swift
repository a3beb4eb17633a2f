/// The accuracy of one series' forecasts, with the parts a set's averages need.
public struct SeriesAccuracy: Equatable, Sendable {
  /// How many actual values there were to compare with.
  public let count: Int
  /// sMAPE in percent.
  public let smape: Double
  /// MASE; nil if the scale of the training series is 0 or not defined.
  public let mase: Double?
  /// RMSSE; nil like ``mase``.
  public let rmsse: Double?
  public let meanError: Double
  public let meanAbsoluteError: Double
  public let rootMeanSquaredError: Double
  /// MAPE in percent; nil if an actual value is 0.
  public let mape: Double?
  /// Coverage and MSIS of each interval, in the order given.
  public let intervals: [IntervalAccuracy]
  /// sMAPE and MASE of the Naive2 forecasts, if given.
  public let naive2Smape: Double?
  public let naive2Mase: Double?

  public struct IntervalAccuracy: Equatable, Sendable {
    public let level: Double
    /// The share of actual values inside, bounds included.
    public let coverage: Double
    /// The mean interval score divided by the scale of MASE; nil if that is 0 or not defined.
    public let msis: Double?
  }

  /// The bounds of one central interval, one pair a step.
  public struct Interval: Equatable, Sendable {
    public var level: Double
    public var lower: [Double]
    public var upper: [Double]

    public init(level: Double, lower: [Double], upper: [Double]) {
      self.level = level
      self.lower = lower
      self.upper = upper
    }
  }

  /// - Parameters:
  ///   - actuals: what came at steps 1, 2, ...; NaN where missing.
  ///   - mean: the point forecasts, as many.
  ///   - training: the series the model saw; its seasonal differences are the unit of MASE, RMSSE and MSIS.
  ///   - naive2: the benchmark's point forecasts, as many, for OWA.
  public init(
    actuals: [Double], mean: [Double], intervals: [Interval] = [], training: [Double], seasonalPeriod: Int,
    naive2: [Double]? = nil
  ) {
    typealias Measures = AccuracyMeasures
    count = actuals.count { !$0.isNaN }
    smape = Measures.symmetricMeanAbsolutePercentageError(actuals, mean)
    meanError = Measures.meanError(actuals, mean)
    meanAbsoluteError = Measures.meanAbsoluteError(actuals, mean)
    rootMeanSquaredError = Measures.rootMeanSquaredError(actuals, mean)
    mape = Measures.meanAbsolutePercentageError(actuals, mean)
    let scale = Measures.seasonalScale(of: training, seasonalPeriod: seasonalPeriod)
    let squaredScale = Measures.squaredSeasonalScale(of: training, seasonalPeriod: seasonalPeriod)
    mase = scale > 0 ? meanAbsoluteError / scale : nil
    rmsse = squaredScale > 0 ? rootMeanSquaredError / squaredScale : nil
    self.intervals = intervals.map {
      let score = Measures.meanIntervalScore(actuals, lower: $0.lower, upper: $0.upper, level: $0.level)
      return IntervalAccuracy(
        level: $0.level, coverage: Measures.coverage(actuals, lower: $0.lower, upper: $0.upper),
        msis: scale > 0 ? score / scale : nil)
    }
    naive2Smape = naive2.map { Measures.symmetricMeanAbsolutePercentageError(actuals, $0) }
    naive2Mase = naive2.flatMap { scale > 0 ? Measures.meanAbsoluteError(actuals, $0) / scale : nil }
  }

  /// The accuracy of a prediction and its central intervals at the given levels.
  public init(
    actuals: [Double], prediction: Prediction, levels: [Double] = [0.8, 0.95], training: [Double], seasonalPeriod: Int,
    naive2: [Double]? = nil
  ) {
    let intervals = levels.map { level in
      let (lower, upper) = prediction.interval(level: level)
      return Interval(level: level, lower: lower, upper: upper)
    }
    self.init(
      actuals: actuals, mean: prediction.mean, intervals: intervals, training: training,
      seasonalPeriod: seasonalPeriod, naive2: naive2)
  }
}

/// The accuracy over a set of series, as the M4 competition averages it.
///
/// sMAPE and coverage are means over all points, MASE, RMSSE and MSIS means over series. Series whose scale is 0 or not defined are
/// left out of the scaled measures only, and counted in ``unscaled``.
public struct SetAccuracy: Equatable, Sendable {
  public let series: Int
  public let points: Int
  /// Series without a scale.
  public let unscaled: Int
  public let smape: Double
  public let mase: Double
  public let rmsse: Double
  /// OWA against Naive2 of the same series; nil unless every series has its Naive2 forecasts.
  public let owa: Double?
  /// Of each interval level, in the order of the first series.
  public let intervals: [SeriesAccuracy.IntervalAccuracy]

  public init(_ all: [SeriesAccuracy]) {
    let used = all.filter { $0.count > 0 }
    let points = used.reduce(0) { $0 + $1.count }
    func overPoints(_ value: (SeriesAccuracy) -> Double) -> Double {
      used.reduce(0) { $0 + value($1) * Double($1.count) } / Double(points)
    }
    func overSeries(_ value: (SeriesAccuracy) -> Double?) -> Double {
      let values = used.compactMap(value)
      return values.reduce(0, +) / Double(values.count)
    }
    series = used.count
    self.points = points
    unscaled = used.count { $0.mase == nil }
    smape = overPoints(\.smape)
    mase = overSeries(\.mase)
    rmsse = overSeries(\.rmsse)
    if !used.isEmpty, used.allSatisfy({ $0.naive2Smape != nil }) {
      owa = AccuracyMeasures.overallWeightedAverage(
        smape: smape, mase: mase, naive2Smape: overPoints { $0.naive2Smape ?? .nan },
        naive2Mase: overSeries(\.naive2Mase))
    } else {
      owa = nil
    }
    let levels = used.first?.intervals.map(\.level) ?? []
    intervals = levels.map { level in
      let msis = overSeries { one in one.intervals.first { $0.level == level }?.msis }
      return .init(
        level: level,
        coverage: overPoints { one in one.intervals.first { $0.level == level }?.coverage ?? .nan },
        msis: msis.isNaN ? nil : msis)
    }
  }
}
