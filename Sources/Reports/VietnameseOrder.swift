import Foundation

/// The order of the Vietnamese alphabet: a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y, tones after letters in the order
/// none, grave, hook, tilde, acute, dot below; then small before capital letters.
///
/// Letters of the whole text decide first, then its tones from the first to the last, as dictionaries do; composed and decomposed
/// spellings are the same. Digits come before letters, everything else before digits by its code.
public struct VietnameseOrder: Comparable, Sendable {
  private let letters: [UInt32]
  private let tones: [UInt8]
  private let capitals: [UInt8]

  public init(_ text: String) {
    var letters: [UInt32] = []
    var tones: [UInt8] = []
    var capitals: [UInt8] = []
    for character in text {
      let scalars = Array(String(character).decomposedStringWithCanonicalMapping.unicodeScalars)
      guard let first = scalars.first else { continue }
      var base = first
      let lower = first.properties.lowercaseMapping.unicodeScalars.first ?? first
      let isCapital = lower != first
      if isCapital { base = lower }
      var (shape, tone): (UInt32, UInt8) = (0, 0)
      for mark in scalars.dropFirst() {
        switch mark.value {
        case 0x306: shape = 1  // breve: ă
        case 0x302: shape = 2  // circumflex: â ê ô
        case 0x31B: shape = 3  // horn: ơ ư
        case 0x300: tone = 1
        case 0x309: tone = 2
        case 0x303: tone = 3
        case 0x301: tone = 4
        case 0x323: tone = 5
        default: break
        }
      }
      if base == "đ" { (base, shape) = ("d", 1) }
      let isLetter = base.properties.isAlphabetic
      let rank: UInt32 = isLetter ? 2 << 24 : ("0"..."9").contains(base) ? 1 << 24 : 0
      letters.append(rank + base.value * 4 + shape)
      tones.append(tone)
      capitals.append(isCapital ? 1 : 0)
    }
    self.letters = letters
    self.tones = tones
    self.capitals = capitals
  }

  public static func < (a: VietnameseOrder, b: VietnameseOrder) -> Bool {
    if a.letters != b.letters { return a.letters.lexicographicallyPrecedes(b.letters) }
    if a.tones != b.tones { return a.tones.lexicographicallyPrecedes(b.tones) }
    return a.capitals.lexicographicallyPrecedes(b.capitals)
  }
}
