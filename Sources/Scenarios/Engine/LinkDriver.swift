/// What a cause gives its link in a year, for the draws of a block.
enum LinkDriver {
  /// A lever that stands at a value: the same in every draw.
  case same(Double)
  case byDraw([Double])

  /// The driver weighted by a lag.
  func times(_ weight: Double) -> LinkDriver {
    guard weight != 1 else { return self }
    switch self {
    case .same(let value): return .same(weight * value)
    case .byDraw(let values): return .byDraw(values.map { weight * $0 })
    }
  }

  func plus(_ other: LinkDriver) -> LinkDriver {
    switch (self, other) {
    case (.same(let a), .same(let b)): return .same(a + b)
    case (.same(let a), .byDraw(let b)): return .byDraw(b.map { a + $0 })
    case (.byDraw(let a), .same(let b)): return .byDraw(a.map { $0 + b })
    case (.byDraw(let a), .byDraw(let b)): return .byDraw(LinkDriver.combined(a, b) { $0 + $1 })
    }
  }

  /// Where this lies farther from zero than `before` this, else `before`.
  func larger(orEqually before: LinkDriver) -> LinkDriver {
    func larger(_ now: Double, _ before: Double) -> Double { abs(now) > abs(before) ? now : before }
    switch (self, before) {
    case (.same(let a), .same(let b)): return .same(larger(a, b))
    case (.same(let a), .byDraw(let b)): return .byDraw(b.map { larger(a, $0) })
    case (.byDraw(let a), .same(let b)): return .byDraw(a.map { larger($0, b) })
    case (.byDraw(let a), .byDraw(let b)): return .byDraw(LinkDriver.combined(a, b, larger))
    }
  }

  /// The effect: the driver times the size of each draw.
  func times(_ sizes: [Double]) -> [Double] {
    switch self {
    case .same(let value): return sizes.map { value * $0 }
    case .byDraw(let values): return LinkDriver.combined(values, sizes) { $0 * $1 }
    }
  }

  /// Adds the effect to a total, which it begins where there is none.
  func add(times sizes: [Double], to total: inout [Double]?) {
    guard total != nil else {
      total = times(sizes)
      return
    }
    switch self {
    case .same(let value): LinkDriver.update(&total, with: sizes) { $0 += value * $1 }
    case .byDraw(let values):
      values.withUnsafeBufferPointer { values in
        sizes.withUnsafeBufferPointer { sizes in
          total?.withUnsafeMutableBufferPointer { for d in $0.indices { $0[d] += values[d] * sizes[d] } }
        }
      }
    }
  }

  /// Adds changes to a total, which they begin where there is none.
  static func add(_ changes: [Double], to total: inout [Double]?) {
    if total == nil { total = changes } else { update(&total, with: changes) { $0 += $1 } }
  }

  @inline(__always)
  private static func update(
    _ total: inout [Double]?, with values: [Double], _ body: (inout Double, Double) -> Void
  ) {
    values.withUnsafeBufferPointer { values in
      total?.withUnsafeMutableBufferPointer { for d in $0.indices { body(&$0[d], values[d]) } }
    }
  }

  @inline(__always)
  private static func combined(_ a: [Double], _ b: [Double], _ body: (Double, Double) -> Double) -> [Double] {
    [Double](unsafeUninitializedCapacity: a.count) { result, count in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          for d in a.indices { result.initializeElement(at: d, to: body(a[d], b[d])) }
        }
      }
      count = a.count
    }
  }
}
