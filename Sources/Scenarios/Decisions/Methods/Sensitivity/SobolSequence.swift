import NumericKernels

/// Sobol's low-discrepancy points in the unit cube, plain or scrambled.
///
/// Any 2^m consecutive points from a multiple of 2^m fill the cube more evenly than random ones, so a mean over them
/// has an error near 1/n instead of 1/sqrt(n) for smooth functions. Scrambling makes every single point uniform and
/// the mean unbiased: each dimension's digits are multiplied by a random lower triangular binary matrix and shifted
/// by random digits (Matoušek, Journal of Complexity 14, 1998), which has the variance of Owen's full scrambling. The
/// random bits are addressed by (seed, id, dimension), so a dimension's points do not depend on how many others there
/// are.
///
/// ```swift
/// let sequence = try SobolSequence(dimensions: 6, seed: 1, id: "gdp")
/// let columns = sequence.columns(count: 1024)  // by dimension, all inside (0, 1)
/// ```
///
/// Plain points start with the origin and follow the Gray code, as in Antonov and Saleev (1979); they equal those of
/// `scipy.stats.qmc.Sobol(scramble=False)` exactly.
public struct SobolSequence: Sendable {
  public static let maximumDimensions = SobolDirections.dimensions

  public let dimensions: Int
  private let directions: [[UInt32]]
  private let shifts: [UInt32]
  private let isScrambled: Bool

  /// - Parameter isScrambled: plain points, which contain 0, if false.
  /// - Throws: `tooFew`, `tooMany` (256 dimensions).
  public init(dimensions: Int, isScrambled: Bool = true, seed: UInt64 = 0, id: String = "") throws(DecisionError) {
    let name = "Sobol's sequence"
    guard dimensions > 0 else { throw .tooFew(method: name, what: "dimensions", needed: 1, found: dimensions) }
    guard dimensions <= SobolSequence.maximumDimensions else {
      throw .tooMany(
        method: name, what: "dimensions", allowed: SobolSequence.maximumDimensions, found: dimensions)
    }
    self.init(picked: Array(0..<dimensions), isScrambled: isScrambled, seed: seed, id: id)
  }

  /// - Parameter picked: which of the 256 dimensions, in the order wanted.
  init(picked: [Int], isScrambled: Bool, seed: UInt64, id: String) {
    dimensions = picked.count
    self.isScrambled = isScrambled
    let plain = SobolDirections.all
    guard isScrambled else {
      directions = picked.map { plain[$0] }
      shifts = picked.map { _ in 0 }
      return
    }
    let stream = RandomStream(seed: seed, id: "sobol/" + id, purpose: .model)
    let bits = SobolDirections.bits
    directions = picked.map { dimension in
      let masks = (0..<bits).map { row -> UInt32 in
        let own = UInt32(1) << UInt32(bits - 1 - row)
        // Random above the diagonal's bit, one on it, zero below.
        let above = row == 0 ? 0 : ~UInt32(0) << UInt32(bits - row)
        return (SobolSequence.word(stream, dimension, row + 1) & above) | own
      }
      return plain[dimension].map { number in
        var mixed: UInt32 = 0
        for row in 0..<bits where (number & masks[row]).nonzeroBitCount & 1 == 1 {
          mixed |= UInt32(1) << UInt32(bits - 1 - row)
        }
        return mixed
      }
    }
    shifts = picked.map { SobolSequence.word(stream, $0, 0) }
  }

  private static func word(_ stream: RandomStream, _ dimension: Int, _ row: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: Int64(stream.uniform(item: dimension, substream: row, draw: 0) * 4_294_967_296))
  }

  /// Points `first`, `first + 1`, ..., by dimension.
  ///
  /// - Parameters:
  ///   - first: not negative; negative counts as 0.
  ///   - count: at most 2^32 - `first`; points beyond repeat the sequence.
  public func columns(first: Int = 0, count: Int) -> [[Double]] { (0..<dimensions).map { column($0, first, count) } }

  private func column(_ dimension: Int, _ first: Int, _ count: Int) -> [Double] {
    let start = UInt32(truncatingIfNeeded: max(first, 0))
    let scale = 1 / 4_294_967_296.0
    let centre = isScrambled ? 0.5 : 0
    let numbers = directions[dimension]
    var state = shifts[dimension]
    let gray = start ^ (start >> 1)
    for bit in 0..<SobolDirections.bits where gray >> UInt32(bit) & 1 == 1 { state ^= numbers[bit] }
    var result: [Double] = []
    result.reserveCapacity(max(count, 0))
    var index = start
    for _ in 0..<max(count, 0) {
      result.append((Double(state) + centre) * scale)
      index &+= 1
      // The Gray code of the next index differs in the place of its lowest set bit.
      state ^= numbers[min(index.trailingZeroBitCount, SobolDirections.bits - 1)]
    }
    return result
  }
}
