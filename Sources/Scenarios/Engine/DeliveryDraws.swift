import NumericKernels

/// Whether and with what delay a lever is delivered, draw by draw; the same draws in every scenario.
struct DeliveryDraws {
  private let delays: [Int?]
  /// Nil where all of what is delivered comes.
  private let shares: [Double]?

  init(lever: LeverDefinition, seed: Dice, range: Range<Int>) {
    guard let delivery = lever.delivery else {
      delays = [Int?](repeating: 0, count: range.count)
      shares = nil
      return
    }
    let stream = RandomStream(seed: seed, id: lever.id, purpose: .delivery)
    var success = [Double](repeating: 0, count: range.count)
    var timing = success
    success.withUnsafeMutableBufferPointer { stream.uniforms(item: 0, firstDraw: range.lowerBound, into: $0) }
    timing.withUnsafeMutableBufferPointer { stream.uniforms(item: 1, firstDraw: range.lowerBound, into: $0) }
    delays = zip(success, timing).map { success, timing in
      guard success < delivery.probability else { return nil }
      var cumulated = 0.0
      for (delay, probability) in delivery.delay.enumerated() {
        cumulated += probability
        if timing < cumulated { return delay }
      }
      return delivery.delay.count - 1
    }
    shares = delivery.partial.map { partial in
      var part = success
      part.withUnsafeMutableBufferPointer { stream.uniforms(item: 3, firstDraw: range.lowerBound, into: $0) }
      return part.map { $0 < partial.probability ? partial.share : 1 }
    }
  }

  /// How much of what is delivered comes.
  func share(_ draw: Int) -> Double { shares?[draw] ?? 1 }

  /// Years of delay; nil when the measure is not delivered at all.
  func delay(_ draw: Int) -> Int? { delays[draw] }
}
