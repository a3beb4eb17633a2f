import NumericKernels

/// Computes an identity for a block: exact in every draw, also between history and projection.
struct IdentityEvaluation {
  private let identity: CompiledIdentity
  private let block: BlockRun
  private let node: Int
  private let seed: Dice

  init(_ identity: CompiledIdentity, _ block: BlockRun, node: Int, seed: Dice) {
    self.identity = identity
    self.block = block
    self.node = node
    self.seed = seed
  }

  func evaluate(year: Int) {
    let output = block.values.draws(node, year, block.range)
    switch identity.specification {
    case .sum:
      for d in output.indices { output[d] = 0 }
      for input in identity.inputs {
        let part = block.current(input, year)
        for d in output.indices { output[d] += part[d] }
      }
    case .product(_, let scale):
      for d in output.indices { output[d] = scale }
      for input in identity.inputs {
        let part = block.current(input, year)
        for d in output.indices { output[d] *= part[d] }
      }
    case .ratio(_, _, let scale):
      let above = block.current(identity.inputs[0], year)
      let below = block.current(identity.inputs[1], year)
      for d in output.indices { output[d] = scale * above[d] / below[d] }
    case .chain(_, let baseYear, let base): chain(year: year, baseYear: baseYear, base: base, output)
    case .growth: growth(year: year, output)
    case .stock(let stock):
      StockEvaluation(stock, identity, block, node: node, seed: seed).evaluate(year: year, into: output)
    case .distributedLag(let terms, let multiplier, let grade, _):
      distributedLag(year: year, terms, multiplier, widening: block.model.catalog.grades.widening(grade), output)
    }
  }

  private func chain(year: Int, baseYear: Int, base: Double, _ output: UnsafeMutableBufferPointer<Double>) {
    let calendar = block.model.grid[year]
    // Before the growth of the base year is known, prices are those of the last known year.
    let baseYear = min(baseYear, identity.history[0].keys.max() ?? baseYear)
    if calendar <= baseYear {
      // Backwards over observed growth.
      var level = base
      var y = baseYear
      while y > calendar {
        level /= 1 + (identity.history[0][y] ?? 0) / 100
        y -= 1
      }
      for d in output.indices { output[d] = level }
      return
    }
    let growth = block.current(identity.inputs[0], year)
    if year > 0 {
      let before = block.current(node, year - 1)
      for d in output.indices { output[d] = before[d] * (1 + growth[d] / 100) }
    } else {
      var level = base
      for y in (baseYear + 1)..<max(calendar, baseYear + 1) { level *= 1 + (identity.history[0][y] ?? 0) / 100 }
      for d in output.indices { output[d] = level * (1 + growth[d] / 100) }
    }
  }

  /// The first year of the projection has no year before it in the model: there it is the published figure, or the change on what
  /// was published of the input.
  private func growth(year: Int, _ output: UnsafeMutableBufferPointer<Double>) {
    let now = block.current(identity.inputs[0], year)
    guard year > 0 else {
      let published = identity.observed[block.model.grid[0]]
      for d in output.indices { output[d] = published ?? 100 * (now[d] / (identity.before ?? .nan) - 1) }
      return
    }
    let before = block.current(identity.inputs[0], year - 1)
    for d in output.indices { output[d] = 100 * (now[d] / before[d] - 1) }
  }

  private func distributedLag(
    year: Int, _ terms: [IdentitySpecification.LagTerm], _ multiplier: Prior, widening: Double,
    _ output: UnsafeMutableBufferPointer<Double>
  ) {
    for d in output.indices { output[d] = 0 }
    for (position, term) in terms.enumerated() {
      for (lag, weight) in term.weights.enumerated() where weight != 0 {
        if year - lag >= 0 {
          let past = block.current(identity.inputs[position], year - lag)
          for d in output.indices { output[d] += weight * past[d] }
        } else {
          let past = identity.history[position][block.model.grid[year] - lag] ?? 0
          for d in output.indices { output[d] += weight * past }
        }
      }
    }
    let multipliers = block.multipliers(of: node) {
      let stream = RandomStream(seed: seed, id: block.model.nodes[node].id, purpose: .effect)
      var z = [Double](repeating: 0, count: output.count)
      z.withUnsafeMutableBufferPointer { stream.normals(item: 0, firstDraw: block.range.lowerBound, into: $0) }
      return z.map { max(multiplier.value(atNormal: $0, widening: widening), 0) }
    }
    for d in output.indices { output[d] *= multipliers[d] }
  }
}
