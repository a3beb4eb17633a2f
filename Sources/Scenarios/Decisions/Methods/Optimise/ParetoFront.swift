/// Which of several options are efficient in cost and gain.
public enum ParetoFront {
  /// Positions of the options that no other beats, by rising cost (and position, where cost and gain are the same).
  ///
  /// An option is dominated if another costs no more and gains no less, and one of both strictly. Options whose cost
  /// or gain is unknown (nil or NaN) are left out: an uncosted option is neither free nor comparable.
  public static func efficient(costs: [Double?], gains: [Double?]) -> [Int] {
    let known = comparable(costs, gains)
    let sorted = known.sorted { a, b in
      if a.cost != b.cost { return a.cost < b.cost }
      return a.gain == b.gain ? a.option < b.option : a.gain > b.gain
    }
    var result: [Int] = []
    var best: (cost: Double, gain: Double)?
    for (option, cost, gain) in sorted {
      if let best, gain < best.gain || (gain == best.gain && cost > best.cost) { continue }
      result.append(option)
      best = (cost, gain)
    }
    return result
  }

  /// By option: the options that dominate it; empty for efficient ones and for those that cannot be compared.
  public static func dominators(costs: [Double?], gains: [Double?]) -> [[Int]] {
    let known = comparable(costs, gains)
    var result = [[Int]](repeating: [], count: min(costs.count, gains.count))
    for (option, cost, gain) in known {
      result[option] = known.filter { other in
        other.cost <= cost && other.gain >= gain && (other.cost < cost || other.gain > gain)
      }.map(\.option)
    }
    return result
  }

  private static func comparable(
    _ costs: [Double?], _ gains: [Double?]
  ) -> [(option: Int, cost: Double, gain: Double)] {
    zip(costs, gains).enumerated().compactMap { option, pair in
      guard let cost = pair.0, let gain = pair.1, !cost.isNaN, !gain.isNaN else { return nil }
      return (option, cost, gain)
    }
  }
}
