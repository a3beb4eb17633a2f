/// Which row comes before which: what `lag` and `diff` look back on.
///
/// Without units and times, rows follow each other as they stand. With units, within each unit. With times, by time; and
/// if all times are whole numbers (years, months counted through) `lag(x, n)` is the value at exactly n earlier, so that
/// a gap gives a missing value instead of one from the wrong year.
struct RowOrder {
  /// For each row the position in ``sorted``, and the rows by unit and time.
  private var sorted: [Int32]?
  private var units: [Int32]?
  private var times: [Double]?
  private let rowCount: Int

  init(rowCount: Int) { self.rowCount = rowCount }

  init(_ table: FormulaTable, unit: String?, time: String?) throws(DesignError) {
    rowCount = table.rowCount
    guard unit != nil || time != nil else { return }
    let categories: FormulaTable.Categories? = if let unit { try table.categories(unit) } else { nil }
    let codes = categories?.codes ?? [Int32](repeating: 0, count: rowCount)
    // Counting sort by unit: stable, linear. Rows without a unit come first and are nobody's predecessor.
    var starts = [Int](repeating: 0, count: (categories?.texts.count ?? 1) + 2)
    for code in codes { starts[Int(code) + 2] += 1 }
    for index in starts.indices.dropFirst() { starts[index] += starts[index - 1] }
    let limits = starts
    var order = [Int32](repeating: 0, count: rowCount)
    for (row, code) in codes.enumerated() {
      order[starts[Int(code) + 1]] = Int32(row)
      starts[Int(code) + 1] += 1
    }
    if let time {
      let values = try table.numbers(time)
      let isWhole = values.allSatisfy { $0.isNaN || $0 == $0.rounded() }
      for unitIndex in 1..<(limits.count - 1) {
        let range = limits[unitIndex]..<limits[unitIndex + 1]
        var isSorted = true
        for place in range.dropFirst() {
          if !(values[Int(order[place])] > values[Int(order[place - 1])]) { isSorted = false }
        }
        if isSorted { continue }
        // Rows without a time go to the end.
        let key = { (row: Int32) in values[Int(row)].isNaN ? Double.infinity : values[Int(row)] }
        order[range].sort { (key($0), $0) < (key($1), $1) }
        for place in range.dropFirst() where values[Int(order[place])] == values[Int(order[place - 1])] {
          throw .duplicateTime(
            unit: categories.map { $0.texts[unitIndex - 1] }, time: FormulaExpression.text(values[Int(order[place])]),
            firstRow: Int(order[place - 1]), secondRow: Int(order[place]))
        }
      }
      if isWhole { times = values }
    }
    sorted = order
    units = codes
  }

  /// The values `steps` before; NaN where there are none.
  func lagged(_ values: [Double], by steps: Int) -> [Double] {
    var result = [Double](repeating: .nan, count: rowCount)
    guard let sorted, let units else {
      for row in stride(from: steps, to: rowCount, by: 1) { result[row] = values[row - steps] }
      return result
    }
    var back = 0
    for place in 0..<rowCount {
      let row = Int(sorted[place])
      guard units[row] >= 0 else { continue }
      if let times {
        // Times ascend within a unit, so that the row looked for only moves forward.
        let wanted = times[row] - Double(steps)
        while back < place, units[Int(sorted[back])] != units[row] || times[Int(sorted[back])] < wanted { back += 1 }
        let found = Int(sorted[back])
        if back < place, units[found] == units[row], times[found] == wanted { result[row] = values[found] }
      } else if place >= steps, case let found = Int(sorted[place - steps]), units[found] == units[row] {
        result[row] = values[found]
      }
    }
    return result
  }
}
