import NumericKernels
import ReferenceValues
import Testing

/// Against answers of mpmath: `Tests/Fixtures/linear_algebra.json`.
@Suite struct LinearAlgebraTests {
  let fixture: ReferenceTree.Node

  init() throws { fixture = try ReferenceTree("linear_algebra").root }

  /// The largest error relative to the largest element.
  private func error(_ found: [Double], _ expected: [Double]) -> Double {
    guard found.count == expected.count, let size = expected.map(abs).max(), size > 0 else { return .infinity }
    return (zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity) / size
  }

  private func error(_ found: Matrix, _ expected: [[Double]]) -> Double {
    error(found.storage, Matrix(rows: expected).storage)
  }

  @Test(arguments: [
    ("least_squares_12x4", 1e-13), ("least_squares_hilbert_8x5", 1e-9),
    ("least_squares_hilbert_8x5_small_residual", 1e-10),
  ])
  func leastSquares(name: String, tolerance: Double) throws {
    let one = fixture[name]
    let design = Matrix(rows: one["matrix"].rows)
    let solution = try design.leastSquares(one["rhs"].numbers)
    #expect(solution.rank == design.columnCount)
    #expect(error(solution.coefficients, one["solution"].numbers) < tolerance)
    let size = one["rhs"].numbers.map(abs).max() ?? 0
    #expect(zip(solution.residuals, one["residuals"].numbers).allSatisfy { abs($0 - $1) < 1e-12 * size })
    let gram = try design.qr().inverseGram()
    #expect(error(gram, one["inverse_gram"].rows) < tolerance * 10)
    let values = try design.singularValueDecomposition()
    #expect(error(values.values, one["singular_values"].numbers) < 1e-14)
    let condition = try #require(one["condition_2"].number)
    #expect(abs(values.condition / condition - 1) < 1e-9)
    #expect(solution.reciprocalCondition > 0 && solution.reciprocalCondition <= 1)
  }

  @Test func rankDeficientLeastSquares() throws {
    let one = fixture["least_squares_rank_deficient_10x4"]
    let design = Matrix(rows: one["matrix"].rows)
    let right = one["rhs"].numbers
    let smallest = try design.leastSquares(right, minimumNorm: true)
    #expect(smallest.rank == 3)
    #expect(error(smallest.coefficients, one["solution_minimum_norm"].numbers) < 1e-12)
    #expect(error(smallest.residuals, one["residuals"].numbers) < 1e-13)
    let basic = try design.leastSquares(right)
    #expect(basic.rank == 3 && basic.coefficients.contains(0))
    #expect(error(basic.residuals, one["residuals"].numbers) < 1e-13)
    #expect(try design.singularValueDecomposition().rank() == 3)
    // What both leave undetermined is a multiple of the null vector.
    let difference = zip(basic.coefficients, smallest.coefficients).map { $0 - $1 }
    let null = one["null_vector"].numbers
    let multiple = difference[0] / null[0]
    #expect(zip(difference, null).allSatisfy { abs($0 - multiple * $1) < 1e-12 })
  }

  @Test func choleskyFactor() throws {
    let one = fixture["cholesky_5x5"]
    let matrix = Matrix(rows: one["matrix"].rows)
    let factor = try matrix.cholesky()
    #expect(error(factor.lower, one["lower_factor"].rows) < 1e-14)
    #expect(error(try factor.solve(one["rhs"].numbers), one["solution"].numbers) < 1e-13)
    #expect(error(try factor.inverse(), one["inverse"].rows) < 1e-13)
    #expect(abs(factor.logDeterminant - (try #require(one["log_determinant"].number))) < 1e-13)
  }

  @Test func reciprocalConditionOfDefiniteMatrices() throws {
    var compared = 0
    for one in fixture["condition_numbers"].list where one["kind"].text == "spd" {
      let matrix = Matrix(rows: one["matrix"].rows)
      let norm = try #require(one["norm_1"].number)
      let (exact, estimate) = (
        try #require(one["condition_1"].number), try #require(one["lapack_reciprocal_estimate"].number)
      )
      #expect(abs(matrix.oneNorm / norm - 1) < 1e-15)
      let found = try matrix.cholesky().reciprocalCondition(oneNorm: norm)
      #expect(abs(found / estimate - 1) < 1e-6, "\(one["name"].text)")
      #expect(found >= 0.999_999 / exact)
      compared += 1
    }
    #expect(compared == 3)
  }

