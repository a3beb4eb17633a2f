/// First guesses of the initial states: R's, a classical decomposition and a mean or line through the first values.
enum ETSStart {
  /// - Parameters:
  ///   - values: without gaps, at least one; two periods for a season.
  static func states(_ values: [Double], form: ETSForm, period: Int) -> ETSStates {
    var season: [Double] = []
    var adjusted = values
    if form.isSeasonal {
      season = seasonalIndices(values, period: period, multiplicative: form.season == .multiplicative)
      for t in values.indices {
        let s = season[t % period]
        adjusted[t] = form.season == .multiplicative ? values[t] / s : values[t] - s
      }
    }
    let count = min(max(10, 2 * (form.isSeasonal ? period : 1)), adjusted.count)
    var (sum, moment, weight) = (0.0, 0.0, 0.0)
    let middle = 0.5 * Double(count + 1)
    for t in 0..<count {
      let x = Double(t + 1) - middle
      sum += adjusted[t]
      moment += x * adjusted[t]
      weight += x * x
    }
    let mean = sum / Double(count)
    guard form.hasTrend, weight > 0 else { return ETSStates(level: mean, trend: 0, season: season) }
    let slope = moment / weight
    return ETSStates(level: mean - slope * middle, trend: slope, season: season)
  }

  /// Means per season of the values less (or over) a centred moving average of one period; they add up to 0 (average 1).
  static func seasonalIndices(_ values: [Double], period: Int, multiplicative: Bool) -> [Double] {
    let n = values.count
    let half = period / 2
    var sums = [Double](repeating: 0, count: period)
    var counts = [Double](repeating: 0, count: period)
    if n > 2 * half {
      for t in half..<n - half {
        var average = 0.0
        if period % 2 == 0 {
          average = 0.5 * (values[t - half] + values[t + half])
          for j in t - half + 1..<t + half { average += values[j] }
        } else {
          for j in t - half...t + half { average += values[j] }
        }
        average /= Double(period)
        if multiplicative {
          guard average > 0 else { continue }
          sums[t % period] += values[t] / average
        } else {
          sums[t % period] += values[t] - average
        }
        counts[t % period] += 1
      }
    }
    let neutral = multiplicative ? 1.0 : 0
    for j in 0..<period { sums[j] = counts[j] > 0 ? sums[j] / counts[j] : neutral }
    if multiplicative {
      for j in 0..<period { sums[j] = max(sums[j], 0.01) }
      let mean = sums.reduce(0, +) / Double(period)
      return sums.map { $0 / mean }
    }
    let mean = sums.reduce(0, +) / Double(period)
    return sums.map { $0 - mean }
  }
}
