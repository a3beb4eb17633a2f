import NumericKernels

extension Fingerprint {
  /// The fingerprint of a question put to the model beyond its scenario files: targets, levers, prices, budgets.
  ///
  /// - Parameter question: everything that was asked, in a fixed order.
  public func asking(_ question: [String]) -> Fingerprint {
    var hash = StableHash()
    hash.combine(scenarios)
    for part in question { hash.combine(part) }
    let digits = String(hash.value, radix: 16)
    var result = self
    result.scenarios = String(repeating: "0", count: 16 - digits.count) + digits
    return result
  }
}
