import NumericKernels

/// The wild cluster bootstrap of one coefficient, for few clusters (Cameron, Gelbach and Miller, 2008).
///
///     y* = X b~ + v[g] e~,  v[g] = one random factor per cluster
///
/// b~ and e~ are estimated under the null hypothesis (WCR, restricted residuals); each draw is fitted anew and its t, with
/// CR1 cluster-robust errors, compared with the one observed. p is the share of draws with |t*| >= |t|. The interval
/// holds the values whose p is at least 1 - level, found by inverting the test with the same draws.
///
/// No draw is really fitted: t* is a ratio of forms in v whose cluster sums are computed once, and the restricted
/// residuals are linear in the null value (as in Roodman, MacKinnon, Nielsen and Webb, 2019), so a draw costs O(G²) and
/// every further null value O(1) per draw. Results depend on the stream and the order of the clusters' levels, not on the
/// order of rows.
///
/// ```swift
/// let boot = try WildClusterBootstrap(
///   fit, coefficient: "pci", clusters: sample.units, stream: RandomStream(seed: 1, id: "pci", purpose: .model))
/// print(boot.pValue, boot.interval.lower, boot.interval.upper)
/// ```
public struct WildClusterBootstrap: Sendable {
  /// The law of the factors of the clusters.
  public enum Factors: Equatable, Sendable {
    /// ±1 with equal probability; when 2^G does not exceed the number of draws, each vector of signs is used once.
    case rademacher
    /// ± sqrt(1/2), ± 1, ± sqrt(3/2) with equal probability (Webb, 2014): for fewer than about twelve clusters.
    case webb
  }

  /// The estimate, its CR1 t statistic about ``nullValue``, and G.
  public let estimate: Double
  public let statistic: Double
  public let clusterCount: Int
  public let nullValue: Double
  /// Two-sided, of "the coefficient is ``nullValue``".
  public let pValue: Double
  /// Infinite on a side where no null value is rejected: few clusters cannot give small p values.
  public let interval: CoefficientInterval
  public let level: Double
  /// Draws used; 2^G when ``isExhaustive``.
  public let draws: Int
  public let isExhaustive: Bool

  /// - Throws: `badDesign` for an unknown coefficient, clusters of another length or fewer than two, a level outside
  ///   0 to 1 or no draw; `tooFewObservations` without degrees of freedom.
  public init(
    _ fit: LinearRegression, coefficient name: String, clusters: Factor, null: Double = 0,
    factors: Factors = .rademacher, draws requested: Int = 9999, level: Double = 0.95, stream: RandomStream
  ) throws(ForecastError) {
    let model = "wild cluster bootstrap"
    guard let index = fit.names.firstIndex(of: name) else {
      throw .badDesign(model: model, reason: "\(name) is not an estimated coefficient")
    }
    guard requested > 0, level > 0, level < 1, null.isFinite else {
      throw .badDesign(
        model: model, reason: "\(requested) draws at level \(level) about \(null); give draws > 0 and a level in (0, 1)"
      )
    }
    let table = try fit.table(.clustered(by: clusters, correction: .groupsAndParameters))
    let chosen = clusters.selecting(rows: fit.usedRows)
    let groups = chosen.levels.count
    let error = table.covariance[index, index].squareRoot()
    let offset = fit.coefficients[index] - null
    estimate = fit.coefficients[index]
    statistic = offset / error
    clusterCount = groups
    nullValue = null
    self.level = level
    isExhaustive = factors == .rademacher && groups < 31 && (1 << groups) <= requested
    draws = isExhaustive ? 1 << groups : requested

    let forms = try BootstrapForms(fit, index: index, clusters: chosen, model: model)
    let law = try forms.law(factors: factors, draws: draws, exhaustive: isExhaustive, stream: stream)
    pValue = law.pValue(offset)
    // p is 1 at the estimate (offset 0) and falls, not always monotonically, on both sides.
    let alpha = 1 - level
    func bound(_ sign: Double) -> Double {
      var inside = 0.0
      var outside = sign * error
      var tries = 0
      while law.pValue(outside) >= alpha {
        inside = outside
        outside *= 1.5
        tries += 1
        // 80,000 standard errors away; further out rounding would decide.
        if tries > 28 { return sign * .infinity }
      }
      for _ in 0..<60 {
        let middle = 0.5 * (inside + outside)
        if law.pValue(middle) >= alpha { inside = middle } else { outside = middle }
      }
      return inside
    }
    guard error > 0 else {
      interval = CoefficientInterval(lower: .nan, upper: .nan)
      return
    }
    // An offset d stands for the null value estimate - d.
    interval = CoefficientInterval(lower: estimate - bound(1), upper: estimate - bound(-1))
  }
}

/// Cluster sums from which every draw's t follows. With z the column left after the others and the effects, û the
/// residuals and d = estimate - null value, the restricted residuals are û + d z.
private struct BootstrapForms {
  /// Sums over each cluster of z û and z².
  private var linear: [[Double]]
  /// Element (g, h): sum over cluster h of (residuals of z restricted to g) times û, and times z.
  private var quadratic: [Matrix]

