import NumericKernels

/// The sizes of links' effects and the multipliers of identities, drawn once for all scenarios of a run: they share them anyway.
///
/// A block of draws fills its own places when it first needs them. Blocks are worked on by one thread at a time, one scenario after
/// the other, so the places need no lock; that is why it is unchecked.
final class EffectDraws: @unchecked Sendable {
  private let placesPerBlock: Int
  private let places: UnsafeMutableBufferPointer<[Double]?>

  init(places count: Int, blocks: Int) {
    placesPerBlock = count
    places = .allocate(capacity: max(count * blocks, 1))
    places.initialize(repeating: nil)
  }

  deinit {
    places.deinitialize()
    places.deallocate()
  }

  /// The sizes of a link's effect, or the multipliers of an identity, for the draws of a block.
  func sizes(_ number: Int, block: Int, _ draw: () -> [Double]) -> [Double] {
    let place = block * placesPerBlock + number
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
    case .prior(let prior, let widening): z = prior.values(atNormals: z, widening: widening)
    case .normal(let mean, let deviation): for d in z.indices { z[d] = mean + deviation * z[d] }
    }
    if let conversion = definition.conversion {
      var c = [Double](repeating: 0, count: range.count)
      c.withUnsafeMutableBufferPointer { stream.normals(item: 1, firstDraw: range.lowerBound, into: $0) }
      c = conversion.values(atNormals: c, widening: conversionWidening)
      for d in z.indices { z[d] *= max(c[d], 0) }
    }
    return z
  }
}
