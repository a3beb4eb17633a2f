import Forecast
import NumericKernels

/// The turbulence of the editions after the last complete one, by year and draw: the same for the province and all its
/// rivals.
struct VolatilityDraws: Sendable {
  private let firstYear: Int
  /// Standard deviations' factor exp(v), and its square, by year and draw.
  private let factors: [[Double]]
  private let squares: [[Double]]

  /// - Parameters:
  ///   - after: the year in which the volatility's path ends.
  ///   - normals: standard normals of all draws for a year; of the year `after` for the error of the path's end.
  init(_ volatility: CommonVolatility, after: Int, through: Int, normals: (_ year: Int) -> [Double]) {
    firstYear = after + 1
    var values = volatility.start(normals(after))
    var (factors, squares) = ([[Double]](), [[Double]]())
    for year in (after + 1)..<max(through + 1, after + 1) {
      volatility.advance(&values, normals(year))
      let factor = VectorMath.exp(values)
      factors.append(factor)
      squares.append(factor.map { $0 * $0 })
    }
    (self.factors, self.squares) = (factors, squares)
  }

  /// By what standard deviations are multiplied in a year after the path's end.
  func deviations(_ year: Int) -> [Double] { factors[year - firstYear] }
  /// By what variances are multiplied in a year after the path's end.
  func variances(_ year: Int) -> [Double] { squares[year - firstYear] }
}
