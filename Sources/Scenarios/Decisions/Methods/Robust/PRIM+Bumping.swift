import NumericKernels

extension PRIM {
  /// Boxes found in random parts of the data, the best of them on all data: peeling is greedy, and its first slices
  /// can lead it astray.
  ///
  /// Each round peels a bootstrap sample of the futures along a random half of the inputs; every box is then judged
  /// on the real futures. Kept are the boxes that no other matches or beats in coverage, density and number of
  /// restricted inputs together. The plain trajectory takes part. Source: Kwakkel and Cunningham (2016), after
  /// Breiman's random forests.
  ///
  /// - Parameters:
  ///   - rounds: bootstrap samples, each with one random choice of inputs.
  ///   - inputsPerRound: nil for half of them, rounded up.
  ///   - threads: the result does not depend on their number.
  /// - Returns: lowest coverage last; of equal boxes the first found.
  public func bump(
    rounds: Int = 40, inputsPerRound: Int? = nil, seed: UInt64 = 0, id: String = "", threads: Int = 1
  ) throws -> [Step] {
    let wanted = min(max(inputsPerRound ?? (inputCount + 1) / 2, 1), inputCount)
    let choice = RandomStream(seed: seed, id: "bumping/" + id, purpose: .model)
    let sampling = Bootstrap.stream(seed: seed, id: "bumping/" + id)
    let found = try Parallel.map(Array(0..<max(rounds, 0)), threads: threads) { round in
      let keys = (0..<inputCount).map { choice.uniform(item: round, draw: $0) }
      let chosen = Array((0..<inputCount).sorted { (keys[$0], $0) < (keys[$1], $1) }[..<wanted]).sorted()
      let counts = Bootstrap.counts(rows: count, resample: round, stream: sampling)
      let sampled = chosen.map { input in
        orders[input].flatMap { [Int32](repeating: $0, count: Int(counts[Int($0)])) }
      }
      return peel(orders: sampled, over: chosen).map { Step(box: $0.box, quality: quality($0.box)) }
    }
    return PRIM.undominated(peel() + found.flatMap { $0 })
  }

  static func undominated(_ steps: [Step]) -> [Step] {
    // Sorted so that whatever beats a box comes before it.
    let sorted = steps.enumerated().sorted { a, b in
      let (x, y) = (a.element.quality, b.element.quality)
      if x.coverage != y.coverage { return x.coverage > y.coverage }
      if x.density != y.density { return x.density > y.density }
      let (p, q) = (a.element.box.limits.count, b.element.box.limits.count)
      return p == q ? a.offset < b.offset : p < q
    }
    var kept: [Step] = []
    for (_, step) in sorted {
      let isBeaten = kept.contains {
        $0.quality.density >= step.quality.density && $0.box.limits.count <= step.box.limits.count
      }
      if !isBeaten { kept.append(step) }
    }
    return kept
  }
}
