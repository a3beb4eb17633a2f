import Testing
import TextFiles

@Suite struct NumberTextTests {
  @Test func shortestIsPlainInTheUsualRange() {
    let cases: [(Double, String)] = [
      (0, "0"), (-0.0, "0"), (1, "1"), (-5, "-5"), (0.1, "0.1"), (-2.5, "-2.5"), (1e15, "1000000000000000"),
      (9_999_999_999_999_998, "9999999999999998"), (1e16, "1e+16"), (1e-4, "0.0001"), (1.25e-5, "0.0000125"),
      (1e-6, "0.000001"), (-1.5e-6, "-0.0000015"), (9.5e-7, "9.5e-07"), (1e300, "1e+300"), (.nan, ""), (.infinity, ""),
      (1.0 / 3, "0.3333333333333333"),
    ]
    for (value, text) in cases { #expect(NumberText.shortest(value) == text) }
  }

  @Test func shortestReadsBackExactly() throws {
    var state: UInt64 = 7
    for _ in 0..<20_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let value = Double(bitPattern: state)
      guard value.isFinite else { continue }
      #expect(try parseNumber(NumberText.shortest(value)) == value)
      let common = Double(Int64(bitPattern: state) >> 20) / 1e9
      #expect(try parseNumber(NumberText.shortest(common)) == common)
    }
  }

  @Test func parsingIsCorrectlyRounded() throws {
    // Halfway cases, long mantissas and the ends of the range; the standard library is the independent source.
    let texts = [
      "9007199254740993", "9007199254740992.5", "0.1", "1.7976931348623157e308", "4.9e-324", "2.2250738585072011e-308",
      "123456789012345678901234567890", "0.000000000000000000000000000001234567890123456789", "1e22", "1e23", "8.5e-22",
      "100000000000000000000000e-23", "0000000000000000000000000000012.5", "5e-400", "-0", "00", "1.", ".5", "+3",
    ]
    for text in texts { #expect(try parseNumber(text) == Double(text.hasSuffix(".") ? text + "0" : text), "\(text)") }
    #expect(try parseNumber(" \t12.5 ") == 12.5)
    #expect(try parseNumber("0e999999999999999999999") == 0)
  }

  @Test(arguments: [
    ("", NumberProblem.Kind.empty), ("   ", .empty), ("nan", .notFinite), ("-Inf", .notFinite),
    ("Infinity", .notFinite),
    ("NA", .notFinite), ("0x1p3", .hexadecimal), ("1e999", .overflow), ("-2e308", .overflow), ("1,5", .decimalComma),
    ("0,125", .decimalComma), ("-12,75", .decimalComma), ("16.280.000", .thousandsSeparator),
    ("1,234", .thousandsSeparator), ("1 234", .thousandsSeparator), ("1,234.5", .thousandsSeparator),
    ("12%", .percentSign),
    ("2,5%", .percentSign), ("abc", .notANumber), ("1e", .notANumber), ("--1", .notANumber), ("1e5.5", .notANumber),
    (".", .notANumber), ("+", .notANumber), ("1_000", .notANumber), ("٣", .notANumber), ("1\n", .notANumber),
  ]) func refusals(text: String, kind: NumberProblem.Kind) {
    let problem = #expect(throws: NumberProblem.self) { try parseNumber(text) }
    #expect(problem?.kind == kind)
  }

  @Test func hintsSayWhatToWrite() {
    #expect(throws: NumberProblem.self) { try parseNumber("2,85") }
    do { _ = try parseNumber("2,85") } catch {
      #expect(error.description == "'2,85' is not a number; write the decimal comma as a point: 2.85")
    }
  }

  @Test func wholeNumbersKeepAllTheirDigits() {
    func integer(_ text: String) -> Int? {
      Array(text.utf8).withUnsafeBufferPointer { try? NumberText.parseInteger($0).get() }
    }
    #expect(integer(" 2024 ") == 2024)
    #expect(integer("2024.0") == 2024)
    #expect(integer("9007199254740993") == 9_007_199_254_740_993)
    #expect(integer("-9223372036854775808") == Int.min)
    #expect(integer("9223372036854775808") == nil)
    #expect(integer("1.5") == nil)
    #expect(integer("") == nil)
  }
}
