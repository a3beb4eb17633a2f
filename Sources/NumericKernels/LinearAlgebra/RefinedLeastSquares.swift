/// Least squares to the last digits: a double-precision QR whose triangular factor and solution are improved in
/// double-double arithmetic.
///
///     minimise over x the sum of w[i] (b[i] - a[i]'x)²
///
/// 1. Rows are multiplied by sqrt(w) and columns by powers of two, to a length between 1/2 and 1 (no rounding).
/// 2. LAPACK's pivoted Householder QR gives R in double precision, and the ranks (see below).
/// 3. The rows t' of A R⁻¹, nearly orthonormal, are formed in double-double with their Gram matrix G; then R := chol(G) R
///    satisfies R'R = A'A to 2⁻¹⁰⁰ or so, free of the condition number that spoils A'A itself (the second pass of
///    Cholesky-QR; Yamamoto, Nakatsukasa, Yanagisawa and Fukaya, ETNA 44, 2015).
/// 4. x and the residual r = b - A x are refined together in double-double until the correction R'R dx = A'r falls no
///    more. This is the refinement of the augmented system r + A x = b, A'r = 0 (Björck, BIT 7, 1967; BIT 8, 1968). It
///    departs from Björck's in that r is carried in double-double, so that the first equation always holds and the
///    correction is that of the second equation alone, and in that it is solved with the improved R instead of Q.
/// 5. (A'A)⁻¹ = R⁻¹R⁻ᵀ in double-double, for standard errors.
///
/// With condition number κ of the scaled columns, 31 - 2 log10(κ) - log10(|r| / |A x|) digits of x are right, at most the 31
/// that a double-double holds; without residual it is 31 - log10(κ). So 15 digits come out up to κ = 1e8 always, and for a
/// residual of a thousandth up to κ = 1e9; at κ = 1e15 only where the residual vanishes. The columns' own rounding matters
/// earlier: powers of a variable should be given with their low parts.
///
/// **Rank.** Columns are taken in their order; one whose part orthogonal to the columns kept before it is shorter than
/// `rankTolerance` of its length is dependent. It is left out, and ``dependencies`` says of which columns it is made. A
/// column of zeros is dependent on none.
///
/// ```swift
/// let fit = try RefinedLeastSquares(columns: [ones, x], outcome: y)
/// print(fit.coefficients[1].value, fit.inverseGram[1, 1], fit.iterations)
/// ```
///
/// Cost: about n p (p + 10) double-double multiplications (7 to 9 ns each on x86-64 built without FMA, where each is a call)
/// besides the QR: 4 to 10 times a double-precision solve; memory for 4 n p doubles. For large problems use
/// ``Matrix/leastSquares(_:minimumNorm:)``.
public struct RefinedLeastSquares: Sendable {
  /// A column of doubles, with what rounding to doubles left out.
  public struct Column: Sendable {
    public var high: [Double]
    /// Of the length of `high`; `nil` for zeros.
    public var low: [Double]?

    public init(_ high: [Double], low: [Double]? = nil) {
      self.high = high
      self.low = low
    }
  }

  /// column = sum of multiples of the columns kept before it.
  public struct Dependency: Equatable, Sendable {
    /// Position among the columns given.
    public let column: Int
    /// Positions and multiples, those below 1e-9 of the largest contribution left out; empty for a column of zeros.
    public let combination: [Term]

    public struct Term: Equatable, Sendable {
      public let column: Int
      public let multiple: Double

      public init(column: Int, multiple: Double) {
        self.column = column
        self.multiple = multiple
      }
    }

    public init(column: Int, combination: [Term]) {
      self.column = column
      self.combination = combination
    }
  }

  /// Which of the given columns are independent, in order.
  public let independent: [Int]
  public let dependencies: [Dependency]
  /// One coefficient per independent column.
  public let coefficients: [DoubleDouble]
  /// b - A x, without the weights' roots.
  public let residuals: [DoubleDouble]
  /// The sum of w r².
  public let residualSumOfSquares: DoubleDouble
  /// (A'WA)⁻¹ of the independent columns, rounded from double-double.
  public let inverseGram: Matrix
  /// Corrections made, the first solve included.
  public let iterations: Int
  /// The largest element of the last correction made, relative to the largest coefficient (columns scaled).
  public let lastCorrection: Double
  /// 1-norm reciprocal condition number of the scaled independent columns; 0 if there are none.
  public let reciprocalCondition: Double