  init(_ fit: LinearRegression, index: Int, clusters: Factor, model: String) throws(ForecastError) {
    let groups = clusters.levels.count
    let design = fit.weightedDesign
    let rows = design.rowCount
    let columns = design.columnCount
    let residuals = fit.usedRows.indices.map { fit.residuals[fit.usedRows[$0]] * fit.rootWeights[$0] }
    let share = (0..<columns).map { fit.inverseGram[$0, index] / fit.inverseGram[index, index] }
    var projection: EffectsProjection?
    if let factors = fit.effectFactors {
      projection = try EffectsProjection(sets: factors, weights: fit.rootWeights.map { $0 * $0 }, model: model)
    }
    do {
      let z = try design.multiplied(by: share)
      linear = [clusters.sums(of: zip(z, residuals).map { $0 * $1 }), clusters.sums(of: z.map { $0 * $0 })]
      quadratic = [Matrix(rowCount: groups, columnCount: groups), Matrix(rowCount: groups, columnCount: groups)]
      for group in 0..<groups {
        var part = (0..<rows).map { clusters.codes[$0] == group ? z[$0] : 0 }
        let loading = try fit.inverseGram.multiplied(by: design.multiplied(by: part, transposed: true))
        if let projection {
          part = try projection.project(zip(part, fit.rootWeights).map { $0 / $1 }).residuals
          for row in 0..<rows { part[row] *= fit.rootWeights[row] }
        }
        let fitted = try design.multiplied(by: loading)
        for row in 0..<rows {
          let left = part[row] - fitted[row]
          quadratic[0][group, clusters.codes[row]] += left * residuals[row]
          quadratic[1][group, clusters.codes[row]] += left * z[row]
        }
      }
    } catch let error as ForecastError {
      throw error
    } catch {
      throw .badDesign(model: model, reason: "\(error)")
    }
  }

  func law(
    factors: WildClusterBootstrap.Factors, draws: Int, exhaustive: Bool, stream: RandomStream
  ) throws(ForecastError) -> BootstrapLaw {
    let groups = linear[0].count
    var law = BootstrapLaw(score: linear[0], draws: draws, clusters: linear[1])
    let block = 512
    var uniforms = [Double](repeating: 0, count: block)
    for first in stride(from: 0, to: draws, by: block) {
      let count = min(block, draws - first)
      var signs = Matrix(rowCount: groups, columnCount: count)
      for group in 0..<groups {
        if exhaustive {
          for draw in 0..<count { signs[group, draw] = ((first + draw) >> group) & 1 == 1 ? -1 : 1 }
          continue
        }
        uniforms.withUnsafeMutableBufferPointer { stream.uniforms(item: group, firstDraw: first, into: $0) }
        for draw in 0..<count {
          switch factors {
          case .rademacher: signs[group, draw] = uniforms[draw] < 0.5 ? -1 : 1
          case .webb:
            let side = min(Int(uniforms[draw] * 6), 5)
            let size = (0.5 * Double(1 + side % 3)).squareRoot()
            signs[group, draw] = side < 3 ? -size : size
          }
        }
      }
      do {
        let plain = try quadratic[0].multiplied(by: signs)
        let shifted = try quadratic[1].multiplied(by: signs)
        for draw in 0..<count {
          var entry = BootstrapLaw.Draw()
          for group in 0..<groups {
            let (v, a, b) = (signs[group, draw], plain[group, draw], shifted[group, draw])
            entry.score += linear[0][group] * v
            entry.scoreSlope += linear[1][group] * v
            entry.variance += a * a
            entry.variancePerOffset += 2 * a * b
            entry.variancePerSquare += b * b
          }
          law.entries.append(entry)
        }
      } catch {
        throw .badDesign(model: "wild cluster bootstrap", reason: "\(error)")
      }
    }
    return law
  }
}

/// All draws, ready for any null value.
private struct BootstrapLaw {
  /// t* is (score + d scoreSlope) / sqrt(variance + d variancePerOffset + d² variancePerSquare) up to a constant.
  struct Draw {
    var score = 0.0
    var scoreSlope = 0.0
    var variance = 0.0
    var variancePerOffset = 0.0
    var variancePerSquare = 0.0
  }
  var entries: [Draw] = []
  private let length: Double
  private let spread: Double

  init(score: [Double], draws: Int, clusters: [Double]) {
    length = Reductions.sum(clusters)
    spread = Reductions.sum(score.map { $0 * $0 })
    entries.reserveCapacity(draws)
  }

  /// Of the null value `estimate - offset`. Draws equal to the observed t up to rounding (all signs alike) count.
  func pValue(_ offset: Double) -> Double {
    let observed = offset * length * (offset * length) / spread * (1 - 1e-9)
    var count = 0
    for entry in entries {
      let top = entry.score + offset * entry.scoreSlope
      let bottom = entry.variance + offset * (entry.variancePerOffset + offset * entry.variancePerSquare)
      if top * top >= observed * bottom { count += 1 }
    }
    return Double(count) / Double(entries.count)
  }
}
