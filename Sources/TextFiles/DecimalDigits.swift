/// The shortest decimal digits that read back as a number: `0.d1 d2 d3 ... x 10^exponent`.
struct DecimalDigits {
  var isNegative = false
  /// Values 0 to 9 without leading or trailing zeros; empty for zero.
  var digits: [UInt8] = []
  /// The place of the decimal point, counted from before the first digit.
  var exponent = 0

  /// NaN and infinity become zero.
  init(_ value: Double) {
    guard value.isFinite, value != 0 else { return }
    isNegative = value < 0
    var seenPoint = false
    var written = 0
    var isExponent = false
    var isExponentNegative = false
    for byte in value.magnitude.description.utf8 {
      switch byte {
      case 0x2E: seenPoint = true
      case 0x65: isExponent = true
      case 0x2D: isExponentNegative = true
      case 0x30...0x39 where isExponent: written = written * 10 + Int(byte - 0x30)
      case 0x30...0x39:
        if !seenPoint, !(digits.isEmpty && byte == 0x30) { exponent += 1 }
        if seenPoint, digits.isEmpty, byte == 0x30 { exponent -= 1 }
        if !(digits.isEmpty && byte == 0x30) { digits.append(byte - 0x30) }
      default: break
      }
    }
    exponent += isExponentNegative ? -written : written
    dropTrailingZeros()
  }

  /// Rounds half away from zero at a number of decimals (negative: tens, hundreds), looking at the shortest digits:
  /// 2.675 becomes 2.68, as a reader of the printed number expects.
  func rounded(decimals: Int) -> DecimalDigits {
    var result = self
    let keep = exponent + decimals
    guard keep < digits.count else { return result }
    guard keep >= 0 else {
      result.digits = []
      result.isNegative = false
      result.exponent = 0
      return result
    }
    let roundsUp = digits[keep] >= 5
    result.digits.removeSubrange(keep...)
    if roundsUp {
      var index = keep - 1
      while index >= 0, result.digits[index] == 9 {
        result.digits[index] = 0
        index -= 1
      }
      if index >= 0 {
        result.digits[index] += 1
      } else {
        result.digits.insert(1, at: 0)
        result.exponent += 1
      }
    }
    result.dropTrailingZeros()
    return result
  }

  /// The digits before the decimal point; "0" if there are none.
  var wholeText: String {
    guard exponent > 0, !digits.isEmpty else { return "0" }
    let known = digits.prefix(exponent).map { $0 + 0x30 }
    return String(decoding: known + [UInt8](repeating: 0x30, count: max(exponent - digits.count, 0)), as: UTF8.self)
  }

  /// The digits after the decimal point, filled with zeros up to `decimals`.
  func fractionText(decimals: Int = 0) -> String {
    var text: [UInt8] = []
    if !digits.isEmpty {
      text = [UInt8](repeating: 0x30, count: max(-exponent, 0)) + digits.dropFirst(max(exponent, 0)).map { $0 + 0x30 }
    }
    if text.count < decimals { text += [UInt8](repeating: 0x30, count: decimals - text.count) }
    return String(decoding: text, as: UTF8.self)
  }

  var plainText: String {
    let fraction = fractionText()
    return (isNegative ? "-" : "") + wholeText + (fraction.isEmpty ? "" : "." + fraction)
  }

  private mutating func dropTrailingZeros() {
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty {
      isNegative = false
      exponent = 0
    }
  }
}
