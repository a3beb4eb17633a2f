/// A categorical variable: its levels in sorted order and, for every row, the position of its level.
///
/// Units, periods and clusters of a sample are factors. Levels are ordered by value (numbers by size, text by Unicode),
/// never by first appearance, so permuting rows changes no result.
public struct Factor: Equatable, Sendable {
  /// The distinct values, sorted, as text.
  public let levels: [String]
  /// For each row, an index into ``levels``.
  public let codes: [Int]

  public var count: Int { codes.count }

  public init<Value: Hashable & Comparable & CustomStringConvertible>(_ values: [Value]) {
    let sorted = Set(values).sorted()
    var position: [Value: Int] = [:]
    for (index, value) in sorted.enumerated() { position[value] = index }
    levels = sorted.map(\.description)
    codes = values.map { position[$0, default: 0] }
  }

  init(levels: [String], codes: [Int]) {
    self.levels = levels
    self.codes = codes
  }

  /// The factor of the chosen rows, without levels that no longer occur.
  public func selecting(rows: [Int]) -> Factor {
    var present = [Bool](repeating: false, count: levels.count)
    for row in rows { present[codes[row]] = true }
    var renumbered = [Int](repeating: 0, count: levels.count)
    var kept: [String] = []
    for (index, isPresent) in present.enumerated() where isPresent {
      renumbered[index] = kept.count
      kept.append(levels[index])
    }
    return Factor(levels: kept, codes: rows.map { renumbered[codes[$0]] })
  }

  /// Sums of `values` by level.
  func sums(of values: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: levels.count)
    for (row, code) in codes.enumerated() { result[code] += values[row] }
    return result
  }
}
