/// Numbers as text for machines: the shortest decimals that read back as the same number.
public enum NumberText {
  /// The shortest text that reads back as exactly `value`.
  ///
  /// Plain decimals for zero and for 1e-6 <= |value| < 1e16, an exponent (`1e-07`, `2.5e+16`) beyond. Whole numbers
  /// carry no `.0`, and minus zero is `0`. NaN and infinity have no such text: they give an empty string, which a CSV
  /// file reads back as missing.
  public static func shortest(_ value: Double) -> String {
    guard value.isFinite else { return "" }
    let magnitude = value.magnitude
    if magnitude < 1e16, magnitude == magnitude.rounded(.towardZero) { return Int(value).description }
    let text = value.description
    if magnitude >= 1e-4, magnitude < 1e16 { return text }
    return magnitude >= 1e-6 && magnitude < 1e16 ? DecimalDigits(value).plainText : text
  }
}
