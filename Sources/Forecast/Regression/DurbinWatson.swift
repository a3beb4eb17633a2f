/// Serial correlation of residuals along runs of consecutive periods.
enum SerialCorrelation {
  /// sum of (e[t] - e[t-1])² over consecutive pairs / sum of e² (Durbin and Watson, 1950; over units of a panel as
  /// Bhargava, Franzini and Narendranathan, 1982).
  static func durbinWatson(_ residuals: [Double], runs: [[Int]]) -> Double {
    var differences = 0.0
    var squares = 0.0
    for run in runs {
      for (place, row) in run.enumerated() {
        squares += residuals[row] * residuals[row]
        if place > 0 {
          let change = residuals[row] - residuals[run[place - 1]]
          differences += change * change
        }
      }
    }
    return differences / squares
  }

  /// sum of e[t] e[t-1] / sum of e[t-1]² over consecutive pairs; 0 when all are zero.
  static func autoregression(_ residuals: [Double], runs: [[Int]]) -> Double {
    var cross = 0.0
    var squares = 0.0
    for run in runs {
      for place in run.indices.dropFirst() {
        let before = residuals[run[place - 1]]
        cross += residuals[run[place]] * before
        squares += before * before
      }
    }
    return squares > 0 ? cross / squares : 0
  }
}

extension PanelSample {
  /// Rows of each unit in the order of periods, cut where a period (one that occurs elsewhere in the sample) is missing.
  func runs(model: String) throws(ForecastError) -> [[Int]] {
    var byUnit = [[Int]](repeating: [], count: units.levels.count)
    for (row, unit) in units.codes.enumerated() { byUnit[unit].append(row) }
    var result: [[Int]] = []
    for rows in byUnit {
      let ordered = rows.sorted { periods.codes[$0] < periods.codes[$1] }
      var run: [Int] = []
      for row in ordered {
        if let last = run.last {
          let step = periods.codes[row] - periods.codes[last]
          guard step > 0 else {
            let unit = units.levels[units.codes[row]]
            throw .badDesign(
              model: model, reason: "unit \(unit) has two rows of period \(periods.levels[periods.codes[row]])")
          }
          if step > 1 {
            result.append(run)
            run = []
          }
        }
        run.append(row)
      }
      result.append(run)
    }
    return result
  }
}
