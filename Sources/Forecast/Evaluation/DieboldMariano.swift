/// The test of equal accuracy of two forecasts, from their errors at the same times.
///
///     d[t] = L(first[t]) - L(second[t]),   statistic = mean(d) / sqrt(V / n) * sqrt((n + 1 - 2 h + h (h - 1) / n) / n)
///
/// V = c[0] + 2 sum of w[k] c[k] over k = 1 ... h - 1, with autocovariances c[k] of d (divisor n): errors h steps ahead are correlated
/// over h - 1 steps. The last factor is the small-sample correction of Harvey, Leybourne and Newbold, and the p value is that of
/// Student's t with n - 1 degrees of freedom. This is R's `forecast::dm.test`.
///
/// ```swift
/// let test = try DieboldMariano(mine, theirs, horizon: 3, loss: .absolute)
/// if test.pValue(.less) < 0.05 { print("mine are smaller") }
/// ```
///
/// Equal weights w[k] = 1 can give a negative V; the weights 1 - k / h of Bartlett are then used and ``usedBartlett`` says so.
/// Times with a missing error are left out; c[k] is then taken over the pairs that are k apart.
///
/// Sources: Diebold and Mariano, Journal of Business and Economic Statistics 13 (1995); Harvey, Leybourne and Newbold, International
/// Journal of Forecasting 13 (1997).
public struct DieboldMariano: Equatable, Sendable {
  public enum Loss: Sendable {
    case absolute
    case squared
  }

  /// What is held against equal accuracy.
  public enum Alternative: Sendable {
    case twoSided
    /// The first forecasts lose less.
    case less
    /// The first forecasts lose more.
    case greater
  }

  /// Negative if the first errors are smaller. It has no unit.
  public let statistic: Double
  /// The mean of d in units of loss: of the series, or its square.
  public let meanDifference: Double
  /// Times with both errors.
  public let count: Int
  public let usedBartlett: Bool

  public var degreesOfFreedom: Int { count - 1 }

  /// - Parameters:
  ///   - first: errors of the first forecasts in time order, NaN where missing.
  ///   - second: errors of the second ones at the same times.
  ///   - horizon: steps ahead, at least 1.
  ///   - bartlett: weights 1 - k / h from the start.
  /// - Throws: ``ForecastError/badHorizon(_:)``; ``ForecastError/tooFewObservations(model:needed:found:)`` with fewer than
  ///   max(3, horizon + 1) times; ``ForecastError/badDesign(model:reason:)`` for lists of different lengths, infinite errors, and
  ///   differences that never vary but are not zero. Identical losses give the statistic 0.
  public init(
    _ first: [Double], _ second: [Double], horizon: Int = 1, loss: Loss = .squared, bartlett: Bool = false
  ) throws(ForecastError) {
    let model = "Diebold-Mariano test"
    guard horizon >= 1 else { throw .badHorizon(horizon) }
    guard first.count == second.count else {
      throw .badDesign(model: model, reason: "\(first.count) errors of the first, \(second.count) of the second")
    }
    let magnitudes = (first + second).filter { !$0.isNaN }.map { abs($0) }
    let largest = magnitudes.max() ?? 0
    guard largest.isFinite else { throw .badDesign(model: model, reason: "an error is infinite") }
    let unit = largest > 0 ? largest.binade : 1
    func lost(_ error: Double) -> Double { loss == .absolute ? abs(error) / unit : (error / unit) * (error / unit) }
    let differences = zip(first, second).map { lost($0) - lost($1) }
    let usable = differences.filter { !$0.isNaN }
    let needed = max(3, horizon + 1)
    guard usable.count >= needed else { throw .tooFewObservations(model: model, needed: needed, found: usable.count) }
    let n = Double(usable.count)
    let mean = usable.reduce(0, +) / n
    let covariances = (0..<horizon).map { lag in
      var sum = 0.0
      for t in lag..<differences.count {
        let product = (differences[t] - mean) * (differences[t - lag] - mean)
        if !product.isNaN { sum += product }
      }
      return sum / n
    }
    func variance(_ bartlett: Bool) -> Double {
      covariances.enumerated().reduce(0.0) { sum, next in
        let weight = bartlett ? 1 - Double(next.offset) / Double(horizon) : 1
        return sum + (next.offset == 0 ? 1 : 2 * weight) * next.element
      }
    }
    let fallback = !bartlett && !(variance(false) > 0)
    let spread = variance(bartlett || fallback)
    count = usable.count
    usedBartlett = bartlett || (fallback && horizon > 1)
    meanDifference = loss == .absolute ? mean * unit : mean * unit * unit
    let smallest = Double.ulpOfOne * usable.reduce(0) { max($0, abs($1)) }
    if usable.allSatisfy({ $0 == 0 }) {
      statistic = 0
    } else if spread > smallest * smallest {
      let h = Double(horizon)
      let correction = max(n + 1 - 2 * h + h * (h - 1) / n, 0) / n
      statistic = mean / (spread / n).squareRoot() * correction.squareRoot()
    } else {
      throw .badDesign(model: model, reason: "the differences of the losses do not vary")
    }
  }

  /// The probability of a statistic at least as far out, if both are equally accurate.
  public func pValue(_ alternative: Alternative = .twoSided) -> Double {
    let degrees = Double(degreesOfFreedom)
    switch alternative {
    case .twoSided: return Distributions.studentTTwoSided(statistic, degreesOfFreedom: degrees)
    case .less: return Distributions.studentTCDF(statistic, degreesOfFreedom: degrees)
    case .greater: return Distributions.studentTCDF(-statistic, degreesOfFreedom: degrees)
    }
  }
}
