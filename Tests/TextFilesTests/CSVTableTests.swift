import Testing
import TextFiles

@Suite struct CSVTableTests {
  @Test func rowsGiveTypedValuesAndPlaces() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("f.csv", "id,year,value,note\n grdp , 2024 ,1.5e3,\nfdi,2024.5,\"1,5\",\" \"\n")
    let table = try CSVTable.read(path: path, requiredColumns: ["id", "value"], optionalColumns: ["extra"])
    #expect(table.count == 2)
    #expect(table.columns == ["id", "year", "value", "note"])
    #expect(table.hasColumn("note") && !table.hasColumn("extra"))
    #expect(try table[0].string("id") == "grdp")
    #expect(try table[0].integer("year") == 2024)
    #expect(try table[0].double("value") == 1500)
    #expect(try table[0].optionalDouble("note") == nil)
    #expect(table[1].optionalString("note") == nil)
    #expect(table[1].optionalString("extra") == nil)
    #expect(table[1].line == 3)
    let comma = #expect(throws: Diagnostic.self) { try table[1].double("value") }
    #expect(
      comma?.description == "\(path):3:12: value: '1,5' is not a number; write the decimal comma as a point: 1.5")
    let half = #expect(throws: Diagnostic.self) { try table[1].integer("year") }
    #expect(half?.message == "year: '2024.5' is not a whole number")
    let empty = #expect(throws: Diagnostic.self) { try table[0].string("note") }
    #expect(empty?.description == "\(path):2:21: note: the field is empty, a value is expected")
    let absent = #expect(throws: Diagnostic.self) { try table[0].double("valeu") }
    #expect(absent?.hint == "did you mean 'value'?")
  }

  @Test func aFilterKeepsItsRowsWithTheirPlaces() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("f.csv", "id,value\nfdi,1\n\" grdp\t\",2\nfdi,3\nfdi,4\n,5\ngrdp,6\n")
    let filter = CSVRowFilter(column: "id", texts: ["grdp"])
    let table = try CSVTable.read(path: path, keeping: filter)
    #expect(try table.map { try $0.integer("value") } == [2, 6])
    #expect(table.map(\.line) == [3, 7] && table[1].location("value").column == 6)
    #expect(try CSVTable.read(path: path, keeping: CSVRowFilter(column: "id", texts: ["", "x"])).map(\.line) == [6])
    #expect(try CSVTable.read(path: path, keeping: CSVRowFilter(column: "none", texts: ["grdp"])).isEmpty)
    // The form of the other rows is checked all the same.
    let bad = try folder.file("g.csv", "id,value\nfdi,1,2\ngrdp,2\n")
    #expect(throws: DiagnosticList.self) { try CSVTable.read(path: bad, keeping: filter) }
  }

  @Test func aHeaderAloneGivesNoRows() throws {
    let folder = try TemporaryFolder()
    #expect(try CSVTable.read(path: folder.file("f.csv", "a,b")).isEmpty)
  }

  @Test func theSizeIsLimited() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("f.csv", "a\n" + String(repeating: "1234567890\n", count: 100))
    #expect(
      problems(path, options: CSVOptions(maximumTableBytes: 500)) == [
        "[table_too_large] f:52: the file is larger than 500 bytes"
      ])
  }

  @Test func writtenFilesReadBackTheSame() throws {
    let folder = try TemporaryFolder()
    let fields = ["", " x", "a,b", "\"q\"", "line\nbreak", "cr\r", "Thanh Hóa", "plain"]
    let output = try CheckedOutput(path: folder.path + "/f.csv")
    var csv = CSVWriter(to: output)
    try csv.record(["text", "number"])
    for (index, text) in fields.enumerated() {
      csv.field(text)
      csv.field(Double(index) / 3)
      try csv.endRecord()
    }
    try csv.finish()
    try output.commit()
    let table = try CSVTable.read(path: folder.path + "/f.csv")
    #expect(try records(folder.path + "/f.csv").dropFirst().map { $0[0] } == fields)
    #expect(try table.map { try $0.double("number") } == fields.indices.map { Double($0) / 3 })
  }

  @Test func fieldsAreQuotedOnlyWhenNeeded() throws {
    let buffer = TextBuffer()
    var csv = CSVWriter(to: buffer)
    try csv.record(["a b", "c,d", "e\"f", "", " g"])
    try csv.record([""])
    csv.field(-0.0)
    csv.field(Double.nan)
    csv.field(7)
    csv.emptyField()
    try csv.endRecord()
    try csv.finish()
    #expect(buffer.text == "a b,\"c,d\",\"e\"\"f\",,\" g\"\n\"\"\n0,,7,\n")
  }
}
