import Scenarios
import Testing

@Suite struct PeriodTests {
  @Test(arguments: [
    ("2024", Period.Kind.year, 20_240_101, 20_241_231),
    ("2024-Q1", .quarter, 20_240_101, 20_240_331),
    ("2024-Q4", .quarter, 20_241_001, 20_241_231),
    ("2024-02", .month, 20_240_201, 20_240_229),
    ("1900-02", .month, 19_000_201, 19_000_228),
    ("2000-02", .month, 20_000_201, 20_000_229),
    ("2024-01/2024-05", .months, 20_240_101, 20_240_531),
    ("2023-11/2024-02", .months, 20_231_101, 20_240_229),
    ("2021/2025", .years, 20_210_101, 20_251_231),
    ("2024-04-27/2024-05-01", .days, 20_240_427, 20_240_501),
    ("2024-04-27/2024-04-27", .days, 20_240_427, 20_240_427),
  ])
  func everyForm(text: String, kind: Period.Kind, first: Int, last: Int) throws {
    let period = try #require(Period(text))
    #expect(period.kind == kind)
    #expect(period.firstDay == first)
    #expect(period.lastDay == last)
    #expect(period.description == text)
    #expect(period.calendarYear == (kind == .year ? first / 10000 : nil))
  }

  @Test(arguments: [
    "", "24", "20244", "2024-", "2024-13", "2024-00", "2024-1", "2024-Q0", "2024-Q5", "2024-Q", "2024-06-15", "2024/",
    "/2024", "2025/2021", "2024-05/2024-01", "2024/2024-05", "2024-Q1/2024-Q2", "2023-02-29/2023-03-01",
    "2024-04-31/2024-05-01", "2021/2023/2025", "1899", "2201", "abcd", "2024 ", "２０２４", "2024-06-15-01",
  ])
  func refusals(text: String) { #expect(Period(text) == nil) }

  @Test func order() throws {
    let texts = ["2024-01/2024-02", "2024-01", "2023", "2024", "2024-Q1", "2025"]
    let sorted = try texts.map { try #require(Period($0)) }.sorted().map(\.description)
    #expect(sorted == ["2023", "2024-01", "2024-01/2024-02", "2024-Q1", "2024", "2025"])
    #expect(Period.year(2024) == Period("2024"))
  }

  @Test func dates() throws {
    #expect(CalendarDate("2024-02-29")?.number == 20_240_229)
    #expect(CalendarDate("2024-02")?.number == 20_240_229)
    for text in ["2024", "2023-02-29", "2024-1-01", "2024-01-32", "2024-Q1", "", "2024-01-01T"] {
      #expect(CalendarDate(text) == nil)
    }
    #expect(CalendarDate.months(5, after: 20_231_231).description == "2024-05-31")
    #expect(CalendarDate.months(0, after: 20_240_229).description == "2024-02-29")
    #expect(CalendarDate.months(-11, after: 20_241_231).description == "2024-01-31")
    #expect(CalendarDate.months(-12, after: 20_241_231).description == "2023-12-31")
    #expect(CalendarDate.months(2, after: 20_231_231).description == "2024-02-29")
    #expect(try #require(CalendarDate("2023-12-31")) < #require(CalendarDate("2024-01")))
  }
}
