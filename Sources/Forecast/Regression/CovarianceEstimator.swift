/// How the covariance of coefficients is estimated.
///
/// All but the first are sandwiches A B A: A is the inverse of X'WX (or of the information), B the covariance of the
/// scores s[i] = w[i] x[i] e[i]. N rows, K parameters (all fixed effects counted), G clusters.
public enum CovarianceEstimator: Equatable, Sendable {
  /// From the model's own variance: s² (X'WX)⁻¹ for least squares, (X'WX)⁻¹ for Poisson.
  case classical
  /// Rows independent, each with a variance of its own: B = sum of s[i] s[i]' times a factor of the row.
  case heteroskedastic(HeteroskedasticityCorrection)
  /// Rows dependent over time, less and less with distance: see ``NeweyWestOptions``.
  ///
  /// Rows are taken in the order given. In a regression on a panel they are ordered by period within each unit, and
  /// only rows of one unit count as dependent, at the distance of their periods (as plm's `vcovNW`).
  case neweyWest(NeweyWestOptions)
  /// The cluster-robust sandwich A (sum over clusters of s_g s_g') A: rows of one cluster may be dependent in any way.
  /// The factor covers the rows the regression was given (for a panel, usually `sample.units`).
  case clustered(by: Factor, correction: ClusterCorrection)
  /// Dependence within either of two groupings (Cameron, Gelbach and Miller, 2011): V(first) + V(second) - V(cells).
  ///
  /// The difference need not be positive semi-definite; negative eigenvalues are set to zero, and the table says so in
  /// ``CoefficientTable/isRepaired``. A repaired covariance depends on the units of the columns, and was formed from
  /// too few clusters to trust.
  case twoWayClustered(
    by: Factor, and: Factor, correction: ClusterCorrection, groupFactor: TwoWayGroupFactor = .ownGroups)

  /// Newey-West with the bandwidth of Newey and West (1994), no prewhitening, no small-sample factor.
  public static var neweyWest: CovarianceEstimator { .neweyWest(NeweyWestOptions()) }
}

/// The factor on e[i]² of the covariance that is robust to unequal variances (MacKinnon and White, 1985); h[i] is the
/// leverage of row i, fixed effects included.
///
/// A row that has a fixed effect to itself says nothing about the coefficients and adds nothing in any of them.
public enum HeteroskedasticityCorrection: String, Equatable, Sendable, CaseIterable {
  /// 1 (White, 1980).
  case hc0
  /// N / (N - K).
  case hc1
  /// 1 / (1 - h[i]): unbiased when the variances are equal.
  case hc2
  /// 1 / (1 - h[i])²: close to the jackknife, the safest below some 250 rows (Long and Ervin, 2000).
  case hc3
}

/// The small-sample factor of the cluster-robust covariance; G clusters, N rows, K parameters, all fixed effects
/// counted.
public enum ClusterCorrection: Equatable, Sendable {
  /// No factor (CR0).
  case none
  /// G / (G - 1).
  case groups
  /// G / (G - 1) * (N - 1) / (N - K) (CR1, as Stata and fixest for least squares).
  case groupsAndParameters
}

/// Which G the factor G / (G - 1) of a two-way clustered covariance takes.
public enum TwoWayGroupFactor: Equatable, Sendable {
  /// Each of the three parts its own, as Cameron, Gelbach and Miller (2011) and R's sandwich.
  case ownGroups
  /// The smaller of the two groupings for all parts, as fixest (`cluster.df = "min"`).
  case smallestGroups
}

/// How the covariance of Newey and West (1987) is formed:
///
///     B = Γ(0) + sum over l = 1...L of (1 - l / (L + 1)) (Γ(l) + Γ(l)'),  Γ(l) = sum of s[t] s[t-l]'
public struct NeweyWestOptions: Equatable, Sendable {
  public enum Bandwidth: Equatable, Sendable {
    /// The number of lags L >= 0.
    case lags(Int)
    /// The plug-in of Newey and West (1994) with the truncation 4 (n/100)^(2/9) (3 when prewhitened), rounded down:
    /// L = floor(1.1447 (s1/s0)^(2/3) n^(1/3)), the intercept's scores left out. As sandwich's `bwNeweyWest`; for a
    /// single series only. It depends on the units of the columns, whose scores it adds up.
    case automatic
  }

  public var bandwidth: Bandwidth
  /// Whether a first-order vector autoregression is taken out of the scores first and put back after (Andrews and
  /// Monahan, 1992). For a single series only.
  public var prewhitened: Bool
  /// Whether the result is multiplied by N / (N - K).
  public var adjusted: Bool

  public init(bandwidth: Bandwidth = .automatic, prewhitened: Bool = false, adjusted: Bool = false) {
    self.bandwidth = bandwidth
    self.prewhitened = prewhitened
    self.adjusted = adjusted
  }
}
