/// Replaces some random numbers of a run, and says whose numbers a draw takes otherwise.
///
/// A run addresses every random number by (seed, id, purpose, item, draw). Designed experiments need two things that
/// a seed cannot give: chosen values for some numbers (the points of a design), and the *same* numbers in several
/// draws for all others (pick and freeze). Both are a matter of the address alone, so the run itself does not change:
///
/// - a **column** gives the uniforms of one stream and item, draw by draw;
/// - the **sources** say which draw's numbers a draw takes from streams without a column; none means each takes its
///   own.
///
/// ```swift
/// // Draws 0...511 and 512...1023 share all numbers but the size of one effect.
/// var plan = DrawPlan(draws: 1024)
/// plan.share((0..<1024).map { $0 % 512 })
/// plan.replace(RandomStream(seed: 1, id: "a -> b", purpose: .effect), item: 0, with: uniforms)
/// ```
public struct DrawPlan: Sendable {
  private struct Address: Hashable {
    let key: UInt64
    let item: Int
  }

  public let draws: Int
  private var columns: [Address: [Double]] = [:]
  private var sources: [Int] = []

  public init(draws: Int) { self.draws = draws }

  /// Gives the numbers of a stream's item.
  ///
  /// - Parameter uniforms: by draw, in [0, 1]; the ends are moved inside, where the inverse normal is finite.
  public mutating func replace(_ stream: RandomStream, item: Int, with uniforms: [Double]) {
    precondition(uniforms.count == draws, "a column has a number for every draw")
    let smallest = 0x1p-53
    columns[Address(key: stream.key, item: item)] = uniforms.map { min(max($0, smallest), 1 - smallest) }
  }

  /// Says whose numbers each draw takes.
  public mutating func share(_ sources: [Int]) {
    precondition(sources.count == draws, "a source for every draw")
    self.sources = sources
  }

  /// The draw whose numbers a draw takes.
  func source(_ draw: Int) -> Int { sources.indices.contains(draw) ? sources[draw] : draw }

  /// Fills the numbers of draws, by `own` where they are not replaced (first draw of a run of neighbours, its part of
  /// the output).
  func fill(
    key: UInt64, item: Int, substream: Int, firstDraw: Int, _ output: UnsafeMutableBufferPointer<Double>,
    own: (Int, UnsafeMutableBufferPointer<Double>) -> Void
  ) {
    if substream == 0, let column = columns[Address(key: key, item: item)], firstDraw + output.count <= column.count {
      _ = output.update(fromContentsOf: column[firstDraw..<firstDraw + output.count])
      return
    }
    var start = 0
    while start < output.count {
      let first = source(firstDraw + start)
      var end = start + 1
      while end < output.count, source(firstDraw + end) == first + end - start { end += 1 }
      own(first, UnsafeMutableBufferPointer(rebasing: output[start..<end]))
      start = end
    }
  }
}
