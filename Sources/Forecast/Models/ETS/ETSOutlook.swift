/// The end of a fitted ``ETS`` in normalised units, and the moments of what comes after it.
///
/// Additive forms (class 1): variance[h] = sigma^2 (1 + c_1^2 + ... + c_(h-1)^2), c_j = alpha + beta (phi + ... + phi^j) + gamma if
/// the period divides j. Multiplicative errors on additive states (class 2): theta_h = mean_h^2 + sigma^2 (c_1^2 theta_(h-1) + ... +
/// c_(h-1)^2 theta_1), variance[h] = (1 + sigma^2) theta_h - mean_h^2. Multiplicative season (class 3): means and covariances of the
/// products of level and trend with each seasonal state, which move through the period without mixing; the book's matrices of
/// size 2 period then fall apart into one 2 x 2 block per season, and a step costs O(1).
///
/// Source: Hyndman, Koehler, Ord and Snyder (2008), section 6.2 to 6.5 and table 6.2.
struct ETSOutlook: Equatable, Sendable {
  let form: ETSForm
  let period: Int
  let parameters: ETSParameters
  /// After the last usable observation.
  let states: ETSStates
  /// sigma
  let deviation: Double
  /// Missing values after the last usable one.
  let skipped: Int
  let origin: Double
  let unit: Double

  /// Means and deviations of steps 1 ... horizon after the end of the series, in its unit.
  func moments(horizon: Int) -> (mean: [Double], deviations: [Double]) {
    let steps = horizon + skipped
    let (means, variances) = form.season == .multiplicative ? products(steps) : sums(steps)
    return (
      means[skipped...].map { origin + $0 * unit }, variances[skipped...].map { max($0, 0).squareRoot() * unit }
    )
  }

  private func sums(_ steps: Int) -> ([Double], [Double]) {
    let p = parameters
    var (means, responses) = ([Double](), [Double]())
    var (power, sum) = (1.0, 0.0)
    for j in 1...steps {
      power *= p.damping
      sum += power
      means.append(
        states.level + sum * states.trend + (form.isSeasonal ? states.season[(j - 1) % period] : 0))
      responses.append(
        p.smoothingLevel + p.smoothingTrend * sum + (form.isSeasonal && j % period == 0 ? p.smoothingSeason : 0))
    }
    let sigma2 = deviation * deviation
    var variances = [Double]()
    if form.isAdditive {
      var total = 1.0
      for j in 0..<steps {
        variances.append(sigma2 * total)
        total += responses[j] * responses[j]
      }
      return (means, variances)
    }
    var thetas = [Double]()
    for h in 0..<steps {
      var spread = 0.0
      for j in 0..<h { spread += responses[j] * responses[j] * thetas[h - 1 - j] }
      let square = means[h] * means[h]
      thetas.append(square + sigma2 * spread)
      variances.append(sigma2 * (square + (1 + sigma2) * spread))
    }
    return (means, variances)
  }

  /// Mean and covariance of (level, trend) times one seasonal state.
  private struct Product {
    var level: Double
    var trend: Double
    var levelLevel = 0.0
    var levelTrend = 0.0
    var trendTrend = 0.0
  }

  private func products(_ steps: Int) -> ([Double], [Double]) {
    let (alpha, beta, gamma) = (parameters.smoothingLevel, parameters.smoothingTrend, parameters.smoothingSeason)
    let phi = parameters.damping
    let sigma2 = deviation * deviation
    var ring = states.season.map { Product(level: states.level * $0, trend: states.trend * $0) }
    var (means, variances) = ([Double](), [Double]())
    for h in 0..<steps {
      let current = h % period
      let x = ring[current]
      let mean = x.level + phi * x.trend
      let spread = x.levelLevel + 2 * phi * x.levelTrend + phi * phi * x.trendTrend
      means.append(mean)
      variances.append(sigma2 * mean * mean + (1 + sigma2) * spread)
      // (F + G e) x for the other seasons, (F + (G + gamma F) e + gamma G e^2) x for the current one.
      for j in 0..<period {
        let g = j == current ? gamma : 0
        let x = ring[j]
        let forward = x.level + phi * x.trend
        let carried = phi * x.trend
        let a = (forward, carried)
        let b = (alpha * forward + g * forward, beta * forward + g * carried)
        let c = (g * alpha * forward, g * beta * forward)
        var next = Product(level: a.0 + sigma2 * c.0, trend: a.1 + sigma2 * c.1)
        // Second moments of the linear maps of the centred product.
        let ff = x.levelLevel + 2 * phi * x.levelTrend + phi * phi * x.trendTrend
        let fc = phi * (x.levelTrend + phi * x.trendTrend)
        let cc = phi * phi * x.trendTrend
        // Each map is (u forward + v carried): rows of F are (1, 0), (0, 1) in these coordinates.
        func form(_ l: (Double, Double), _ r: (Double, Double)) -> Double {
          l.0 * r.0 * ff + (l.0 * r.1 + l.1 * r.0) * fc + l.1 * r.1 * cc
        }
        let a0 = (1.0, 0.0)
        let a1 = (0.0, 1.0)
        let b0 = (alpha + g, 0.0)
        let b1 = (beta, g)
        let c0 = (g * alpha, 0.0)
        let c1 = (g * beta, 0.0)
        func entry(
          _ a: (Double, Double), _ b: (Double, Double), _ c: (Double, Double), _ a2: (Double, Double),
          _ b2: (Double, Double), _ c2: (Double, Double), _ bb: Double, _ ccMean: Double
        ) -> Double {
          form(a, a2) + sigma2 * (form(b, b2) + bb + form(c, a2) + form(a, c2))
            + sigma2 * sigma2 * (3 * form(c, c2) + 2 * ccMean)
        }
        next.levelLevel = entry(a0, b0, c0, a0, b0, c0, b.0 * b.0, c.0 * c.0)
        next.levelTrend = entry(a0, b0, c0, a1, b1, c1, b.0 * b.1, c.0 * c.1)
        next.trendTrend = entry(a1, b1, c1, a1, b1, c1, b.1 * b.1, c.1 * c.1)
        ring[j] = next
      }
    }
    return (means, variances)
  }
}
