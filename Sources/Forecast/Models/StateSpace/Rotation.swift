#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// Cosines and sines, outside of hot loops.
enum Rotation {
  static func by(_ angle: Double) -> (cosine: Double, sine: Double) { (cos(angle), sin(angle)) }

  /// Of 2π j / period; zeros and ones are exact.
  static func harmonic(_ j: Int, of period: Int) -> (cosine: Double, sine: Double) {
    let angle = 2 * Double.pi * Double(j) / Double(period)
    func clean(_ x: Double) -> Double { abs(x) < 1e-15 ? 0 : abs(abs(x) - 1) < 1e-15 ? x.rounded() : x }
    return (clean(cos(angle)), clean(sin(angle)))
  }
}
