import NumericKernels
import ReferenceValues
import Testing

@Suite struct LinearAlgebraErrorTests {
  let wide = Matrix(rows: [[1, 2, 3], [4, 5, 6]])
  let square = Matrix(rows: [[4, 1], [1, 3]])

  @Test func shapes() throws {
    func expectMismatch(_ operation: String, _ expected: String, _ found: String, _ body: () throws -> Void) {
      #expect(
        throws: LinearAlgebraError.shapeMismatch(operation: operation, expected: expected, found: found),
        performing: body)
    }
    expectMismatch("matrix product", "3 rows on the right", "2") { _ = try wide.multiplied(by: square) }
    expectMismatch("matrix-vector product", "a vector of 3", "2") { _ = try wide.multiplied(by: [1, 2]) }
    expectMismatch("matrix-vector product", "a vector of 2", "3") {
      _ = try wide.multiplied(by: [1, 2, 3], transposed: true)
    }
    expectMismatch("Cholesky", "a square matrix", "2 x 3") { _ = try wide.cholesky() }
    expectMismatch("symmetric eigenvalues", "a square matrix", "2 x 3") { _ = try wide.symmetricEigen() }
    expectMismatch("least squares", "a vector of 2", "1") { _ = try wide.leastSquares([1]) }
    expectMismatch("QR solve", "a vector of 2", "3") { _ = try wide.qr().solve([1, 2, 3]) }
    expectMismatch("Cholesky solve", "a vector of 2", "3") { _ = try square.cholesky().solve([1, 2, 3]) }
    expectMismatch("triangular solve", "a square matrix and a vector of its order", "2 x 3 and 2") {
      _ = try wide.solveTriangular([1, 2], upper: true)
    }
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func nonFiniteInput(bad: Double) {
    let matrix = Matrix(rows: [[1, bad], [bad, 1]])
    #expect(throws: LinearAlgebraError.nonFinite(operation: "Cholesky")) { try matrix.cholesky() }
    #expect(throws: LinearAlgebraError.nonFinite(operation: "QR")) { try matrix.qr() }
    #expect(throws: LinearAlgebraError.nonFinite(operation: "symmetric eigenvalues")) { try matrix.symmetricEigen() }
    #expect(throws: LinearAlgebraError.nonFinite(operation: "singular values")) {
      try matrix.singularValueDecomposition()
    }
    #expect(throws: LinearAlgebraError.nonFinite(operation: "least squares")) { try matrix.leastSquares([1, 2]) }
    #expect(throws: LinearAlgebraError.nonFinite(operation: "least squares")) { try square.leastSquares([1, bad]) }
  }

  @Test func notPositiveDefinite() throws {
    let matrix = Matrix(rows: try ReferenceTree("linear_algebra").root["not_positive_definite_3x3"]["matrix"].rows)
    #expect(throws: LinearAlgebraError.notPositiveDefinite(order: 2)) { try matrix.cholesky() }
    #expect(throws: LinearAlgebraError.notPositiveDefinite(order: 1)) { try Matrix(rows: [[0]]).cholesky() }
    #expect(throws: LinearAlgebraError.notPositiveDefinite(order: 2)) {
      try Matrix(rows: [[1, 2], [2, 1]]).cholesky()
    }
  }

  @Test func singular() {
    #expect(throws: LinearAlgebraError.singular(position: 2)) {
      try Matrix(rows: [[1, 2], [0, 0]]).solveTriangular([1, 1], upper: true)
    }
  }

  @Test func rankDeficiencyIsReported() throws {
    let matrix = Matrix(rows: [[1, 2], [2, 4], [3, 6]])
    let factor = try matrix.qr()
    #expect(factor.rank == 1 && factor.pivots[0] == 1)
    let gram = try factor.inverseGram()
    #expect(gram[0, 0] == 0 && abs(gram[1, 1] - 1 / 56.0) < 1e-15)
    #expect(try matrix.singularValueDecomposition().condition > 1e15)
  }

  @Test func everyErrorSaysWhatToDo() {
    let messages: [(LinearAlgebraError, String)] = [
      (.shapeMismatch(operation: "sum", expected: "2", found: "3"), "sum: expected 2, found 3"),
      (.nonFinite(operation: "QR"), "remove or replace"),
      (.notPositiveDefinite(order: 2), "leading minor 2"),
      (.singular(position: 3), "diagonal element 3"),
      (.rankDeficient(rank: 1, needed: 2), "only 1 of 2 columns"),
      (.noConvergence(routine: "dsyevd", info: 4), "rescale"),
      (.illegalArgument(routine: "dpotrf", argument: 1), "argument 1"),
    ]
    for (error, part) in messages { #expect("\(error)".contains(part)) }
  }
}
