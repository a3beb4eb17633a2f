import Foundation
import Scenarios
import Testing
import TextFiles

/// Files that are missing, empty or written by other programs, and exceptions.
@Suite struct DataCheckFileTests {
  private typealias Line = DataCheckLine

  @Test func shippedDataPass() throws {
    let report = DataCheck.run(try DataFolder(path: DataCheckFolder.shipped))
    #expect(report.findings.map(\.diagnostic.description) == [])
    #expect(report.passes)
    #expect(report.fileCount == 13)
    #expect(report.rowCount == 49276)
    #expect(report.counts.map(\.check) == DataCheckName.allCases)
    #expect(numbers(report.count(.pciWeightedSum)) == [1023, 0, 61])
    #expect(report.count(.identity).examined == 2407)
    #expect(report.count(.rankOrder).examined == 1074)
    #expect(numbers(report.count(.multiYearTotal)) == [8, 0, 6])
    #expect(report.appliedExceptions.allSatisfy { $0.excused > 0 && !$0.reason.isEmpty })
  }

  @Test func byteOrderMarkAndCRLFMakeNoDifference() throws {
    let folder = try DataCheckFolder()
    for part in ["reference", "observations"] {
      for name in try DataCheckFolder.shippedFiles(part) {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(DataCheckFolder.shipped)/\(part)/\(name)")))
        var changed: [UInt8] = [0xEF, 0xBB, 0xBF]
        changed.reserveCapacity(bytes.count + bytes.count / 50)
        for byte in bytes {
          if byte == 0x0A { changed.append(0x0D) }
          changed.append(byte)
        }
        try Data(changed).write(to: URL(fileURLWithPath: "\(folder.path)/\(part)/\(name)"))
      }
    }
    let original = DataCheck.run(try DataFolder(path: DataCheckFolder.shipped))
    let copy = try folder.check()
    #expect(copy.findings == [])
    #expect(copy.counts == original.counts)
    #expect(copy.appliedExceptions.map(\.excused) == original.appliedExceptions.map(\.excused))
    // A finding has the same place.
    let lines = [Line.with(), Line.with(["area": "x", "note": "Thanh Hóa"]), Line.with(["value": "9"])]
    let text = ([DataCheckFolder.header] + lines).map { $0 + "\r\n" }.joined()
    let second = try DataCheckFolder()
    try second.write("observations/a.csv", "\u{FEFF}" + text)
    #expect(try second.found() == ["unknown_area a.csv:3:18", "two_preferred a.csv:4:72"])
  }

  @Test func emptyFiles() throws {
    let folder = try DataCheckFolder()
    #expect(try folder.check().findings.map(\.diagnostic.code) == ["no_files"])
    try folder.write("observations/a.csv", "")
    try folder.observations([], in: "b.csv")
    try folder.observations([Line.with()], in: "c.csv")
    #expect(try folder.found() == ["empty_file a.csv", "no_rows b.csv:1"])
    #expect(try folder.check().count(.file).findings == 2)
  }

  @Test func missingColumn() throws {
    let folder = try DataCheckFolder()
    try folder.observations([], header: DataCheckFolder.header.replacing("unit", with: "Unit"))
    try folder.observations([Line.with(["area": "x"])], in: "b.csv")
    #expect(try folder.found() == ["missing_column a.csv:1", "unknown_area b.csv:2:18"])
  }

  @Test(arguments: [
    "indicators", "areas", "units", "sources", "release_rules", "identities", "exceptions", "pci_weights",
    "province_crosswalk",
  ])
  func missingReferenceTable(_ name: String) throws {
    let folder = try DataCheckFolder()
    try folder.observations([Line.with(["period": "never"])])
    try FileManager.default.removeItem(atPath: "\(folder.path)/reference/\(name).csv")
    #expect(try folder.found() == ["bad_period a.csv:2:28", "missing_file \(name).csv"])
    #expect(try folder.check().errors.contains { $0.kind == .missingInput })
  }

  @Test func missingObservationsFolder() throws {
    let folder = try DataCheckFolder()
    try FileManager.default.removeItem(atPath: folder.path + "/observations")
    #expect(try folder.found() == ["missing_folder observations"])
  }

  @Test func referenceTablesThatContradictThemselves() throws {
    let folder = try DataCheckFolder()
    try folder.observations([Line.with()])
    let units = try DataCheckFolder.shippedLines("reference/units.csv")
    try folder.write("reference/units.csv", (units + [units[1]]).joined(separator: "\n"))
    try folder.write(
      "reference/identities.csv",
      "id,total,parts,tolerance,tolerance_kind,area,note\na,tourism_arrivals,tourism_arrival,1,absolute,,\n")
    try folder.write(
      "reference/pci_weights.csv",
      "first_year,last_year,entry_costs,land_access\n2006,2008,0.5,0.4\n")
    #expect(
      try folder.found() == [
        "unknown_indicator identities.csv:2:20", "reference pci_weights.csv:2:1",
        "reference units.csv:\(units.count + 1):1",
      ])
  }

  @Test func exceptionsSilenceExactlyWhatTheyName() throws {
    let folder = try DataCheckFolder()
    func row(_ year: Int, _ vintage: String, _ area: String = "thanh-hoa") -> String {
      Line.with(["area": area, "period": "\(year)", "vintage": vintage])
    }
    try folder.observations([
      row(2018, "a"), row(2019, "b"), row(2020, "c"), row(2018, "a", "ha-noi"), row(2019, "b", "ha-noi"),
      Line.with(["period": "2017", "value": "-1"]),
    ])
    let all = try folder.found()
    #expect(
      all == [
        "mixed_vintage a.csv:3:82", "mixed_vintage a.csv:4:82", "mixed_vintage a.csv:6:79", "out_of_range a.csv:7:33",
      ])
    try folder.exceptions(["mixed_vintage,tourism_arrivals,thanh-hoa,2018/2019,known,gso_farms"])
    #expect(try folder.found() == Array(all.dropFirst()))
    try folder.exceptions(["mixed_vintage,,,2018/2019,known,gso_farms"])
    #expect(try folder.found() == [all[1], all[3]])
    try folder.exceptions(["mixed_vintage,,,,known,gso_farms", "break,tourism_arrivals,,,a remark,gso_farms"])
    let report = try folder.check()
    #expect(report.findings.map(\.diagnostic.code) == ["out_of_range"])
    #expect(report.count(.mixedVintage).excused == 3)
    #expect(report.appliedExceptions.map(\.excused) == [3])
    #expect(report.remarkCount == 1)
  }

  @Test func unusedAndUnknownExceptions() throws {
    let folder = try DataCheckFolder()
    try folder.observations([Line.with()])
    try folder.exceptions(["out_of_range,tourism_arrivals,thanh-hoa,2019,once wrong,gso_farms"])
    let report = try folder.check()
    #expect(try folder.found() == ["unused_exception exceptions.csv:2:1"])
    #expect(report.passes)
    #expect(report.errors.isEmpty && report.warnings.count == 1)
    try folder.exceptions([
      "out_of_rage,,,,reason,gso_farms", "break,tourism_arivals,,,reason,gso_farms", "break,,,,,gso_farms",
    ])
    #expect(
      try folder.found() == [
        "unknown_check exceptions.csv:2:1", "unknown_indicator exceptions.csv:3:7", "empty_field exceptions.csv:4:10",
      ])
    #expect(try folder.check().errors.first?.hint == "did you mean 'out_of_range'?")
  }
}
