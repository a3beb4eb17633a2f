import NumericKernels

/// Computes a stock for a block; see ``StockSpecification``.
///
/// Flows between the last known level and the projection are those of the history of the inputs, which the compiler has made complete.
struct StockEvaluation {
  private let stock: StockSpecification
  private let identity: CompiledIdentity
  private let block: BlockRun
  private let node: Int
  private let seed: Dice

  init(_ stock: StockSpecification, _ identity: CompiledIdentity, _ block: BlockRun, node: Int, seed: Dice) {
    self.stock = stock
    self.identity = identity
    self.block = block
    self.node = node
    self.seed = seed
  }

  func evaluate(year: Int, into output: UnsafeMutableBufferPointer<Double>) {
    let calendar = block.model.grid[year]
    if let opening = identity.observed.keys.max(), calendar <= opening {
      // What was published is a fact, also above a ceiling and in the year of a restart.
      let known = identity.observed.keys.filter { $0 <= calendar }.max() ?? opening
      return output.update(repeating: identity.observed[known] ?? .nan)
    }
    let ceiling = stock.ceilingPosition.map { block.current(identity.inputs[$0], year) }
    if let level = stock.restarts[calendar] { return draw(level, calendar, ceiling, into: output) }
    if identity.observed.isEmpty, let first = stock.restartYears.first, calendar < first,
      let level = stock.restarts[first]
    {
      // Before its first stated level nothing is known of it: it stands at that level.
      return draw(level, first, ceiling, into: output)
    }
    if year > 0 {
      _ = output.update(fromContentsOf: block.current(node, year - 1))
    } else {
      open(calendar, ceiling, into: output)
    }
    let pace = stock.pacePosition.map { block.current(identity.inputs[$0], year) }
    let unit = paceUnit
    if let ceiling {
      for d in output.indices {
        output[d] = min(output[d], ceiling[d])
        if let pace { output[d] += pace[d] / unit * (ceiling[d] - output[d]) }
      }
    }
    for position in 0..<stock.flowCount {
      let flow = block.current(identity.inputs[position], year)
      let sign = position < stock.inflows.count ? 1.0 : -1
      for d in output.indices { output[d] += sign * flow[d] }
    }
    for d in output.indices {
      output[d] = max(output[d], 0)
      if let ceiling { output[d] = min(output[d], ceiling[d]) }
    }
  }

  /// The level at the end of the year before the projection: the last published figure or stated level, moved by the flows since.
  private func open(
    _ calendar: Int, _ ceiling: UnsafeMutableBufferPointer<Double>?, into output: UnsafeMutableBufferPointer<Double>
  ) {
    let observed = identity.observed.keys.max()
    let restart = stock.restartYears.last { $0 < calendar && $0 > observed ?? .min }
    guard let start = restart ?? observed else { return output.update(repeating: .nan) }
    if let restart, let level = stock.restarts[restart] {
      draw(level, restart, ceiling, into: output)
    } else {
      output.update(repeating: identity.observed[start] ?? .nan)
    }
    for past in (start + 1)..<max(calendar, start + 1) {
      func known(_ position: Int) -> Double { identity.history[position][past] ?? .nan }
      let limit = stock.ceilingPosition.map(known) ?? .infinity
      let pace = stock.pacePosition.map(known).map { $0 / paceUnit } ?? 0
      var flow = 0.0
      for position in 0..<stock.flowCount { flow += (position < stock.inflows.count ? 1 : -1) * known(position) }
      for d in output.indices {
        let before = min(output[d], limit)
        let filled = pace > 0 ? before + pace * (limit - before) : before
        output[d] = min(max(filled + flow, 0), limit)
      }
    }
  }

  /// Draws a stated level on the logit scale of the ceiling, without one on the log scale.
  private func draw(
    _ level: Prior, _ year: Int, _ ceiling: UnsafeMutableBufferPointer<Double>?,
    into output: UnsafeMutableBufferPointer<Double>
  ) {
    guard level.low < level.high else {
      output.update(repeating: level.central)
      if let ceiling { for d in output.indices { output[d] = min(output[d], ceiling[d]) } }
      return
    }
    let stream = RandomStream(seed: seed, id: block.model.nodes[node].id, purpose: .effect)
    stream.normals(item: year, firstDraw: block.range.lowerBound, into: output)
    for d in output.indices {
      output[d] = StockEvaluation.level(level, below: ceiling?[d] ?? .infinity, atNormal: output[d])
    }
  }

  /// A stated level at a standard normal position, strictly between 0 and `limit`.
  ///
  /// What is stated above the limit of a draw counts as just below it.
  static func level(_ level: Prior, below limit: Double, atNormal z: Double) -> Double {
    guard limit > 0 else { return 0 }
    let highest = limit * (1 - 1e-9)
    func forward(_ value: Double) -> Double {
      guard limit.isFinite else { return VectorMath.log(value) }
      let inside = min(value, highest)
      return VectorMath.log(inside / (limit - inside))
    }
    let central = forward(level.central)
    // Steps from the centre, so that the prior's rule for effects of one sign does not bend a scale whose zero means nothing.
    let steps = Prior(low: forward(level.low) - central, central: 0, high: forward(level.high) - central)
    let place = central + steps.value(atNormal: z, widening: 1)
    return limit.isFinite ? limit / (1 + VectorMath.exp(-place)) : VectorMath.exp(place)
  }

  private var paceUnit: Double {
    guard let position = stock.pacePosition else { return 1 }
    return block.model.nodes[identity.inputs[position]].definition.range.upperBound ?? 1
  }
}
