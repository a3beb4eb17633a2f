/// The number that a text stands for, correctly rounded.
///
/// Accepted: an optional sign, digits with an optional decimal point, an optional exponent, spaces or tabs around it.
/// Refused with a ``NumberProblem``: empty text, NaN and infinity in any spelling, hexadecimal, numbers too large to
/// hold, decimal commas, thousands separators, percent signs, anything else. A number too small to hold becomes zero or
/// a subnormal.
public func parseNumber(_ text: String) throws(NumberProblem) -> Double {
  var text = text
  return try text.withUTF8 { bytes -> Result<Double, NumberProblem> in NumberText.parse(bytes) }.get()
}

extension NumberText {
  /// ``parseNumber(_:)`` on UTF-8 bytes. Costs about 10 ns for up to 19 digits and small exponents.
  public static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<Double, NumberProblem> {
    let all = trimmed(bytes)
    var index = all.startIndex
    let end = all.endIndex
    guard index < end else { return .failure(NumberProblem(.empty, "")) }
    var isNegative = false
    if all[index] == UInt8(ascii: "-") || all[index] == UInt8(ascii: "+") {
      isNegative = all[index] == UInt8(ascii: "-")
      index += 1
    }
    var mantissa: UInt64 = 0
    var significant = 0
    var digits = 0
    var scale = 0
    while index < end, case let digit = all[index] &- 48, digit < 10 {
      if significant < 19 { mantissa = mantissa &* 10 &+ UInt64(digit) }
      if significant > 0 || digit != 0 { significant += 1 }
      digits += 1
      index += 1
    }
    if index < end, all[index] == UInt8(ascii: ".") {
      index += 1
      while index < end, case let digit = all[index] &- 48, digit < 10 {
        if significant < 19 { mantissa = mantissa &* 10 &+ UInt64(digit) }
        if significant > 0 || digit != 0 { significant += 1 }
        digits += 1
        scale -= 1
        index += 1
      }
    }
    guard digits > 0 else { return .failure(problem(all)) }
    if index < end, all[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      var isExponentNegative = false
      if index < end, all[index] == UInt8(ascii: "-") || all[index] == UInt8(ascii: "+") {
        isExponentNegative = all[index] == UInt8(ascii: "-")
        index += 1
      }
      let first = index
      var exponent = 0
      while index < end, case let digit = all[index] &- 48, digit < 10 {
        exponent = min(exponent &* 10 &+ Int(digit), 1_000_000)
        index += 1
      }
      guard index > first else { return .failure(problem(all)) }
      scale += isExponentNegative ? -exponent : exponent
    }
    guard index == end else { return .failure(problem(all)) }
    if mantissa == 0, significant == 0 { return .success(0) }
    // Both the digits and the power of ten are exact here, so that one operation rounds once.
    if significant <= 19, mantissa <= 1 << 53, abs(scale) < exactPowersOfTen.count {
      let value = Double(mantissa)
      let magnitude = scale < 0 ? value / exactPowersOfTen[-scale] : value * exactPowersOfTen[scale]
      return .success(isNegative ? -magnitude : magnitude)
    }
    let text = String(decoding: all, as: UTF8.self)
    guard let value = Double(text) else { return .failure(NumberProblem(.notANumber, text)) }
    return value.isFinite ? .success(value) : .failure(NumberProblem(.overflow, text))
  }

  /// A whole number such as a year: an optional sign and digits, spaces around it tolerated, also written as `2024.0`.
  public static func parseInteger(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<Int, NumberProblem> {
    switch parse(bytes) {
    case .failure(let problem): return .failure(problem)
    case .success(let value):
      if value.magnitude < 0x1p53, let whole = Int(exactly: value) { return .success(whole) }
      let text = String(decoding: trimmed(bytes), as: UTF8.self)
      if let whole = Int(text) { return .success(whole) }
      guard let whole = Int(exactly: value) else { return .failure(NumberProblem(.notAnInteger, text)) }
      return .success(whole)
    }
  }

  private static let exactPowersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]

  private static func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> Slice<UnsafeBufferPointer<UInt8>> {
    var start = bytes.startIndex
    var end = bytes.endIndex
    while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
    while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
    return bytes[start..<end]
  }

  /// Finds the likely reason why a text is not a number.
  private static func problem(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> NumberProblem {
    let text = String(decoding: bytes, as: UTF8.self)
    var body = Substring(text.lowercased())
    if let first = body.first, first == "-" || first == "+" { body = body.dropFirst() }
    if body.hasPrefix("0x") { return NumberProblem(.hexadecimal, text) }
    if ["nan", "inf", "infinity", "na", "n/a", "null", "none", "#n/a", "-", "–", "…", "..."].contains(body)
      || body.hasPrefix("nan(")
    {
      return NumberProblem(.notFinite, text)
    }
    if body.hasSuffix("%"), body.dropLast().allSatisfy({ $0.isASCII && ($0.isNumber || ".,".contains($0)) }) {
      return NumberProblem(.percentSign, text)
    }
    let isGrouped = body.allSatisfy { $0.isASCII && $0.isNumber || ".,' \u{A0}\u{202F}".contains($0) }
    guard isGrouped, body.contains(where: \.isNumber) else { return NumberProblem(.notANumber, text) }
    let commas = body.count { $0 == "," }
    let isPlain = body.allSatisfy { $0 == "," || $0.isASCII && $0.isNumber }
    if commas == 1, isPlain, let tail = body.split(separator: ",", omittingEmptySubsequences: false).last,
      tail.count != 3 || body.hasPrefix("0,")
    {
      return NumberProblem(.decimalComma, text)
    }
    return NumberProblem(.thousandsSeparator, text)
  }
}
