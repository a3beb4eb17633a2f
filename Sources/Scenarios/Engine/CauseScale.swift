import NumericKernels

/// The deviation of a cause in the unit that its effect's form needs, saturated at the ends of its validity.
enum CauseScale {
  static func deviation(_ link: LinkDefinition, value: Double, base: Double) -> Double {
    let v = saturated(link.validity, value: value, base: base)
    let base = saturated(link.validity, value: base, base: base)
    switch link.form {
    case .elasticity:
      guard base > 0, v > 0 else { return 0 }
      return VectorMath.log(v / base)
    case .semiElasticity: return link.estimate == nil ? (v - base) / 100 : v - base
    case .level: return v - base
    }
  }

  /// ``deviation(_:value:base:)`` of many draws.
  static func deviations(
    _ link: LinkDefinition, values: UnsafeMutableBufferPointer<Double>, bases: UnsafeMutableBufferPointer<Double>
  ) -> [Double] {
    let (validity, count) = (link.validity, values.count)
    return [Double](unsafeUninitializedCapacity: count) { result, filled in
      switch link.form {
      case .elasticity:
        for d in 0..<count {
          let v = saturated(validity, value: values[d], base: bases[d])
          let base = saturated(validity, value: bases[d], base: bases[d])
          result[d] = base > 0 && v > 0 ? v / base : 1
        }
        let ratios = UnsafeMutableBufferPointer(rebasing: result[..<count])
        VectorMath.log(UnsafeBufferPointer(ratios), into: ratios)
      case .semiElasticity, .level:
        for d in 0..<count {
          let v = saturated(validity, value: values[d], base: bases[d])
          result[d] = v - saturated(validity, value: bases[d], base: bases[d])
        }
        if link.form == .semiElasticity, link.estimate == nil { for d in 0..<count { result[d] /= 100 } }
      }
      filled = count
    }
  }

  @inline(__always)
  static func saturated(_ validity: AmountRange?, value: Double, base: Double) -> Double {
    guard let range = validity?.values(base: base) else { return value }
    return min(max(value, range.lowerBound), range.upperBound)
  }
}
