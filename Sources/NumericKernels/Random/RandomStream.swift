import CVectorMath

/// A stream of random numbers addressed by (seed, id, purpose, draw, item) instead of by order of use.
///
/// The key is a stable hash of seed, id and purpose; the counter holds draw and item. So the number of one indicator in one
/// draw and year is the same whatever else a run contains: adding an indicator or a scenario changes nobody else's draws, and
/// any thread may compute any block.
///
/// ```swift
/// let stream = RandomStream(seed: 1, id: "tourism_spend_per_visit", purpose: .innovation)
/// var z = [Double](repeating: 0, count: 1000)
/// z.withUnsafeMutableBufferPointer { stream.normals(item: 2027, firstDraw: 0, into: $0) }
/// ```
///
/// A uniform lies strictly inside (0, 1), is built from 52 random bits and is symmetric about 1/2; a normal is its inverse
/// (one uniform per normal). Draws 2j and 2j + 1 share one Philox block.
public struct RandomStream: Sendable {
  /// What the numbers are for; each purpose has numbers of its own.
  public enum Purpose: UInt8, Sendable, CaseIterable {
    /// Shocks of an indicator from year to year.
    case innovation
    /// Uncertain effects: drawn once, shared by all scenarios.
    case effect
    /// Sizes of single projects or events, keyed by their number.
    case size
    /// The outside world.
    case world
    /// Whether, when and how much of a measure is delivered.
    case delivery
    /// Which fitted model or past error a path follows.
    case model
  }

  public let key: UInt64
  /// See ``DrawPlan``.
  private let plan: Dice.Box?

  init(key: UInt64, plan: Dice.Box?) {
    self.key = key
    self.plan = plan
  }

  public init(seed: UInt64, id: String, purpose: Purpose) {
    var hash = StableHash()
    hash.combine(seed)
    hash.combine(id)
    hash.combine(UInt64(purpose.rawValue))
    key = hash.value
    plan = nil
  }

  /// Fills `output` with the uniforms of draws `firstDraw`, `firstDraw + 1`, ... for one item (a year or a number).
  ///
  /// - Parameters:
  ///   - item: any integer; negative values are allowed and distinct.
  ///   - substream: a second index, for items that have several numbers.
  public func uniforms(
    item: Int, substream: Int = 0, firstDraw: Int, into output: UnsafeMutableBufferPointer<Double>
  ) {
    guard let plan else { return own(item, substream, firstDraw, output) }
    plan.plan.fill(key: key, item: item, substream: substream, firstDraw: firstDraw, output) { first, part in
      own(item, substream, first, part)
    }
  }

  /// Fills `output` with the numbers 0, 1, 2, ... of one draw for one item: sizes of single projects, say.
  public func uniforms(item: Int, numbersOf draw: Int, into output: UnsafeMutableBufferPointer<Double>) {
    own(item, plan?.plan.source(draw) ?? draw, 0, output)
  }

  private func own(_ item: Int, _ substream: Int, _ first: Int, _ output: UnsafeMutableBufferPointer<Double>) {
    guard let base = output.baseAddress else { return }
    cvm_uniforms(
      key, UInt32(truncatingIfNeeded: item), UInt32(truncatingIfNeeded: substream), UInt64(truncatingIfNeeded: first),
      base, output.count)
  }

  /// Like ``uniforms(item:substream:firstDraw:into:)``, transformed to standard normals by inversion.
  public func normals(
    item: Int, substream: Int = 0, firstDraw: Int, into output: UnsafeMutableBufferPointer<Double>
  ) {
    uniforms(item: item, substream: substream, firstDraw: firstDraw, into: output)
    VectorMath.normalQuantile(UnsafeBufferPointer(output), into: output)
  }

  /// The uniform of one draw; the same number as in the array form.
  public func uniform(item: Int, substream: Int = 0, draw: Int) -> Double {
    var value = 0.0
    withUnsafeMutablePointer(to: &value) {
      uniforms(
        item: item, substream: substream, firstDraw: draw, into: UnsafeMutableBufferPointer(start: $0, count: 1))
    }
    return value
  }

  /// The standard normal of one draw; the same number as in the array form.
  public func normal(item: Int, substream: Int = 0, draw: Int) -> Double {
    VectorMath.normalQuantile(uniform(item: item, substream: substream, draw: draw))
  }
}
