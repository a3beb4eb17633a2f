/// Numbers as text for people, in Vietnamese (`16.280.000`, `2,85`) or English (`16,280,000`, `2.85`).
///
/// Negative numbers carry a real minus sign (−), a result that rounds to zero carries none, values that are not finite
/// are shown as –. Rounding is half away from zero on the shortest decimals of the number. For machines use
/// ``NumberText``.
public struct NumberFormat: Sendable, Equatable {
  public var language: Language

  public init(_ language: Language) { self.language = language }

  /// A number with exactly so many decimals; `signed` puts a plus before positive ones, for changes. From 1e15 on whole
  /// digits beyond the shortest ones are zeros.
  public func fixed(_ value: Double, decimals: Int, signed: Bool = false) -> String {
    guard value.isFinite else { return Self.undefined }
    let decimals = min(max(decimals, 0), 300)
    let digits = DecimalDigits(value).rounded(decimals: decimals)
    var text = grouped(digits.wholeText)
    let fraction = decimals > 0 ? digits.fractionText(decimals: decimals) : ""
    if !fraction.isEmpty { text += String(decimalMark) + fraction }
    if digits.isNegative { return Self.minus + text }
    return signed && !digits.digits.isEmpty ? "+" + text : text
  }

  /// A number with as many decimals as its size asks for: `significantDigits` in all, never fewer than the whole part
  /// has, and no trailing zeros after the decimal mark.
  public func automatic(_ value: Double, significantDigits: Int = 4, signed: Bool = false) -> String {
    guard value.isFinite else { return Self.undefined }
    let digits = DecimalDigits(value)
    let wanted = min(max(significantDigits, 1), 17)
    let rounded = digits.rounded(decimals: max(wanted - digits.exponent, 0))
    return fixed(value, decimals: rounded.fractionText().utf8.count, signed: signed)
  }

  /// A whole number with its thousands grouped.
  public func integer(_ value: Int, signed: Bool = false) -> String {
    let text = grouped(value.magnitude.description)
    if value < 0 { return Self.minus + text }
    return signed && value > 0 ? "+" + text : text
  }

  /// A value that is in percent already: `2.85` becomes `2,85%`.
  public func percent(_ value: Double, decimals: Int = 1, signed: Bool = false) -> String {
    value.isFinite ? fixed(value, decimals: decimals, signed: signed) + "%" : Self.undefined
  }

  /// A year, never grouped.
  public func year(_ year: Int) -> String { year < 0 ? Self.minus + year.magnitude.description : year.description }

  public var decimalMark: Character { language == .vietnamese ? "," : "." }
  public var groupMark: Character { language == .vietnamese ? "." : "," }

  /// What stands for a value that is not finite.
  public static let undefined = "–"
  private static let minus = "−"

  private func grouped(_ whole: String) -> String {
    guard whole.utf8.count > 3 else { return whole }
    var text = ""
    for (place, digit) in whole.enumerated() {
      if place > 0, (whole.utf8.count - place).isMultiple(of: 3) { text.append(groupMark) }
      text.append(digit)
    }
    return text
  }
}
