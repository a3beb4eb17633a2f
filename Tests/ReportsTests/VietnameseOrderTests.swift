import Foundation
import Reports
import Testing

/// The order of the Vietnamese alphabet and of its tones.
@Suite struct VietnameseOrderTests {
  /// The syllables of the alphabet, the tones of one letter, then whole names.
  private static let sorted = [
    "2024", "a", "à", "ả", "ã", "á", "ạ", "An", "ă", "ắ", "â", "ấ", "ba", "cà", "dê", "đa", "Đông Sơn", "e", "ê", "nam",
    "o", "ô", "ơ", "Quan Sơn", "Thạch Thành", "u", "ư", "y",
  ]

  @Test func theAlphabetIsInOrder() {
    for (a, b) in zip(Self.sorted, Self.sorted.dropFirst()) {
      #expect(VietnameseOrder(a) < VietnameseOrder(b), "\(a) before \(b)")
      #expect(!(VietnameseOrder(b) < VietnameseOrder(a)))
    }
    let mixed = Self.sorted.reversed().sorted { VietnameseOrder($0) < VietnameseOrder($1) }
    #expect(mixed == Self.sorted)
  }

  @Test func bothSpellingsAreTheSame() {
    for text in Self.sorted {
      #expect(
        VietnameseOrder(text.decomposedStringWithCanonicalMapping)
          == VietnameseOrder(text.precomposedStringWithCanonicalMapping))
    }
  }

  @Test func tonesDecideOnlyBetweenEqualLetters() {
    // Letters of the whole word come first: "má" after "mà" but before "mạch".
    #expect(VietnameseOrder("mà") < VietnameseOrder("má"))
    #expect(VietnameseOrder("má") < VietnameseOrder("mạch"))
    #expect(VietnameseOrder("mac") < VietnameseOrder("mạch"))
  }
}
