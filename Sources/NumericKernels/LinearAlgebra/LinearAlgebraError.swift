/// What can go wrong in linear algebra, with what to do about it.
public enum LinearAlgebraError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The operands do not fit together.
  case shapeMismatch(operation: String, expected: String, found: String)
  /// An input holds NaN or an infinity.
  case nonFinite(operation: String)
  /// Cholesky met a non-positive pivot: the leading minor of this order is not positive definite.
  case notPositiveDefinite(order: Int)
  /// A triangular factor has a zero on its diagonal at this (one-based) position.
  case singular(position: Int)
  /// The matrix has fewer independent columns than the operation needs.
  case rankDeficient(rank: Int, needed: Int)
  /// An iteration of LAPACK did not converge.
  case noConvergence(routine: String, info: Int)
  /// LAPACK refused argument number `argument`: an error of this library, not of the caller.
  case illegalArgument(routine: String, argument: Int)

  public var description: String {
    switch self {
    case .shapeMismatch(let operation, let expected, let found):
      return "\(operation): expected \(expected), found \(found)"
    case .nonFinite(let operation):
      return "\(operation): the input holds NaN or an infinity; remove or replace those values first"
    case .notPositiveDefinite(let order):
      return "the matrix is not positive definite (leading minor \(order)); "
        + "check for perfectly correlated columns or add a small ridge"
    case .singular(let position):
      return "the matrix is singular: diagonal element \(position) of its triangular factor is zero"
    case .rankDeficient(let rank, let needed):
      return
        "only \(rank) of \(needed) columns are independent; drop the redundant ones or ask for the minimum-norm solution"
    case .noConvergence(let routine, let info):
      return "\(routine) did not converge (\(info) elements left); rescale the input"
    case .illegalArgument(let routine, let argument):
      return "\(routine) refused its argument \(argument)"
    }
  }
}
