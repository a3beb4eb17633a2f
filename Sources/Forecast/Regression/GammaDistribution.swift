import NumericKernels

/// Gamma and Poisson functions made of +, -, *, / and ``VectorMath`` only: the same bits on every machine.
extension Distributions {
  /// log Γ(x) for x > 0, by Stirling's series after shifting small arguments above 12.
  ///
  /// Absolute error below 1e-14 for x < 12 (so not relative near the zeros at 1 and 2), relative error below 1e-15
  /// beyond. +inf at 0, NaN for negative arguments.
  public static func logGamma(_ x: Double) -> Double {
    guard x > 0 else { return x == 0 ? .infinity : .nan }
    guard x.isFinite else { return x }
    var argument = x
    var product = 1.0
    while argument < 12 {
      product *= argument
      argument += 1
    }
    let logArgument = VectorMath.log(argument)
    // halfLogTwoPi = log(2π) / 2
    let halfLogTwoPi = 0.918938533204672742
    let stirling = (argument - 0.5) * logArgument - argument + halfLogTwoPi + stirlingCorrection(argument)
    return product == 1 ? stirling : stirling - VectorMath.log(product)
  }

  /// The remainder of Stirling's formula, log Γ(x) - ((x - 1/2) log x - x + log(2π)/2): sum of B(2k) / (2k (2k-1)
  /// x^(2k-1)), to better than 1e-17 for x >= 12.
  static func stirlingCorrection(_ x: Double) -> Double {
    let inverse = 1 / x
    let square = inverse * inverse
    var sum = -3617.0 / 122400
    sum = sum * square + 1.0 / 156
    sum = sum * square - 691.0 / 360360
    sum = sum * square + 1.0 / 1188
    sum = sum * square - 1.0 / 1680
    sum = sum * square + 1.0 / 1260
    sum = sum * square - 1.0 / 360
    sum = sum * square + 1.0 / 12
    return sum * inverse
  }

  /// Both tails of a gamma variable of the given shape and scale 1 at x: lower P(a, x) and upper Q(a, x) = 1 - P(a, x),
  /// the smaller of the two to about 1e-13 relative (times 1e-16 a for very large shapes).
  ///
  /// Series below x = a + 1, Legendre's continued fraction (Lentz's method) above. NaN unless shape > 0 and x >= 0.
  public static func gammaTails(shape: Double, _ x: Double) -> (lower: Double, upper: Double) {
    guard shape > 0, shape.isFinite, x >= 0 else { return (.nan, .nan) }
    if x == 0 { return (0, 1) }
    if x == .infinity { return (1, 0) }
    // front = x^a e^-x / Γ(a)
    let front = VectorMath.exp(logGammaFront(shape: shape, x))
    if x < shape + 1 {
      var term = 1 / shape
      var sum = term
      var denominator = shape
      while term > sum * 1e-17 {
        denominator += 1
        term *= x / denominator
        sum += term
      }
      let lower = min(1, front * sum)
      return (lower, 1 - lower)
    }
    var b = x + 1 - shape
    var c = 1e300
    var d = 1 / b
    var fraction = d
    var k = 1.0
    while k < 1e6 {
      let numerator = -k * (k - shape)
      b += 2
      d = numerator * d + b
      if abs(d) < 1e-300 { d = 1e-300 }
      c = b + numerator / c
      if abs(c) < 1e-300 { c = 1e-300 }
      d = 1 / d
      let factor = c * d
      fraction *= factor
      if abs(factor - 1) < 2e-16 { break }
      k += 1
    }
    let upper = min(1, front * fraction)
    return (1 - upper, upper)
  }

  /// log(x^a e^-x / Γ(a)); for large shapes the Stirling terms are taken together to keep digits.
  private static func logGammaFront(shape a: Double, _ x: Double) -> Double {
    if a < 12 { return a * VectorMath.log(x) - x - logGamma(a) }
    let halfLogTwoPi = 0.918938533204672742
    let entropy = a * logRatioExcess(x / a, difference: (x - a) / a)
    return entropy + 0.5 * VectorMath.log(a) - halfLogTwoPi - stirlingCorrection(a)
  }

  /// log r - (r - 1), given r and r - 1: by its series near r = 1, where the two terms cancel.
  private static func logRatioExcess(_ ratio: Double, difference d: Double) -> Double {
    guard abs(d) < 0.1 else { return VectorMath.log(ratio) - d }
    // log r = 2 artanh(s) with s = d / (2 + d); d = 2 s + s d.
    let s = d / (2 + d)
    let square = s * s
    var series = 0.0
    for k in stride(from: 19, through: 3, by: -2) { series = series * square + 1 / Double(k) }
    return 2 * s * square * series - s * d
  }

