import NumericKernels

extension StructuralModel {
  /// What is known of one or several periods; periods count from 0.
  public enum Observation: Equatable, Sendable {
    /// The value of one period.
    case value(Int, Double)
    /// The sum of the values of the periods `from ... through`: a quarter's total, or what a year has brought so far.
    case sum(from: Int, through: Int, Double)

    var first: Int {
      switch self {
      case .value(let period, _): return period
      case .sum(let from, _, _): return from
      }
    }
    var last: Int {
      switch self {
      case .value(let period, _): return period
      case .sum(_, let through, _): return through
      }
    }
    var number: Double {
      switch self {
      case .value(_, let number), .sum(_, _, let number): return number
      }
    }
  }
}

/// Checked observations and regressors, without unit and origin.
///
/// The origin is the first observation (a sum counts by its mean), the unit the mean absolute change between consecutive ones;
/// a diffuse level makes a model blind to the first, and the likelihood is concentrated over the second.
struct StructuralData: Sendable {
  struct Event: Sendable {
    var first: Int
    var last: Int
    var value: Double
  }

  /// By last period, then by first period from late to early: values before sums.
  var events: [Event]
  var periodCount: Int
  /// The place of each event in what the caller gave.
  var places: [Int]
  /// By columns, each divided by a power of two; `regressorRows` rows.
  var regressors: [[Double]]
  var regressorUnits: [Double]
  let regressorRows: Int
  let origin: Double
  let isConstant: Bool
  private let binade: Double
  private let change: Double

  /// More would need more memory than there is.
  static let mostPeriods = 1_000_000

  init(
    _ observations: [StructuralModel.Observation], periodCount: Int, regressors: Matrix?, model: String
  ) throws(ForecastError) {
    guard periodCount <= Self.mostPeriods else {
      throw .badDesign(model: model, reason: "\(periodCount) periods are more than it can take (\(Self.mostPeriods))")
    }
    var usable: [(place: Int, observation: StructuralModel.Observation)] = []
    var largest = 0.0
    for (place, observation) in observations.enumerated() where !observation.number.isNaN {
      guard abs(observation.number) <= 0x1p1000 else { throw .nonFinite(model: model, position: place + 1) }
      guard observation.first >= 0, observation.first <= observation.last, observation.last < periodCount else {
        throw .badDesign(
          model: model,
          reason: "observation \(place + 1) is about periods \(observation.first) to \(observation.last),"
            + " which must be in order and lie in 0 to \(periodCount - 1)")
      }
      let span = Double(observation.last - observation.first + 1)
      usable.append((place, observation))
      largest = max(largest, abs(observation.number) / span)
    }
    guard !usable.isEmpty else { throw .tooFewObservations(model: model, needed: 1, found: 0) }
    usable.sort {
      ($0.observation.last, -$0.observation.first, $0.place) < ($1.observation.last, -$1.observation.first, $1.place)
    }
    let binade = largest > 0 ? largest.binade : 1
    func span(_ observation: StructuralModel.Observation) -> Double {
      Double(observation.last - observation.first + 1)
    }
    let means = usable.map { $0.observation.number / binade / span($0.observation) }
    var changes = 0.0
    for i in means.indices.dropFirst() { changes += abs(means[i] - means[i - 1]) }
    changes /= Double(max(means.count - 1, 1))
    isConstant = !(changes > 0)
    change = changes > 0 ? changes : 1
    self.binade = binade
    origin = means[0] * binade
    self.periodCount = periodCount
    places = usable.map(\.place)
    events = []
    for (_, observation) in usable {
      let length = span(observation)
      let value = (observation.number / binade - length * means[0]) / change
      events.append(Event(first: observation.first, last: observation.last, value: value))
    }
    self.regressors = []
    regressorUnits = []
    regressorRows = regressors?.rowCount ?? Int.max
    guard let regressors, regressors.columnCount > 0 else { return }
    guard regressors.rowCount >= periodCount else {
      throw .badDesign(
        model: model,
        reason: "the regressors have \(regressors.rowCount) rows; \(periodCount) periods need as many at least")
    }
    for k in 0..<regressors.columnCount {
      let column = regressors.column(k)
      if let bad = column.firstIndex(where: { !$0.isFinite }) {
        throw .badDesign(model: model, reason: "regressor \(k + 1) is not finite in row \(bad + 1)")
      }
      let size = column.reduce(0) { max($0, abs($1)) }
      let unit = size > 0 ? size.binade : 1
      regressorUnits.append(unit)
      self.regressors.append(column.map { $0 / unit })
    }
  }

  /// A normalised difference in the unit of the series.
  func rescaled(_ difference: Double) -> Double { difference * change * binade }

  var logUnit: Double { VectorMath.log(change) + VectorMath.log(binade) }

  /// The ratio of this unit to another.
  func unitRatio(to other: StructuralData) -> Double { change / other.change * (binade / other.binade) }

  /// The value of the squared unit, which may be infinite or zero for extreme data.
  var squaredUnit: Double { rescaled(1) * rescaled(1) }

  /// Values with 30 binary digits after the point, for choosing parameters.
  var rounded: StructuralData {
    var result = self
    for i in events.indices { result.events[i].value = (events[i].value * 0x1p30).rounded() * 0x1p-30 }
    return result
  }
}
