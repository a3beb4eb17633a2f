import ReferenceValues

extension ReferenceTree.Node {
  var rows: [[Double]] { list.map(\.numbers) }

  /// Doubles written as hexadecimal literals.
  var hexadecimals: [Double] { list.map { Double($0.text) ?? .nan } }
}

/// How many representable numbers two doubles are apart; 0 for equal ones and for NaN against NaN.
func ulpDistance(_ a: Double, _ b: Double) -> UInt64 {
  if a == b || (a.isNaN && b.isNaN) { return 0 }
  if a.isNaN || b.isNaN { return .max }
  // The bit patterns of doubles, read as sign and magnitude, are in the order of their values.
  func ordered(_ x: Double) -> Int64 {
    let bits = Int64(bitPattern: x.bitPattern)
    return bits >= 0 ? bits : Int64.min - bits
  }
  let (p, q) = (ordered(a), ordered(b))
  return p > q ? UInt64(bitPattern: p &- q) : UInt64(bitPattern: q &- p)
}
