import NumericKernels

/// The rows of a panel: provinces one after the other, each with its years.
struct PanelLayout: Sendable {
  let provinces: [String]
  let years: ClosedRange<Int>

  var count: Int { provinces.count * years.count }
  /// The province and the year of each row, as small numbers.
  var units: [Int] { (0..<count).map { $0 / years.count } }
  var periods: [Int] { (0..<count).map { $0 % years.count } }

  /// A series of all provinces on the scale of a range; NaN where nothing is known or the scale does not hold it.
  func values(_ series: DependenceDefinition.Series, _ transform: RangeTransform, _ store: ObservationStore) -> [Double]
  {
    var result = [Double](repeating: .nan, count: count)
    for (i, province) in provinces.enumerated() {
      for (year, observation) in store.annual(series.observed, area: province)
      where (series.from...series.to).contains(year) && years.contains(year) && observation.status != .plan {
        let value = observation.value + series.offset
        guard transform.contains(value) else { continue }
        result[i * years.count + year - years.lowerBound] = transform.forward(value)
      }
    }
    return result
  }

  /// Takes the means of provinces and of years out in turn until they are gone (at once where every province has every year).
  func withoutMeans(_ values: [Double]) -> [Double] {
    var result = values
    let length = years.count
    let largest = values.reduce(0) { $1.isNaN ? $0 : max($0, abs($1)) }
    for _ in 0..<200 {
      var moved = 0.0
      func centre(_ rows: StrideTo<Int>) {
        var (sum, n) = (0.0, 0)
        for row in rows where !result[row].isNaN {
          sum += result[row]
          n += 1
        }
        guard n > 0 else { return }
        let mean = sum / Double(n)
        moved = max(moved, abs(mean))
        for row in rows where !result[row].isNaN { result[row] -= mean }
      }
      for i in provinces.indices { centre(stride(from: i * length, to: (i + 1) * length, by: 1)) }
      for t in 0..<length { centre(stride(from: t, to: count, by: length)) }
      if moved <= 1e-12 * largest { break }
    }
    return result
  }
}