  /// The quantile of a gamma variable of the given shape and scale 1: x with P(shape, x) = uniform.
  ///
  /// Newton steps on the logarithm of the smaller tail in log x (where it is concave), kept inside a bracket. Relative
  /// error below 1e-9, usually 1e-13. Underflows to 0 for tiny shapes with small uniforms.
  ///
  /// - Returns: 0 at `uniform` 0, infinity at 1, NaN outside [0, 1] or for a shape that is not positive and finite.
  public static func gammaQuantile(shape: Double, uniform: Double) -> Double {
    guard shape > 0, shape.isFinite, uniform >= 0, uniform <= 1 else { return .nan }
    if uniform == 0 { return 0 }
    if uniform == 1 { return .infinity }
    let useLower = uniform <= 0.5
    let logTarget = VectorMath.log(useLower ? uniform : 1 - uniform)
    // P(a, x) <= x^a / Γ(a + 1): a lower bound of the quantile and, for small shapes, nearly the quantile itself.
    var t = (VectorMath.log(uniform) + logGamma(shape + 1)) / shape
    var low = t
    if t < -700 { return VectorMath.exp(t) }
    var high = Double.infinity
    let z = VectorMath.normalQuantile(uniform)
    // Wilson and Hilferty (1931).
    let cube = 1 - 1 / (9 * shape) + z / (3 * shape.squareRoot())
    if shape > 0.5, cube > 0.1 { t = max(low, VectorMath.log(shape * cube * cube * cube)) }
    for _ in 0..<200 {
      let x = VectorMath.exp(t)
      let tails = gammaTails(shape: shape, x)
      let tail = useLower ? tails.lower : tails.upper
      let above = useLower ? tails.lower > uniform : tails.upper < 1 - uniform
      if above { high = min(high, t) } else { low = max(low, t) }
      let density = VectorMath.exp(logGammaFront(shape: shape, x))
      var next = Double.nan
      if tail > 0, density > 0 {
        let step = (logTarget - VectorMath.log(tail)) * tail / density
        next = useLower ? t + step : t - step
      }
      if !(next >= low && next <= high) { next = high.isFinite ? 0.5 * (low + high) : t + 1 }
      let change = next - t
      t = next
      if abs(change) < 1e-14 * max(1, abs(t)) { break }
    }
    return VectorMath.exp(t)
  }

  /// The quantile of a Poisson variable: the smallest whole k with P(N <= k) >= uniform, as a `Double` so that NaN can
  /// pass.
  ///
  /// Inversion, so it grows with the mean and with the uniform: common uniforms give counts that only rise when the
  /// mean rises. Small means sum the probabilities; larger ones start at the Cornish-Fisher approximation and step from
  /// there, with the tail from ``gammaTails(shape:_:)``. Exact unless `uniform` lies within about 1e-13 of a step.
  ///
  /// - Returns: 0 for mean 0 or uniform 0; infinity at uniform 1 (mean > 0); NaN for a negative or non-finite mean or a
  ///   uniform outside [0, 1].
  public static func poissonQuantile(mean: Double, uniform: Double) -> Double {
    guard mean >= 0, mean.isFinite, uniform >= 0, uniform <= 1 else { return .nan }
    if mean == 0 || uniform == 0 { return 0 }
    if uniform == 1 { return .infinity }
    if mean < 16, uniform < 0.999 {
      var k = 0.0
      var probability = VectorMath.exp(-mean)
      var cumulated = probability
      while cumulated < uniform, k < 1000 {
        k += 1
        probability *= mean / k
        cumulated += probability
      }
      return k
    }
    let z = VectorMath.normalQuantile(uniform)
    let guess = mean + mean.squareRoot() * z + (z * z - 1) / 6
    var k = max(0, guess.rounded(.down))
    // Whether P(N <= k) >= uniform, in whichever tail keeps the digits: P(N <= k) = Q(k + 1, mean).
    func reaches(_ k: Double) -> Bool {
      let tails = gammaTails(shape: k + 1, mean)
      return uniform <= 0.5 ? tails.upper >= uniform : tails.lower <= 1 - uniform
    }
    if reaches(k) {
      while k > 0, reaches(k - 1) { k -= 1 }
    } else {
      repeat { k += 1 } while !reaches(k)
    }
    return k
  }
}
