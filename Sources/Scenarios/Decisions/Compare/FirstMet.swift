import NumericKernels

/// When a target is met for the first time.
///
/// For a value of one year: the first year from now on in which it lies where the target wants it, whatever the target's own year. For
/// a sum or an average: the first year of the target's period by whose end the sum or the average so far does. The year reported is
/// the first by whose end half of the draws have met the target at least once.
public struct FirstMet: Sendable, Equatable {
  public enum Year: Sendable, Equatable {
    /// The latest published value meets it.
    case already(Int)
    case projected(Int)
    /// In fewer than half of the draws by the last year of the projection.
    case notBy(Int)
  }

  public let year: Year
  /// The share of the draws that have met it at least once by the last year that is looked at.
  public let share: Double

  /// Nil where there is no target, or where its probability would only repeat a planner's path.
  init?(_ item: OutcomeItem, _ table: ScenarioDraws, grid: [Int]) {
    guard item.hasProbability, let last = grid.last else { return nil }
    let isYear = item.aggregate == .year
    if isYear, let latest = item.latest, item.isMet(latest.value) {
      year = .already(latest.year)
      share = 1
      return
    }
    var met = [Bool](repeating: false, count: table.drawCount)
    var running = [Double](repeating: item.before.sum, count: table.drawCount)
    var hits = 0
    var found: Int?
    for (position, index) in (isYear ? item.projected : item.years).enumerated() {
      let draws = table.draws(item.node, index)
      let count = Double(item.before.count + position + 1)
      for d in met.indices where !isYear || !met[d] {
        running[d] = isYear ? draws[d] : running[d] + draws[d]
        let value = item.aggregate == .average ? running[d] / count : running[d]
        if !met[d], item.isMet(value) {
          met[d] = true
          hits += 1
        }
      }
      if found == nil, 2 * hits >= met.count { found = grid[index] }
    }
    share = Double(hits) / Double(max(met.count, 1))
    year = found.map { .projected($0) } ?? .notBy(isYear ? last : item.period.lastYear)
  }
}
