extension PRIM {
  /// The boxes from everything down to the smallest, one slice at a time.
  ///
  /// Of equally good slices that which restricts no new input is taken, then that of the lower input, its upper side
  /// first.
  public func peel() -> [Step] {
    peel(orders: orders, over: Array(inputs.indices)).map { box, found, cases in
      Step(box: box, quality: BoxQuality(count: found, cases: cases, of: count, cases: caseCount))
    }
  }

  /// Peels a sample of the futures, in which futures may occur several times.
  ///
  /// - Parameters:
  ///   - orders: the sample's rows in ascending order of each of the inputs in `chosen`.
  ///   - chosen: positions of the inputs that may be restricted.
  func peel(orders: [[Int32]], over chosen: [Int]) -> [(box: ScenarioBox, count: Int, cases: Int)] {
    var peeling = Peeling(self, orders, chosen)
    var result = [(ScenarioBox.everything, peeling.size, peeling.cases)]
    var box = ScenarioBox.everything
    while let slice = peeling.bestSlice(box, settings) {
      let old = box.limits(of: slice.input)
      box = box.setting(
        lower: slice.isUpper ? old.lower : slice.cut, upper: slice.isUpper ? slice.cut : old.upper, of: slice.input)
      peeling.remove(slice)
      result.append((box, peeling.size, peeling.cases))
    }
    return result
  }

  /// Widens a box as long as that raises its density, by the slice that raises it most.
  ///
  /// A slice is the futures just outside one limit and inside all others, as many as `pasteShare` of the box (one at
  /// least). Returns the boxes in order, the given one first.
  public func paste(_ box: ScenarioBox) -> [Step] {
    var steps = [Step(box: box, quality: quality(box))]
    var current = box
    while true {
      let own = steps[steps.count - 1].quality
      let wanted = max(Int((settings.pasteShare * Double(own.count)).rounded(.up)), 1)
      var best: Step?
      for limits in current.limits {
        for isUpper in [true, false] where (isUpper ? limits.upper : limits.lower) != nil {
          guard let wider = widened(current, limits, isUpper: isUpper, by: wanted) else { continue }
          let found = quality(wider)
          if found.density > (best?.quality.density ?? own.density) { best = Step(box: wider, quality: found) }
        }
      }
      guard let best else { return steps }
      current = best.box
      steps.append(best)
    }
  }

  private func widened(
    _ box: ScenarioBox, _ limits: ScenarioBox.Limits, isUpper: Bool, by wanted: Int
  ) -> ScenarioBox? {
    let free = box.setting(lower: isUpper ? limits.lower : nil, upper: isUpper ? nil : limits.upper, of: limits.input)
    let inside = membership(free)
    let values = inputs[limits.input]
    let order = isUpper ? orders[limits.input] : orders[limits.input].reversed()
    let outside = order.map { Int($0) }.filter { inside[$0] && !limits.holds(values[$0]) }.map { values[$0] }
    guard !outside.isEmpty else { return nil }
    var last = min(wanted, outside.count) - 1
    while last + 1 < outside.count, outside[last + 1] == outside[last] { last += 1 }
    guard last + 1 < outside.count else { return free }
    let limit = (outside[last] + outside[last + 1]) / 2
    return box.setting(
      lower: isUpper ? limits.lower : limit, upper: isUpper ? limit : limits.upper, of: limits.input)
  }

  struct Slice {
    let input: Int
    let isUpper: Bool
    let cut: Double
    /// Position among the chosen inputs.
    let place: Int
    let removed: Int
  }

  /// The futures still in the box, in the order of every input.
  struct Peeling {
    private let prim: PRIM
    private let chosen: [Int]
    private var orders: [[Int32]]
    private let total: Int
    private(set) var size: Int
    private(set) var cases: Int

    init(_ prim: PRIM, _ orders: [[Int32]], _ chosen: [Int]) {
      self.prim = prim
      self.chosen = chosen
      self.orders = orders
      size = orders.first?.count ?? 0
      total = size
      cases = orders.first?.count { prim.isCase[Int($0)] } ?? 0
    }

    func bestSlice(_ box: ScenarioBox, _ settings: Settings) -> Slice? {
      var best: (slice: Slice, score: Double, restricted: Int)?
      let density = Double(cases) / Double(max(size, 1))
      for (place, input) in chosen.enumerated() {
        let restricted = box.limits.count + (box.limits.contains { $0.input == input } ? 0 : 1)
        for isUpper in [true, false] {
          guard let (slice, removedCases) = slice(place, input, isUpper, settings.peelShare) else { continue }
          let left = size - slice.removed
          let newDensity = Double(cases - removedCases) / Double(left)
          let score =
            settings.objective == .density ? newDensity : (newDensity - density) / Double(slice.removed)
          if let best, (score, -restricted) <= (best.score, -best.restricted) { continue }
          best = (slice, score, restricted)
        }
      }
      guard let best, best.score > 0,
        Double(size - best.slice.removed) / Double(total) >= settings.minimumMass
      else { return nil }
      return best.slice
    }

    private func slice(_ place: Int, _ input: Int, _ isUpper: Bool, _ share: Double) -> (Slice, cases: Int)? {
      guard size > 1 else { return nil }
      return orders[place].withUnsafeBufferPointer { order in
        prim.inputs[input].withUnsafeBufferPointer { values in
          func value(_ position: Int) -> Double { values[Int(order[position])] }
          let height = Double(size - 1) * (isUpper ? 1 - share : share)
          var low = Int(height.rounded(.down))
          var high = Int(height.rounded(.up))
          if isUpper {
            while low > 0, value(low) == value(high) { low -= 1 }
          } else {
            while high < size - 1, value(low) == value(high) { high += 1 }
          }
          guard value(low) < value(high) else { return nil }
          let cut = value(low) + (value(high) - value(low)) / 2
          var (removed, removedCases) = (0, 0)
          while removed < size {
            let position = isUpper ? size - 1 - removed : removed
            let next = value(position)
            guard isUpper ? next > cut : next < cut else { break }
            if prim.isCase[Int(order[position])] { removedCases += 1 }
            removed += 1
          }
          guard removed > 0, removed < size else { return nil }
          let slice = Slice(input: input, isUpper: isUpper, cut: cut, place: place, removed: removed)
          return (slice, removedCases)
        }
      }
    }

    mutating func remove(_ slice: Slice) {
      var gone = [Bool](repeating: false, count: prim.count)
      let positions = slice.isUpper ? size - slice.removed..<size : 0..<slice.removed
      for position in positions {
        let row = Int(orders[slice.place][position])
        gone[row] = true
        if prim.isCase[row] { cases -= 1 }
      }
      for place in orders.indices {
        orders[place].withUnsafeMutableBufferPointer { order in
          gone.withUnsafeBufferPointer { gone in
            var kept = 0
            for position in 0..<size {
              let row = order[position]
              order[kept] = row
              kept += gone[Int(row)] ? 0 : 1
            }
          }
        }
      }
      size -= slice.removed
    }
  }
}
