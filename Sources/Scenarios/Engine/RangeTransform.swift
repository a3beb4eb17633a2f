import NumericKernels

/// The map from an indicator's range to the whole real line, on which models are fitted and effects added: logarithm for positive
/// values, logit for bounded ones, none for real ones. Going back, a value cannot leave its range.
public struct RangeTransform: Sendable, Equatable {
  public let range: ValueRange

  public init(_ range: ValueRange) { self.range = range }

  /// Whether `value` lies inside the range (the ends excluded where the transform is infinite there).
  public func contains(_ value: Double) -> Bool {
    switch range {
    case .real: return value.isFinite
    case .positive: return value > 0 && value.isFinite
    default: return value > 0 && value < (range.upperBound ?? .infinity)
    }
  }

  public func forward(_ value: Double) -> Double {
    switch range {
    case .real: return value
    case .positive: return VectorMath.log(value)
    default: return VectorMath.log(value / ((range.upperBound ?? 1) - value))
    }
  }

  public func inverse(_ z: Double) -> Double {
    switch range {
    case .real: return z
    case .positive: return VectorMath.exp(z)
    default: return (range.upperBound ?? 1) / (1 + VectorMath.exp(-z))
    }
  }

  /// `inverse` of every element, in place.
  func inverse(inPlace values: UnsafeMutableBufferPointer<Double>) {
    switch range {
    case .real: return
    case .positive: VectorMath.exp(UnsafeBufferPointer(values), into: values)
    default:
      let upper = range.upperBound ?? 1
      for i in values.indices { values[i] = -values[i] }
      VectorMath.exp(UnsafeBufferPointer(values), into: values)
      for i in values.indices { values[i] = upper / (1 + values[i]) }
    }
  }

  /// The change on the transformed scale that a change of `delta` units means at `value`: exact for the logarithm (mirrored for
  /// losses, so that they never reach zero), by the derivative for the logit, where the bounded scale itself saturates.
  package func shift(at value: Double, by delta: Double) -> Double {
    switch range {
    case .real: return delta
    case .positive:
      guard value > 0 else { return 0 }
      let ratio = delta / value
      return ratio >= 0 ? VectorMath.log(1 + ratio) : -VectorMath.log(1 - ratio)
    default:
      let upper = range.upperBound ?? 1
      return delta * upper / (value * (upper - value))
    }
  }

  /// ``shift(at:by:)`` of many values, in place of `deltas`.
  func shift(at values: UnsafeBufferPointer<Double>, by deltas: inout [Double]) {
    deltas.withUnsafeMutableBufferPointer { deltas in
      switch range {
      case .real: return
      case .positive:
        withUnsafeTemporaryAllocation(of: Double.self, capacity: deltas.count) { sizes in
          for d in deltas.indices {
            deltas[d] = values[d] > 0 ? deltas[d] / values[d] : 0
            sizes[d] = 1 + abs(deltas[d])
          }
          VectorMath.log(UnsafeBufferPointer(sizes), into: sizes)
          for d in deltas.indices { deltas[d] = deltas[d] >= 0 ? sizes[d] : -sizes[d] }
        }
      default:
        let upper = range.upperBound ?? 1
        for d in deltas.indices { deltas[d] = deltas[d] * upper / (values[d] * (upper - values[d])) }
      }
    }
  }
}