  @Test(arguments: ["symmetric_eigen_6x6", "symmetric_eigen_6x6_second_difference", "symmetric_eigen_6x6_repeated"])
  func eigenvalues(name: String) throws {
    let one = fixture[name]
    let matrix = Matrix(rows: one["matrix"].rows)
    let eigen = try matrix.symmetricEigen()
    #expect(error(eigen.values, one["eigenvalues"].numbers) < 1e-14)
    for (k, expected) in one["eigenvectors"].list.enumerated() {
      let vector = eigen.vectors.column(k)
      let sign = zip(vector, expected.numbers).reduce(0) { $0 + $1.0 * $1.1 } < 0 ? -1.0 : 1
      #expect(error(vector.map { $0 * sign }, expected.numbers) < 1e-12)
    }
    let product = try eigen.vectors.transposed.multiplied(by: eigen.vectors)
    #expect(error(product, (0..<6).map { Matrix.identity(6).row($0) }) < 1e-14)
  }

  @Test func triangularSystems() throws {
    let one = fixture["triangular_5x5"]
    let lower = Matrix(rows: one["lower"].rows)
    let right = one["rhs"].numbers
    #expect(error(try lower.solveTriangular(right, upper: false), one["solution_lower"].numbers) < 1e-14)
    #expect(
      error(try lower.transposed.solveTriangular(right, upper: true), one["solution_lower_transposed"].numbers) < 1e-14)
  }

  @Test func productsByHand() throws {
    let a = Matrix(rows: [[1, 2, 3], [4, 5, 6]])
    #expect(a == Matrix(columns: [[1, 4], [2, 5], [3, 6]]) && a.row(1) == [4, 5, 6] && a.column(2) == [3, 6])
    #expect(try a.multiplied(by: a.transposed) == Matrix(rows: [[14, 32], [32, 77]]))
    #expect(a.gram == (try a.transposed.multiplied(by: a)))
    #expect(try a.multiplied(by: [1, 0, -1]) == [-2, -2])
    #expect(try a.multiplied(by: [1, -1], transposed: true) == [-3, -3, -3])
    #expect(a.oneNorm == 9)
  }

  @Test func triangularFactorReproducesTheGram() throws {
    let design = Matrix(rows: fixture["least_squares_12x4"]["matrix"].rows)
    let factor = try design.qr(pivoting: false)
    #expect(factor.pivots == [0, 1, 2, 3])
    #expect(error(factor.upper.gram.storage, design.gram.storage) < 1e-14)
    let pivoted = try design.qr()
    #expect(pivoted.pivots.sorted() == [0, 1, 2, 3])
    let diagonal = (0..<4).map { abs(pivoted.upper[$0, $0]) }
    #expect(zip(diagonal, diagonal.dropFirst()).allSatisfy { $0 >= $1 })
  }

  @Test func emptyMatrices() throws {
    let none = Matrix(rowCount: 0, columnCount: 0)
    #expect(try none.cholesky().solve([]).isEmpty)
    #expect(try none.symmetricEigen().values.isEmpty)
    #expect(try none.singularValueDecomposition().condition == 1)
    #expect(try none.solveTriangular([], upper: true).isEmpty)
    let noColumns = Matrix(rowCount: 3, columnCount: 0)
    let solution = try noColumns.leastSquares([1, 2, 3])
    #expect(solution.coefficients.isEmpty && solution.residuals == [1, 2, 3] && solution.rank == 0)
    let zeros = try Matrix(rowCount: 3, columnCount: 2).leastSquares([1, 2, 3])
    #expect(zeros.rank == 0 && zeros.coefficients == [0, 0] && zeros.reciprocalCondition == 0)
  }
}
