import Scenarios
import Testing
import TextFiles

@Suite struct DataCheckListingTests {
  private let shipped: DataFolder

  init() throws { shipped = try DataFolder(path: DataCheckFolder.shipped) }

  @Test func listsEveryIndicator() throws {
    let list = try DataListing.list(shipped)
    #expect(list.count == 217)
    #expect(list.map(\.observationCount).reduce(0, +) == 49276)
    #expect(list.map(\.preferredCount).reduce(0, +) == 48438)
    let score = try #require(list.first { $0.id == "pci_score" })
    #expect(score.nameVietnamese == "Điểm PCI tổng hợp")
    #expect(score.nameEnglish == "PCI score")
    #expect(score.unit == "score_100")
    #expect(score.areaCount == 64)
    #expect(score.firstYear == 2006)
    #expect(score.lastYear == 2024)
    #expect(score.sourceCount > 3)
    let target = try #require(list.first { $0.id == "urbanisation_rate" })
    #expect(target.observationCount == 0)
    #expect(target.firstYear == nil && target.lastKnownFrom == nil)
  }

  @Test func summarisesASmallFolder() throws {
    let folder = try DataCheckFolder()
    try folder.observations([
      DataCheckLine.with(["published": "2020-01-05"]),
      DataCheckLine.with(["area": "sam-son", "period": "2015/2017", "preferred": "no", "source": "yearbook_panel"]),
    ])
    let list = try DataListing.list(try DataFolder(path: folder.path))
    let found = try #require(list.first { $0.id == "tourism_arrivals" })
    #expect(found.nameVietnamese == "Tổng lượt khách du lịch" && found.unit == "person_visits")
    #expect([found.areaCount, found.observationCount, found.preferredCount, found.sourceCount] == [2, 2, 1, 2])
    #expect(found.firstYear == 2015 && found.lastYear == 2019)
    // The rule of the source counts, not the date of the later document in which the figure was read.
    #expect(found.lastKnownFrom == CalendarDate("2019-12-31"))
  }

  @Test func showsAllRowsWithTheirOrigin() throws {
    let detail = try DataListing.show("grdp", area: "thanh-hoa", in: shipped)
    #expect(detail.unit == "billion_vnd")
    let rows = detail.rows.filter { $0.period == .year(2025) }
    #expect(rows.count > 1)
    #expect(rows.map(\.isPreferred) == [true] + Array(repeating: false, count: rows.count - 1))
    #expect(rows[0].vintage == "december_2025")
    #expect(rows[0].value == 333617)
    #expect(rows[0].areaNameVietnamese == "Thanh Hóa")
    #expect(rows.allSatisfy { $0.sourceURL.hasPrefix("http") && !$0.sourceTitle.isEmpty })
    #expect(rows.contains { $0.value == 357760 && $0.vintage == "congress_2025" })
    #expect(zip(detail.rows, detail.rows.dropFirst()).allSatisfy { $0.period <= $1.period })
    #expect(try DataListing.show("grdp", in: shipped).rows.count > detail.rows.count)
    #expect(try DataListing.show("grdp", area: "tho-xuan", in: shipped).rows.isEmpty)
  }

  @Test func unknownNamesAreWrongUse() throws {
    let error = #expect(throws: DiagnosticList.self) { try DataListing.show("grpd", area: "thanhhoa2", in: shipped) }
    let diagnostics = try #require(error).diagnostics
    #expect(diagnostics.map(\.code) == ["unknown_id", "unknown_id"])
    #expect(diagnostics.map(\.kind) == [.wrongUse, .wrongUse])
    #expect(diagnostics.first?.hint == "did you mean 'grdp'?")
    #expect(error?.exitCode == 64)
  }
}
