/// Why a text is not a number that the toolkit accepts.
public struct NumberProblem: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Kind: String, Sendable {
    case empty
    case notANumber = "not_a_number"
    case notFinite = "not_finite"
    case hexadecimal
    case overflow
    case decimalComma = "decimal_comma"
    case thousandsSeparator = "thousands_separator"
    case percentSign = "percent_sign"
    case notAnInteger = "not_an_integer"
  }

  public var kind: Kind
  /// The text as it stands, cut to 40 characters.
  public var text: String

  init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text.count > 40 ? String(text.prefix(39)) + "…" : text
  }

  /// What is wrong, without a full stop.
  public var message: String {
    switch kind {
    case .empty: "a number is expected, the field is empty"
    case .notFinite: "'\(text)' is not a finite number"
    case .hexadecimal: "'\(text)' is a hexadecimal number, a decimal one is expected"
    case .overflow: "'\(text)' is too large for a number"
    case .notAnInteger: "'\(text)' is not a whole number"
    case .notANumber, .decimalComma, .thousandsSeparator, .percentSign: "'\(text)' is not a number"
    }
  }

  /// What to do about it, if there is something to add.
  public var hint: String? {
    switch kind {
    case .decimalComma: "write the decimal comma as a point: \(text.replacingAll(",", with: "."))"
    case .thousandsSeparator: "write it without thousands separators"
    case .percentSign: "leave the percent sign out; percentages are written in percent"
    case .notFinite: "leave a missing value empty"
    default: nil
    }
  }

  public var description: String { hint.map { "\(message); \($0)" } ?? message }
}

extension String {
  func replacingAll(_ old: Character, with new: Character) -> String { String(map { $0 == old ? new : $0 }) }
}
