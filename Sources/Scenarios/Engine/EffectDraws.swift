import NumericKernels

/// The sizes of links' effects, drawn once for all scenarios of a run: every scenario shares them anyway.
///
/// A block of draws fills its own places when it first needs them. Blocks are worked on by one thread at a time, one scenario after
/// the other, so the places need no lock; that is why it is unchecked.
final class EffectDraws: @unchecked Sendable {
  private let linkCount: Int
  private let places: UnsafeMutableBufferPointer<[Double]?>

  init(links: Int, blocks: Int) {
    linkCount = links
    places = .allocate(capacity: max(links * blocks, 1))
    places.initialize(repeating: nil)
  }

  deinit {
    places.deinitialize()
    places.deallocate()
  }

  /// The sizes of a link's effect for the draws of a block.
  func sizes(_ link: Int, block: Int, _ draw: () -> [Double]) -> [Double] {
    let place = block * linkCount + link
    if let known = places[place] { return known }
    let drawn = draw()
    places[place] = drawn
    return drawn
  }
}

extension CompiledLink {
  /// The size of the effect in some draws.
  func sizes(seed: Dice, range: Range<Int>) -> [Double] {
    let stream = RandomStream(seed: seed, id: id, purpose: .effect)
    var z = [Double](repeating: 0, count: range.count)
    z.withUnsafeMutableBufferPointer { stream.normals(item: 0, firstDraw: range.lowerBound, into: $0) }
    switch size {
    case .prior(let prior, let widening): for d in z.indices { z[d] = prior.value(atNormal: z[d], widening: widening) }
    case .normal(let mean, let deviation): for d in z.indices { z[d] = mean + deviation * z[d] }
    }
    if let conversion = definition.conversion {
      var c = [Double](repeating: 0, count: range.count)
      c.withUnsafeMutableBufferPointer { stream.normals(item: 1, firstDraw: range.lowerBound, into: $0) }
      for d in z.indices { z[d] *= max(conversion.value(atNormal: c[d], widening: conversionWidening), 0) }
    }
    return z
  }
}
