import NumericKernels

/// The joint test of linear restrictions R b = q.
///
///     W = (R b - q)' (R V R')⁻¹ (R b - q),  F = W / rows of R
///
/// V is the table's covariance, so the test is as robust as the table (Wald, 1943).
public struct LinearHypothesisTest: Equatable, Sendable {
  /// W.
  public let waldStatistic: Double
  /// The number of restrictions.
  public let restrictions: Int
  /// Degrees of freedom of the table's t, infinite for a normal table.
  public let denominatorDegreesOfFreedom: Double

  public var fStatistic: Double { waldStatistic / Double(restrictions) }
  /// P(χ² >= W), the large-sample value.
  public var chiSquaredPValue: Double {
    Distributions.chiSquaredUpperTail(waldStatistic, degreesOfFreedom: Double(restrictions))
  }
  /// P(F >= W / restrictions); with a normal table the same as ``chiSquaredPValue``.
  public var pValue: Double {
    Distributions.fisherUpperTail(fStatistic, Double(restrictions), denominatorDegreesOfFreedom)
  }
}

extension CoefficientTable {
  /// Tests restrictions jointly, each given as weights of coefficients by name.
  ///
  /// ```swift
  /// // b1 + b2 = 1 and b3 = 0
  /// let test = try table.test([["b1": 1, "b2": 1], ["b3": 1]], equal: [1, 0])
  /// ```
  ///
  /// - Throws: `badDesign` for no restriction, a name that is not estimated, or another number of values;
  ///   `notIdentified` if a restriction repeats others or concerns coefficients without variance.
  public func test(
    _ restrictions: [[String: Double]], equal values: [Double]? = nil
  ) throws(ForecastError) -> LinearHypothesisTest {
    let model = "linear hypothesis"
    let count = restrictions.count
    let right = values ?? [Double](repeating: 0, count: count)
    guard count > 0, right.count == count, right.allSatisfy(\.isFinite) else {
      throw .badDesign(
        model: model, reason: "\(count) restrictions with \(right.count) values; give one finite value for each")
    }
    var matrix = Matrix(rowCount: count, columnCount: names.count)
    for (row, restriction) in restrictions.enumerated() {
      for (name, weight) in restriction {
        guard let column = names.firstIndex(of: name) else {
          let why = aliased.contains(name) ? "is aliased with other columns" : "is not a coefficient"
          throw .badDesign(
            model: model, reason: "\(name) \(why); the estimated ones are \(names.joined(separator: ", "))")
        }
        matrix[row, column] = weight
      }
    }
    do {
      var gap = try matrix.multiplied(by: estimates)
      var variance = try matrix.multiplied(by: covariance).multiplied(by: matrix.transposed)
      // Scaled to a correlation matrix, so that units do not decide whether it counts as singular.
      let scales = (0..<count).map { variance[$0, $0].squareRoot() }
      let unidentified = ForecastError.notIdentified(model: model, term: "a restriction")
      guard scales.allSatisfy({ $0 > 0 }) else { throw unidentified }
      for a in 0..<count {
        gap[a] = (gap[a] - right[a]) / scales[a]
        for b in 0..<count { variance[a, b] /= scales[a] * scales[b] }
      }
      let factor = try variance.cholesky()
      guard try factor.reciprocalCondition(oneNorm: variance.oneNorm) > 1e-14 else { throw unidentified }
      let solved = try factor.solve(gap)
      var degrees = Double.infinity
      if case .studentT(let found) = reference { degrees = found }
      return LinearHypothesisTest(
        waldStatistic: Reductions.sum(zip(gap, solved).map { $0 * $1 }), restrictions: count,
        denominatorDegreesOfFreedom: degrees)
    } catch let error as ForecastError {
      throw error
    } catch {
      throw .notIdentified(model: model, term: "a restriction")
    }
  }

  /// Tests that the named coefficients are all zero.
  public func test(zero names: [String]) throws(ForecastError) -> LinearHypothesisTest {
    try test(names.map { [$0: 1] })
  }

  /// Confidence intervals of the coefficients, in the order of ``names``: estimate ± quantile * standard error.
  ///
  /// - Throws: `badDesign` unless 0 < level < 1.
  public func intervals(level: Double = 0.95) throws(ForecastError) -> [CoefficientInterval] {
    let reach = try reference.reach(level: level)
    return zip(estimates, standardErrors).map { CoefficientInterval(lower: $0 - reach * $1, upper: $0 + reach * $1) }
  }
}

extension ReferenceDistribution {
  /// The x with P(|X| <= x) = level.
  func reach(level: Double) throws(ForecastError) -> Double {
    guard level > 0, level < 1 else {
      throw .badDesign(model: "confidence interval", reason: "the level is \(level); give one between 0 and 1")
    }
    switch self {
    case .normal: return -VectorMath.normalQuantile(0.5 * (1 - level))
    case .studentT(let degrees):
      return Distributions.studentTTwoSidedQuantile(1 - level, degreesOfFreedom: degrees)
    }
  }
}

/// A lower and an upper bound.
public struct CoefficientInterval: Equatable, Sendable {
  public let lower: Double
  public let upper: Double

  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }
}