  /// The default share of a column's length that must be independent of the earlier ones: a few thousand times what rounding
  /// leaves of an exactly dependent column of doubles.
  public static let defaultRankTolerance = 1e-12

  /// - Parameters:
  ///   - weights: positive, inversely proportional to the variances; `nil` for equal weights.
  ///   - rankTolerance: see above; values below the rounding errors of the QR are raised to them.
  /// - Throws: `shapeMismatch` for columns or weights of another length, or weights that are not positive; `nonFinite`;
  ///   `rankDeficient` if a tolerance close to rounding let dependent columns through.
  public init(
    columns: [Column], outcome: [Double], weights: [Double]? = nil,
    rankTolerance: Double = RefinedLeastSquares.defaultRankTolerance
  ) throws(LinearAlgebraError) {
    let roots = try RefinedLeastSquares.roots(of: weights, count: outcome.count)
    guard outcome.allSatisfy(\.isFinite) else { throw .nonFinite(operation: "least squares") }
    let design = try ExtendedMatrix(columns, rowCount: outcome.count, roots: roots)
    let (full, factor, kept, dependent) = try design.independentColumns(tolerance: rankTolerance)
    independent = kept
    dependencies = dependent

    // The outcome, weighted and scaled like a column.
    let right = try ExtendedMatrix([Column(outcome)], rowCount: outcome.count, roots: roots)
    var residual = right.column(0)
    var solution = [DoubleDouble](repeating: .zero, count: kept.count)
    var count = 0
    var last = 0.0
    if kept.isEmpty {
      inverseGram = Matrix(rowCount: 0, columnCount: 0)
      reciprocalCondition = 0
    } else {
      reciprocalCondition = try factor.reciprocalCondition()
      let order = factor.pivots
      let triangle = try full.improvedTriangle(factor, needed: kept.count)
      var previous = Double.infinity
      while count < RefinedLeastSquares.maximumIterations {
        let step = triangle.solveNormal(full.transposedProduct(residual), order: order)
        let size = step.reduce(0) { max($0, abs($1.high)) }
        guard size.isFinite else { throw .rankDeficient(rank: kept.count - 1, needed: kept.count) }
        // Once rounding rules, a further correction is as large as the one before.
        if !(size < previous / 2) { break }
        for k in step.indices { solution[k] += step[k] }
        residual = right.column(0)
        full.subtractProduct(solution, from: &residual)
        count += 1
        previous = size
        let largest = solution.reduce(0) { max($0, abs($1.high)) }
        last = largest > 0 ? size / largest : 0
        if last < 0x1p-104 { break }
      }
      let inverse = triangle.inverseGram()
      var gram = Matrix(rowCount: kept.count, columnCount: kept.count)
      for (a, j) in order.enumerated() {
        for (b, k) in order.enumerated() {
          gram[j, k] = full.scales[j] * (inverse[a * kept.count + b].high * full.scales[k])
        }
      }
      inverseGram = gram
    }
    iterations = count
    lastCorrection = last
    let unscale = 1 / right.scales[0]
    coefficients = solution.indices.map { solution[$0] * full.scales[$0] * unscale }
    var total = DoubleDouble.zero
    for value in residual { total += value * value }
    residualSumOfSquares = total * unscale * unscale
    if let roots {
      residuals = residual.indices.map { residual[$0] * unscale / roots[$0] }
    } else {
      residuals = residual.map { $0 * unscale }
    }
  }

  static let maximumIterations = 20

  private static func roots(of weights: [Double]?, count: Int) throws(LinearAlgebraError) -> [DoubleDouble]? {
    guard let weights else { return nil }
    guard weights.count == count else {
      throw .shapeMismatch(operation: "least squares", expected: "\(count) weights", found: "\(weights.count)")
    }
    if let bad = weights.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
      throw .shapeMismatch(
        operation: "least squares", expected: "positive finite weights", found: "\(weights[bad]) in row \(bad)")
    }
    return weights.map { DoubleDouble($0).squareRoot() }
  }
}
