import CVectorMath

/// Elementary functions with the same bits on every CPU.
///
/// The engine uses these instead of the C library, whose last bit differs between systems and versions. Each array form
/// equals its scalar form bit for bit, and may work in place (`input` and `output` the same buffer).
///
/// Accuracy: `exp` and `log` below 1 ulp; `normalQuantile` about 1e-15 relative (Wichura, AS 241, 1988); `normalCumulative` as said
/// at ``StandardNormal/cumulative(_:)``.
/// Edge cases follow IEEE-754: `exp` overflows to `+inf` and underflows to 0, `log(0)` is `-inf`, `log` of a negative and
/// `normalQuantile` outside [0, 1] are NaN, NaN stays NaN.
public enum VectorMath {
  public static func exp(_ x: Double) -> Double { cvm_exp1(x) }
  public static func log(_ x: Double) -> Double { cvm_log1(x) }
  public static func normalQuantile(_ p: Double) -> Double { cvm_normal_quantile1(p) }
  public static func normalCumulative(_ z: Double) -> Double { cvm_normal_cumulative1(z) }

  /// `output[i] = exp(input[i])`; both buffers must have the same count.
  public static func exp(_ input: UnsafeBufferPointer<Double>, into output: UnsafeMutableBufferPointer<Double>) {
    precondition(input.count == output.count, "exp: input and output differ in length")
    guard let from = input.baseAddress, let to = output.baseAddress else { return }
    cvm_exp(from, to, input.count)
  }

  /// `output[i] = log(input[i])`; both buffers must have the same count.
  public static func log(_ input: UnsafeBufferPointer<Double>, into output: UnsafeMutableBufferPointer<Double>) {
    precondition(input.count == output.count, "log: input and output differ in length")
    guard let from = input.baseAddress, let to = output.baseAddress else { return }
    cvm_log(from, to, input.count)
  }

  /// `output[i]` = the standard normal quantile of `input[i]`; both buffers must have the same count.
  public static func normalQuantile(
    _ input: UnsafeBufferPointer<Double>, into output: UnsafeMutableBufferPointer<Double>
  ) {
    precondition(input.count == output.count, "normalQuantile: input and output differ in length")
    guard let from = input.baseAddress, let to = output.baseAddress else { return }
    cvm_normal_quantile(from, to, input.count)
  }

  /// `output[i]` = P(Z <= `input[i]`) of a standard normal Z; both buffers must have the same count.
  public static func normalCumulative(
    _ input: UnsafeBufferPointer<Double>, into output: UnsafeMutableBufferPointer<Double>
  ) {
    precondition(input.count == output.count, "normalCumulative: input and output differ in length")
    guard let from = input.baseAddress, let to = output.baseAddress else { return }
    cvm_normal_cumulative(from, to, input.count)
  }

  /// `exp` of every element of an array.
  public static func exp(_ x: [Double]) -> [Double] { mapped(x) { exp($0, into: $1) } }

  /// `log` of every element of an array.
  public static func log(_ x: [Double]) -> [Double] { mapped(x) { log($0, into: $1) } }

  /// P(Z <= x) of every element of an array, for a standard normal Z.
  public static func normalCumulative(_ x: [Double]) -> [Double] { mapped(x) { normalCumulative($0, into: $1) } }

  private static func mapped(
    _ x: [Double], _ function: (UnsafeBufferPointer<Double>, UnsafeMutableBufferPointer<Double>) -> Void
  ) -> [Double] {
    Array(unsafeUninitializedCapacity: x.count) { output, count in
      x.withUnsafeBufferPointer { function($0, UnsafeMutableBufferPointer(rebasing: output[0..<x.count])) }
      count = x.count
    }
  }
}
