/// The weighted mean of several models of one series.
///
/// ```swift
/// let model = try Combination(fitting: arrivals)
/// let forecast = try model.linearForecast(horizon: 6)
/// for left in model.skipped { print(left.name, left.reason) }
/// ```
///
/// Default members, with equal weights: ``RandomWalk``, ``RandomWalkWithDrift``, ``DampedTrend`` and ``Theta``. With fewer than
/// eight usable observations ``SimpleExponentialSmoothing`` takes the place of the damped trend, whose five parameters would
/// follow so few points too closely. A member that cannot be fitted is left out with its reason in ``skipped``: two observations
/// leave the random walk alone, one is an error.
///
/// A member is also left out of a forecast when it is not finite, or when its mean at some step h leaves
/// [min - r, max + r] with r = range (3 + h / T), T the steps between first and last observation: no trend of the sample can get
/// there, since T steps of the steepest straight line cover the range once. ``members(usableTo:)`` names it.
///
/// How the forecasts are joined is said at ``LinearForecast/combined(_:weights:)``. Edge cases: a constant series gives the
/// constant with variance 0; a series that ends in missing values is carried by each member.
///
/// Source: Bates and Granger, Operational Research Quarterly 20 (1969).
public struct Combination: LinearForecastModel {
  public static let name = "Combination"

  /// A fitted model and its weight; the weights of all members add up to 1.
  public struct Member: Sendable {
    public let model: any LinearForecastModel
    public let weight: Double

    public var name: String { type(of: model).name }
  }

  /// A model that was left out, and why.
  public struct Skipped: Equatable, Sendable {
    public let name: String
    public let reason: String
  }

  public let members: [Member]
  public let skipped: [Skipped]
  private let lowest: Double
  private let highest: Double
  private let span: Int

  /// Usable observations from which on the damped trend is a default member.
  public static let observationsForDampedTrend = 8

  public init(fitting series: [Double]) throws(ForecastError) {
    let usable = series.count { !$0.isNaN }
    let short = usable < Self.observationsForDampedTrend
    let trend: any LinearForecastModel.Type = short ? SimpleExponentialSmoothing.self : DampedTrend.self
    var skipped: [Skipped] = []
    if short {
      let reason = ForecastError.tooFewObservations(
        model: DampedTrend.name, needed: Self.observationsForDampedTrend, found: usable)
      skipped = [Skipped(name: DampedTrend.name, reason: "\(reason) in a combination")]
    }
    try self.init(
      fitting: series, models: [RandomWalk.self, RandomWalkWithDrift.self, trend, Theta.self], needed: 2,
      skipped: skipped)
  }

  /// A combination of given models.
  ///
  /// - Parameters:
  ///   - models: at least one.
  ///   - weights: one per model, non-negative; nil for equal ones. Those of skipped models are shared out in proportion.
  /// - Throws: ``ForecastError/badDesign(model:reason:)`` for unusable weights; the first member's error if none can be fitted.
  public init(
    fitting series: [Double], models: [any LinearForecastModel.Type], weights: [Double]? = nil
  ) throws(ForecastError) {
    try self.init(fitting: series, models: models, weights: weights, needed: 1, skipped: [])
  }

