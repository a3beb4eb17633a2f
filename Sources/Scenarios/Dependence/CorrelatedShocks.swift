import NumericKernels

/// Draws the own yearly shocks of some indicators together.
///
/// With e the independent normal shock of each indicator and R = L Lᵀ the correlations, the shock that is used is z = L e. In place of z
/// itself a shift z - e is given, which whoever draws the shock adds to its own number: an indicator that is correlated with none
/// keeps its draws to the last bit, and so does the first of those that are.
///
/// A shock may have several parts (the year effect of a count and the uniform of its inversion, the persistent part of a score and the
/// noise of its survey). Their normal numbers e[k] are turned together: c = sum w[k] e[k], with weights whose squares sum to one, is
/// the indicator's shock; adding w[k] (z - c) to part k makes the sum z and leaves the parts standard normal and independent of each
/// other, because only the one direction is exchanged. So no marginal law changes.
///
/// Numbers are addressed by id and calendar year: what one indicator draws does not depend on whether the others are computed. The
/// shock of another indicator in a year for which that one has a figure already is drawn all the same; it then only lends its chance,
/// not what happened.
public struct CorrelatedShocks: Sendable {
  /// One normal number of an indicator's shock.
  public struct Part: Sendable, Equatable {
    public var stream: String
    public var substream: Int
    /// Its share of the shock: positive, squares sum to one.
    public var weight: Double

    public init(stream: String, substream: Int = 0, weight: Double = 1) {
      self.stream = stream
      self.substream = substream
      self.weight = weight
    }
  }

  private let parts: [[Part]]
  /// Per correlated indicator, what of each shock before it and of its own enters.
  private let rows: [String: [(place: Int, weight: Double)]]

  /// Nothing is correlated.
  package static let none = CorrelatedShocks()

  private init() {
    parts = []
    rows = [:]
  }

  /// - Parameters:
  ///   - indicators: with the parts of their shocks, in the order of the matrix.
  ///   - correlations: positive definite, ones on the diagonal.
  /// - Throws: ``LinearAlgebraError`` if it is not positive definite.
  package init(_ indicators: [(id: String, parts: [Part])], correlations: Matrix) throws(LinearAlgebraError) {
    let lower = try correlations.cholesky().lower
    var rows: [String: [(place: Int, weight: Double)]] = [:]
    for (i, indicator) in indicators.enumerated() {
      let before = (0..<i).filter { lower[i, $0] != 0 }.map { (place: $0, weight: lower[i, $0]) }
      if !before.isEmpty { rows[indicator.id] = before + [(place: i, weight: lower[i, i] - 1)] }
    }
    self.rows = rows
    parts = indicators.map { indicator in
      let length = indicator.parts.reduce(0) { $0 + $1.weight * $1.weight }.squareRoot()
      return indicator.parts.map {
        Part(stream: $0.stream, substream: $0.substream, weight: length > 0 ? $0.weight / length : 0)
      }
    }
  }

  /// What correlation adds to the shock of an indicator in a calendar year, by draw; nil where it adds nothing.
  package func shift(of indicator: String, year: Int, seed: Dice, range: Range<Int>) -> [Double]? {
    guard let terms = rows[indicator] else { return nil }
    var result = [Double](repeating: 0, count: range.count)
    var numbers = result
    for term in terms {
      for part in parts[term.place] {
        numbers.withUnsafeMutableBufferPointer {
          RandomStream(seed: seed, id: part.stream, purpose: .innovation)
            .normals(item: year, substream: part.substream, firstDraw: range.lowerBound, into: $0)
        }
        let weight = term.weight * part.weight
        for d in result.indices { result[d] += weight * numbers[d] }
      }
    }
    return result
  }
}
