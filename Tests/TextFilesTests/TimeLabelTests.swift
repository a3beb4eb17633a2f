import Testing
import TextFiles

@Suite struct TimeLabelTests {
  private func read(_ text: String) -> TimeLabel? { try? TimeLabel.parse(text).get() }

  @Test(arguments: [
    ("12", "12"), ("2027", "2027"), (" 7\t", "7"), ("-3", "-3"), ("+4", "4"), ("2027.0", "2027"), ("0", "0"),
    ("2027-Q1", "2027-Q1"), ("2027Q4", "2027-Q4"), ("2027-q2", "2027-Q2"), ("2027-06", "2027-06"),
    ("2027-12", "2027-12"), ("2027-06-30", "2027-06-30"), ("2024-02-29", "2024-02-29"), ("1969-12-31", "1969-12-31"),
    ("2027-06-30T00:00:00", "2027-06-30"), ("2027-06-30 00:00:00.000Z", "2027-06-30"), ("0001-01-01", "0001-01-01"),
  ])
  func timesAreReadAndWritten(_ text: String, _ expected: String) {
    #expect(read(text)?.description == expected)
  }

  @Test(arguments: [
    "30/06/2027", "2027/06/30", "2027-6", "Q1 2027", "2027-Q12", "2027M06", "June 2027", "2027.5", "1e400", "nan",
    "2027-06-30T12:00:00", "2027-", "2027-06-", "20 27", "–",
  ])
  func otherFormsAreNot(_ text: String) {
    #expect(TimeLabel.parse(text) == .failure(.unknownForm(text)))
  }

  @Test(arguments: ["2027-Q0", "2027-Q5", "2027-00", "2027-13", "2027-02-29", "1900-02-29", "2027-04-31", "0000-01"])
  func datesMustExist(_ text: String) {
    #expect(TimeLabel.parse(text) == .failure(.noSuchDate(text)))
  }

  @Test func anEmptyTimeIsAProblemOfItsOwn() {
    #expect(TimeLabel.parse("") == .failure(.empty))
    #expect(TimeLabel.parse(" \t") == .failure(.empty))
  }

  @Test func daysAreCountedFromTheEpoch() {
    #expect(read("1970-01-01")?.position == 0)
    #expect(read("2000-03-01")?.position == 11_017)
    #expect(read("1600-01-01")?.position == -135_140)
    for position in stride(from: -720_000, through: 900_000, by: 997) {
      let label = TimeLabel(kind: .day, position: position)
      if position >= -719_162 { #expect(read(label.description) == label) }
    }
  }

  @Test func kindsAreTold() {
    #expect(read("2027")?.kind == .number)
    #expect(read("2027-Q3")?.position == 4 * 2027 + 2)
    #expect(read("2027-06")?.position == 12 * 2027 + 5)
  }
}
