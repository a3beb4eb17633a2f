/// A stock: what there was the year before, plus what came in and less what went out; with a ceiling it saturates.
///
/// ```
/// stock(t) = min(stock(t - 1), ceiling(t)) + pace(t) * (ceiling(t) - min(stock(t - 1), ceiling(t))) + inflows(t) - outflows(t)
/// ```
///
/// held between 0 and the ceiling. The pace is a hazard: the share of what is left that comes in during a year, so a faster pace fills
/// the stock sooner and never overfills it. Where the ceiling falls below the stock (a merger of communes), the stock falls with it.
///
/// The stock starts from its last published figure, or anew in a year of `restarts`: where definitions change, the level before says
/// nothing about the level after. A published figure always wins.
public struct StockSpecification: Sendable, Equatable {
  public var inflows: [String] = []
  public var outflows: [String] = []
  /// The indicator that the stock never exceeds, such as the number of communes.
  public var ceiling: String?
  /// The indicator that says which share of what is left to the ceiling comes in during a year; its range is share or percent.
  public var pace: String?
  /// The stated level at the end of a year in which the stock starts anew: the ends of its 50% interval, or one number three times.
  /// It is drawn on the logit scale of the ceiling (without one on the log scale), so it keeps its range; not widened by a grade.
  public var restarts: [Int: Prior] = [:]
  /// The day on which the levels were written down: replays of earlier days do not know them.
  public var stated: CalendarDate?
  /// What the levels rest on (grade D).
  public var evidence = ""

  /// What it is computed from: inflows, outflows, ceiling, pace.
  public var inputs: [String] { inflows + outflows + [ceiling, pace].compactMap { $0 } }

  /// How many of ``inputs`` are flows; they come first.
  var flowCount: Int { inflows.count + outflows.count }
  /// Where the ceiling and the pace stand among ``inputs``.
  var ceilingPosition: Int? { ceiling == nil ? nil : flowCount }
  var pacePosition: Int? { pace == nil ? nil : flowCount + (ceiling == nil ? 0 : 1) }

  /// The years of ``restarts`` in order.
  public var restartYears: [Int] { restarts.keys.sorted() }

  /// Without its restarts: what a replay of a day before they were stated knows.
  var withoutRestarts: StockSpecification {
    var result = self
    (result.restarts, result.stated, result.evidence) = ([:], nil, "")
    return result
  }
}
