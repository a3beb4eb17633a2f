/// The standard normal law, from arithmetic and ``VectorMath`` alone: the same bits on every machine (which `erfc` of
/// the C library does not promise).
public enum StandardNormal {
  /// P(Z <= z). Relative error of the smaller tail under 1e-14 down to the smallest normal numbers; 0 below -38, 1
  /// above 8.3; NaN stays NaN.
  ///
  /// Rational Chebyshev approximations on three ranges by Cody, "Rational Chebyshev approximations for the error
  /// function", Mathematics of Computation 23 (1969), in the form for the normal law of his "Algorithm 715", ACM
  /// Transactions on Mathematical Software 19 (1993).
  public static func cumulative(_ z: Double) -> Double {
    if z.isNaN { return .nan }
    let x = abs(z)
    guard x <= 38 else { return z < 0 ? 0 : 1 }
    guard x > 0.67448975 else { return 0.5 + z * central(z * z) }
    let tail = density(x) * (x <= 5.656854249492380 ? middle(x) : outer(x))
    return z > 0 ? 1 - tail : tail
  }

  /// exp(-x² / 2), with x² taken apart so that its rounding does not grow with it.
  private static func density(_ x: Double) -> Double {
    let coarse = (16 * x).rounded(.towardZero) / 16
    let rest = (x - coarse) * (x + coarse)
    return VectorMath.exp(-0.5 * coarse * coarse) * VectorMath.exp(-0.5 * rest)
  }

  private static func central(_ square: Double) -> Double {
    polynomial(square, centralAbove) / polynomial(square, centralBelow)
  }

  private static func middle(_ x: Double) -> Double { polynomial(x, middleAbove) / polynomial(x, middleBelow) }

  private static func outer(_ x: Double) -> Double {
    let inverse = 1 / (x * x)
    return (0.39894228040143267794 - inverse * polynomial(inverse, outerAbove) / polynomial(inverse, outerBelow)) / x
  }

  /// Horner's rule, highest power first.
  private static func polynomial(_ x: Double, _ coefficients: [Double]) -> Double {
    var value = 0.0
    for coefficient in coefficients { value = value * x + coefficient }
    return value
  }

  private static let centralAbove = [
    6.5682337918207449113e-2, 2.2352520354606839287, 1.6102823106855587881e2, 1.0676894854603709582e3,
    1.8154981253343561249e4,
  ]
  private static let centralBelow = [
    1, 4.720258190468824187e1, 9.7609855173777669322e2, 1.0260932208618978205e4, 4.5507789335026729956e4,
  ]
  private static let middleAbove = [
    1.0765576773720192317e-8, 3.9894151208813466764e-1, 8.8831497943883759412, 9.3506656132177855979e1,
    5.9727027639480026226e2, 2.4945375852903726711e3, 6.8481904505362823326e3, 1.1602651437647350124e4,
    9.8427148383839780218e3,
  ]
  private static let middleBelow = [
    1, 2.2266688044328115691e1, 2.3538790178262499861e2, 1.519377599407554805e3, 6.485558298266760755e3,
    1.8615571640885098091e4, 3.4900952721145977266e4, 3.8912003286093271411e4, 1.9685429676859990727e4,
  ]
  private static let outerAbove = [
    2.307344176494017303e-2, 2.1589853405795699e-1, 1.274011611602473639e-1, 2.2235277870649807e-2,
    1.421619193227893466e-3, 2.9112874951168792e-5,
  ]
  private static let outerBelow = [
    1, 1.28426009614491121, 4.68238212480865118e-1, 6.59881378689285515e-2, 3.78239633202758244e-3,
    7.29751555083966205e-5,
  ]
}
