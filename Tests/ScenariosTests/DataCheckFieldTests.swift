import Scenarios
import Testing

/// Checks of single fields, each on one broken line.
///
/// The line is `tourism_arrivals,thanh-hoa,2019,9650000,person_visits,reported,official,none,yes,,,tourism_december,…`
@Suite struct DataCheckFieldTests {
  struct Case: Sendable {
    var column: String
    var text: String
    var code: String
    var place: Int
    var hint: String?
  }

  static let cases = [
    Case(column: "indicator", text: "tourism_arrival", code: "unknown_indicator", place: 1, hint: "'tourism_arrivals'"),
    Case(column: "indicator", text: "", code: "empty_field", place: 1),
    Case(column: "area", text: "thanh-hóa", code: "unknown_area", place: 18, hint: "'thanh-hoa'"),
    Case(column: "period", text: "2019-13", code: "bad_period", place: 28, hint: "2024-Q1"),
    Case(column: "period", text: "2019/2018", code: "bad_period", place: 28),
    Case(column: "period", text: " ", code: "empty_field", place: 28),
    Case(column: "value", text: "\"9,65\"", code: "decimal_comma", place: 33, hint: "9.65"),
    Case(column: "value", text: "nan", code: "not_finite", place: 33),
    Case(column: "value", text: "", code: "empty_field", place: 33),
    Case(column: "value", text: "60000001", code: "out_of_range", place: 33, hint: "0 to 60000000 person_visits"),
    Case(column: "value", text: "-1", code: "out_of_range", place: 33),
    Case(column: "unit", text: "person_visit", code: "unknown_unit", place: 41, hint: "'person_visits'"),
    Case(column: "unit", text: "persons", code: "unit_mismatch", place: 41, hint: "'person_visits'"),
    Case(column: "basis", text: "reportd", code: "unknown_value", place: 55, hint: "'reported'"),
    Case(column: "status", text: "offical", code: "unknown_value", place: 64, hint: "'official'"),
    Case(column: "price_basis", text: "constant_2011", code: "unknown_value", place: 73, hint: "'constant_2010'"),
    Case(column: "preferred", text: "maybe", code: "unknown_value", place: 78, hint: "no, yes"),
    Case(column: "published", text: "2020-02-30", code: "bad_date", place: 83, hint: "2025-01"),
    Case(column: "published", text: "2018-12", code: "published_early", place: 83, hint: "plan"),
    Case(column: "release_rule", text: "tourism_decembre", code: "unknown_release_rule", place: 84),
    Case(column: "source", text: "gso_farm", code: "unknown_source", place: 101, hint: "'gso_farms'"),
  ]

  @Test(arguments: cases) func reportsTheField(_ item: Case) throws {
    let folder = try DataCheckFolder()
    try folder.observations([DataCheckLine.with(["period": "2018"]), DataCheckLine.with([item.column: item.text])])
    let report = try folder.check()
    let finding = try #require(report.findings.first)
    #expect(report.findings.count == 1)
    #expect(!report.passes)
    #expect(finding.diagnostic.code == item.code)
    #expect(finding.diagnostic.location?.line == 3)
    #expect(finding.diagnostic.location?.column == item.place)
    #expect(finding.diagnostic.message.hasPrefix(item.column + ": "))
    if let hint = item.hint { #expect(finding.diagnostic.hint?.contains(hint) == true) }
    #expect(report.count(finding.check).findings == 1)
  }

  @Test func acceptsWhatIsSound() throws {
    let folder = try DataCheckFolder()
    try folder.observations([
      DataCheckLine.with(),
      DataCheckLine.with(["period": "2020-Q1"]),
      DataCheckLine.with(["period": "2020-01/2020-05", "value": " 0 "]),
      DataCheckLine.with(["period": "2021", "status": "plan", "published": "2020-12-07"]),
      DataCheckLine.with(["period": "2022", "published": "2022-01"]),
      DataCheckLine.with(["period": "2024-04-27/2024-05-01", "published": "2024-04"]),
    ])
    #expect(try folder.found() == [])
  }

  @Test func reportsAllProblemsAtOnceInTheOrderOfTheFiles() throws {
    let folder = try DataCheckFolder()
    try folder.observations([DataCheckLine.with(["area": "hanoi"])], in: "b.csv")
    try folder.observations([
      DataCheckLine.with(["source": "x", "value": "?", "unit": "y"]), "a,b,c", DataCheckLine.with(["basis": "z"]),
    ])
    #expect(
      try folder.found() == [
        "not_a_number a.csv:2:33", "unknown_unit a.csv:2:35", "unknown_source a.csv:2:83", "too_few_fields a.csv:3",
        "unknown_value a.csv:4:55", "unknown_area b.csv:2:18",
      ])
  }
}
