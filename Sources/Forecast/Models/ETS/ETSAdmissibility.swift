/// The region of smoothing parameters where the influence of old observations fades ("forecastable" models).
///
/// Without a season the usual bounds lie inside it. With one, all roots of the characteristic polynomial of the discount matrix
/// must lie inside the unit circle; the test is the recursion of Schur and Cohn, O(period^2), without finding a root.
///
/// Source: Hyndman, Akram and Archibald, Annals of the Institute of Statistical Mathematics 60 (2008).
package enum ETSAdmissibility {
  package static func isAdmissible(_ parameters: ETSParameters, form: ETSForm, period: Int) -> Bool {
    guard form.isSeasonal, period > 1 else { return true }
    let (alpha, gamma, phi) = (parameters.smoothingLevel, parameters.smoothingSeason, parameters.damping)
    let beta = form.hasTrend ? parameters.smoothingTrend : 0
    var coefficients: [Double]
    if form.hasTrend {
      // z^(m+1) + (alpha + beta - phi) z^m + (alpha + beta - alpha phi)(z^(m-1) + ... + z^2)
      //   + (alpha + beta - alpha phi + gamma - 1) z + phi (1 - alpha - gamma)
      coefficients = [1, alpha + beta - phi]
      coefficients += Array(repeating: alpha + beta - alpha * phi, count: period - 2)
      coefficients += [alpha + beta - alpha * phi + gamma - 1, phi * (1 - alpha - gamma)]
    } else {
      // The same for beta = 0, phi = 1 without its factor z - 1.
      coefficients = [1] + Array(repeating: alpha, count: period - 1) + [alpha + gamma - 1]
    }
    return hasRootsInsideUnitCircle(&coefficients)
  }

  /// - Parameter coefficients: highest power first, the first one positive; overwritten.
  static func hasRootsInsideUnitCircle(_ coefficients: inout [Double]) -> Bool {
    var degree = coefficients.count - 1
    while degree > 0 {
      let reflection = coefficients[degree] / coefficients[0]
      guard abs(reflection) < 1 + 1e-10 else { return false }
      var (i, j) = (0, degree)
      while i < j {
        let (a, b) = (coefficients[i], coefficients[j])
        coefficients[i] = a - reflection * b
        coefficients[j] = b - reflection * a
        i += 1
        j -= 1
      }
      if i == j { coefficients[i] *= 1 - reflection }
      degree -= 1
      guard coefficients[0] > 0 else { return false }
    }
    return true
  }
}
