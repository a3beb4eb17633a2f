/// A column left out of a regression, and what it is aliased to: a combination of earlier columns, of the fixed effects, or
/// both.
public struct AliasedColumn: Equatable, Sendable, CustomStringConvertible {
  public struct Term: Equatable, Sendable {
    public let name: String
    public let multiple: Double
  }

  public let name: String
  /// Column = sum of multiple * named column (+ effects). Empty if the effects alone make it, or for a column of zeros.
  public let combination: [Term]
  /// Whether the identity holds only up to a combination of the fixed effects.
  public let upToEffects: Bool

  /// For a message, such as "copy = 1000 * x - 7 * (Intercept)"; multiples to six digits.
  public var description: String {
    var text = ""
    for term in combination {
      let size = AliasedColumn.short(abs(term.multiple))
      let factor = size == "1" ? term.name : "\(size) * \(term.name)"
      if text.isEmpty {
        text = term.multiple < 0 ? "-\(factor)" : factor
      } else {
        text += (term.multiple < 0 ? " - " : " + ") + factor
      }
    }
    if upToEffects { text += text.isEmpty ? "a combination of the fixed effects" : " + fixed effects" }
    return "\(name) = \(text.isEmpty ? "0" : text)"
  }

  private static func short(_ value: Double) -> String {
    guard value > 0, value.isFinite else { return "\(value)" }
    // Six significant digits: rounding noise of the solve is not shown.
    var unit = 1.0
    while value / unit >= 1e6 { unit *= 10 }
    while value / unit < 1e5 && unit > 1e-300 { unit /= 10 }
    let digits = (value / unit).rounded()
    let rounded = unit >= 1 ? digits * unit : digits / (1 / unit).rounded()
    return rounded == rounded.rounded() && rounded < 1e15 ? "\(Int(rounded))" : "\(rounded)"
  }
}