  private init(
    fitting series: [Double], models: [any LinearForecastModel.Type], weights: [Double]? = nil, needed: Int,
    skipped: [Skipped]
  ) throws(ForecastError) {
    let given = weights ?? CombinationWeights.equal(models.count)
    guard !models.isEmpty, given.count == models.count, given.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw .badDesign(model: Self.name, reason: "needs models and one finite, non-negative weight for each")
    }
    var fits: [Fit] = []
    for (model, weight) in zip(models, given) {
      fits.append(Fit(name: model.name, weight: weight) { () throws(ForecastError) in try model.init(fitting: series) })
    }
    try self.init(fits, series: series, needed: needed, skipped: skipped)
  }

  /// The outcome of one member.
  private struct Fit {
    let name: String
    let weight: Double
    let outcome: Result<any LinearForecastModel, ForecastError>

    init(name: String, weight: Double, _ make: () throws(ForecastError) -> any LinearForecastModel) {
      self.name = name
      self.weight = weight
      do throws(ForecastError) { outcome = .success(try make()) } catch { outcome = .failure(error) }
    }
  }

  private init(_ fits: [Fit], series: [Double], needed: Int, skipped: [Skipped]) throws(ForecastError) {
    let data = try Observations(series, model: Self.name, needed: needed)
    var (fitted, left) = ([(model: any LinearForecastModel, weight: Double)](), skipped)
    var firstError: ForecastError?
    for fit in fits {
      switch fit.outcome {
      case .success(let model): fitted.append((model, fit.weight))
      case .failure(let error):
        firstError = firstError ?? error
        left.append(Skipped(name: fit.name, reason: error.description))
      }
    }
    let total = fitted.reduce(0) { $0 + $1.weight }
    guard total > 0, total.isFinite else {
      if case .tooFewObservations(_, let needed, let found)? = firstError {
        throw .tooFewObservations(model: Self.name, needed: needed, found: found)
      }
      throw firstError ?? .badDesign(model: Self.name, reason: "no member with a positive weight")
    }
    members = fitted.map { Member(model: $0.model, weight: $0.weight / total) }
    self.skipped = left
    lowest = data.values.min() ?? data.origin
    highest = data.values.max() ?? data.origin
    span = max(data.span, 1)
  }

  /// Refits every member with its parameters and weight kept.
  public func refitted(to series: [Double]) throws(ForecastError) -> Combination {
    let fits = members.map { member in
      Fit(name: member.name, weight: member.weight) { () throws(ForecastError) in try member.model.refitted(to: series)
      }
    }
    return try Combination(fits, series: series, needed: 1, skipped: skipped)
  }

  /// The weighted mean of the members' residuals; NaN where any member has none.
  public var residuals: [Double] {
    let parts = members.map { ($0.weight, $0.model.residuals) }
    guard let count = parts.first?.1.count else { return [] }
    return (0..<count).map { t in parts.reduce(0) { $0 + $1.0 * $1.1[t] } }
  }

  /// The square of the members' weighted mean deviation.
  public var innovationVariance: Double {
    let deviation = members.reduce(0) { $0 + $1.weight * $1.model.innovationVariance.squareRoot() }
    return deviation * deviation
  }

  public func linearForecast(horizon: Int) throws(ForecastError) -> LinearForecast {
    let usable = try forecasts(horizon: horizon).usable
    guard let result = LinearForecast.combined(usable.map(\.1), weights: usable.map(\.0.weight)) else {
      throw .badDesign(model: Self.name, reason: "every member leaves the range of the data within \(horizon) steps")
    }
    return result
  }

  /// Which members a forecast to this horizon uses, and which are left out and why.
  public func members(usableTo horizon: Int) throws(ForecastError) -> (used: [Member], left: [Skipped]) {
    let split = try forecasts(horizon: horizon)
    return (split.usable.map(\.0), split.left)
  }

  private func forecasts(
    horizon: Int
  ) throws(ForecastError) -> (usable: [(Member, LinearForecast)], left: [Skipped]) {
    guard horizon >= 1 else { throw .badHorizon(horizon) }
    var (usable, left) = ([(Member, LinearForecast)](), [Skipped]())
    for member in members {
      let forecast = try member.model.linearForecast(horizon: horizon)
      if !forecast.isFinite {
        left.append(Skipped(name: member.name, reason: "its forecast is not finite"))
      } else if let step = firstStepOutside(forecast.mean) {
        left.append(Skipped(name: member.name, reason: "its mean leaves the range of the data at step \(step)"))
      } else {
        usable.append((member, forecast))
      }
    }
    return (usable, left)
  }

  private func firstStepOutside(_ mean: [Double]) -> Int? {
    let range = highest - lowest
    // A little room for rounding: the mean of a constant series need not be the constant to the last bit.
    let rounding = 1e-9 * max(abs(lowest), abs(highest))
    for (h, value) in mean.enumerated() {
      let room = range * (3 + Double(h + 1) / Double(span)) + rounding
      if value < lowest - room || value > highest + room { return h + 1 }
    }
    return nil
  }
}
