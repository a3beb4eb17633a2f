import Testing
import TextFiles

@Suite struct NumberFormatTests {
  let vietnamese = NumberFormat(.vietnamese)
  let english = NumberFormat(.english)

  @Test func groupsAndMarksFollowTheLanguage() {
    #expect(vietnamese.fixed(16_280_000, decimals: 0) == "16.280.000")
    #expect(vietnamese.fixed(2.85, decimals: 2) == "2,85")
    #expect(english.fixed(1_234_567.891, decimals: 1) == "1,234,567.9")
    #expect(english.integer(999) == "999")
    #expect(vietnamese.integer(-1000) == "−1.000")
    #expect(vietnamese.integer(Int.min) == "−9.223.372.036.854.775.808")
    #expect(vietnamese.year(2030) == "2030")
  }

  @Test func roundingIsHalfAwayOnTheShortestDecimals() {
    #expect(english.fixed(2.675, decimals: 2) == "2.68")
    #expect(english.fixed(0.5, decimals: 0) == "1")
    #expect(english.fixed(9.995, decimals: 2) == "10.00")
    #expect(english.fixed(-0.004, decimals: 2) == "0.00")
    #expect(english.fixed(0.05, decimals: 1) == "0.1")
    #expect(english.fixed(0.04, decimals: 1) == "0.0")
    #expect(english.fixed(1e-9, decimals: 3) == "0.000")
    #expect(english.fixed(1e21, decimals: 0) == "1,000,000,000,000,000,000,000")
    #expect(english.fixed(3, decimals: -2) == "3")
  }

  @Test func changesCarrySigns() {
    #expect(vietnamese.fixed(1.5, decimals: 1, signed: true) == "+1,5")
    #expect(vietnamese.fixed(-1.5, decimals: 1, signed: true) == "−1,5")
    #expect(vietnamese.fixed(0.001, decimals: 1, signed: true) == "0,0")
    #expect(english.percent(2.85, decimals: 2, signed: true) == "+2.85%")
  }

  @Test func automaticDecimalsFollowTheSize() {
    #expect(english.automatic(16_280_123) == "16,280,123")
    #expect(english.automatic(123.456) == "123.5")
    #expect(english.automatic(2.5) == "2.5")
    #expect(english.automatic(0.00123456) == "0.001235")
    #expect(english.automatic(9.9999, significantDigits: 3) == "10")
    #expect(english.automatic(0) == "0")
    #expect(vietnamese.automatic(-0.25, signed: true) == "−0,25")
  }

  @Test func undefinedValuesAreADash() {
    #expect(english.fixed(.nan, decimals: 2) == "–")
    #expect(english.automatic(.infinity) == "–")
    #expect(english.percent(-.infinity) == "–")
  }
}
