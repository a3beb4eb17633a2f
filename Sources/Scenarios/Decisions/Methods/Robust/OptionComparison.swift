import NumericKernels

/// Options on common draws: which is best, how surely, and which cannot be told apart.
///
/// Every option meets the same draws, so options are compared draw by draw and what moves all alike cancels. Two
/// options are separated when the mean of their paired differences is further from 0 than its Monte Carlo error
/// allows. Among the k (k - 1) / 2 pairs the level is kept by Holm's rule (Scandinavian Journal of Statistics 6,
/// 1979): the chance that any pair without a difference is called separated is at most 1 - level. An option's rank is
/// 1 plus the number of options separated from it as better, so options that the draws cannot separate from the same
/// betters share a rank.
///
/// A single draw separates nothing: errors of means are NaN, of probabilities 1/2, and all options share a rank.
///
/// This is about the number of draws, not about the truth of the model: more draws separate any two options that
/// differ.
public struct OptionComparison: Sendable {
  public struct Pair: Equatable, Sendable {
    public let first: Int
    public let second: Int
    /// P(first beats second); draws that are equal count half.
    public let probabilityFirstBetter: Double
    /// Its Monte Carlo standard error.
    public let probabilityError: Double
    /// Mean of first - second.
    public let meanDifference: Double
    /// Its paired Monte Carlo standard error.
    public let differenceError: Double
    /// Two-sided p-value of no difference, adjusted by Holm's rule.
    public let adjustedP: Double
    public let isSeparated: Bool
    /// Draws that would be enough to separate a difference of this size by the same rule's first step; nil if there
    /// is none.
    public let drawsToSeparate: Int?
  }

  public struct Option: Equatable, Sendable {
    public let option: Int
    public let mean: Double
    /// Monte Carlo standard error of the mean.
    public let meanError: Double
    /// The share of draws in which the option is best; a draw with several best is shared among them.
    public let probabilityBest: Double
    public let probabilityBestError: Double
    /// 1 is best; see above.
    public let rank: Int
    /// Options that cannot be separated from this one.
    public let tiedWith: [Int]
  }

  /// By option.
  public let options: [Option]
  /// first < second, in order.
  public let pairs: [Pair]
  /// Positions of the options by mean, best first; read with the ranks.
  public let order: [Int]

  /// - Parameters:
  ///   - outcomes: by option and draw; larger is better.
  ///   - level: of the family of all pairs, in (0, 1).
  /// - Throws: `tooFew` (1 option, 1 draw), `lengths`, `nonFinite`, `outside`.
  public init(_ outcomes: [[Double]], level: Double = 0.95) throws(DecisionError) {
    let name = "the comparison of options"
    let draws = try DecisionError.requireColumns(outcomes, "option", rows: 1, method: name)
    guard level > 0, level < 1 else { throw .outside(method: name, what: "the level", expected: "between 0 and 1") }
    let count = outcomes.count
    let raw = (0..<count).flatMap { i in (i + 1..<max(count, i + 1)).map { RawPair(i, $0, outcomes) } }
    let adjusted = OptionComparison.holm(raw.map(\.p))
    let critical = -VectorMath.normalQuantile((1 - level) / 2 / Double(max(raw.count, 1)))
    let pairs = raw.indices.map { raw[$0].pair(adjusted[$0], isSeparated: adjusted[$0] < 1 - level, critical, draws) }
    self.pairs = pairs
    let wins = OptionComparison.wins(outcomes)
    let means = outcomes.map { Reductions.mean($0) }
    options = (0..<count).map { option in
      let own = pairs.filter { $0.first == option || $0.second == option }
      let better = own.filter { $0.isSeparated && ($0.meanDifference > 0) != ($0.first == option) }
      return Option(
        option: option, mean: means[option],
        meanError: OptionComparison.error(Reductions.variance(outcomes[option]), draws),
        probabilityBest: wins[option].mean,
        probabilityBestError: draws > 1 ? OptionComparison.error(wins[option].variance, draws) : 0.5,
        rank: better.count + 1,
        tiedWith: own.filter { !$0.isSeparated }.map { $0.first == option ? $0.second : $0.first })
    }
    order = (0..<count).sorted { (means[$0], $1) > (means[$1], $0) }
  }

  private static func error(_ variance: Double, _ draws: Int) -> Double {
    draws > 1 ? (variance / Double(draws)).squareRoot() : .nan
  }

  private static func wins(_ outcomes: [[Double]]) -> [(mean: Double, variance: Double)] {
    let draws = outcomes[0].count
    var sum = [Double](repeating: 0, count: outcomes.count)
    var squares = sum
    for draw in 0..<draws {
      var (best, ties) = (-Double.infinity, 0.0)
      for option in outcomes {
        if option[draw] > best {
          (best, ties) = (option[draw], 1)
        } else if option[draw] == best {
          ties += 1
        }
      }
      for option in outcomes.indices where outcomes[option][draw] == best {
        sum[option] += 1 / ties
        squares[option] += 1 / (ties * ties)
      }
    }
    let n = Double(draws)
    return outcomes.indices.map { (sum[$0] / n, max(squares[$0] - sum[$0] * sum[$0] / n, 0) / max(n - 1, 1)) }
  }

  /// Holm's adjusted p-values: the k-th smallest of m times m - k + 1, made monotone and at most 1.
  static func holm(_ values: [Double]) -> [Double] {
    var result = values
    var largest = 0.0
    for (k, position) in values.indices.sorted(by: { (values[$0], $0) < (values[$1], $1) }).enumerated() {
      largest = max(largest, min(values[position] * Double(values.count - k), 1))
      result[position] = largest
    }
    return result
  }

  private struct RawPair {
    let first: Int
    let second: Int
    let probability: (mean: Double, error: Double)
    let difference: (mean: Double, error: Double)
    let p: Double

    init(_ first: Int, _ second: Int, _ outcomes: [[Double]]) {
      self.first = first
      self.second = second
      let (a, b) = (outcomes[first], outcomes[second])
      let n = Double(a.count)
      let differences = zip(a, b).map { $0 - $1 }
      var (better, equal) = (0.0, 0.0)
      for difference in differences {
        if difference > 0 { better += 1 } else if difference == 0 { equal += 1 }
      }
      let share = (better + equal / 2) / n
      let variance = max(better + equal / 4 - n * share * share, 0) / max(n - 1, 1)
      guard n > 1 else {
        probability = (share, 0.5)
        difference = (Reductions.mean(differences), .nan)
        p = 1
        return
      }
      probability = (share, (variance / n).squareRoot())
      difference = (Reductions.mean(differences), (Reductions.variance(differences) / n).squareRoot())
      // Differences that are the same in every draw up to rounding have no Monte Carlo error to speak of.
      let scale = 1e-12 * abs(difference.mean)
      if difference.error <= scale {
        p = difference.mean == 0 ? 1 : 0
      } else {
        p = 2 * StandardNormal.cumulative(-abs(difference.mean) / difference.error)
      }
    }

    func pair(_ adjusted: Double, isSeparated: Bool, _ critical: Double, _ draws: Int) -> Pair {
      var needed: Int?
      if difference.mean != 0 {
        let ratio = critical * difference.error / abs(difference.mean)
        let wanted = (ratio * ratio * Double(draws)).rounded(.up)
        if wanted < 1e15 { needed = max(Int(wanted), 2) }
      }
      return Pair(
        first: first, second: second, probabilityFirstBetter: probability.mean, probabilityError: probability.error,
        meanDifference: difference.mean, differenceError: difference.error, adjustedP: adjusted,
        isSeparated: isSeparated, drawsToSeparate: needed)
    }
  }
}
