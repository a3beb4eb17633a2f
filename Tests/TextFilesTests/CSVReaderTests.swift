import Testing
import TextFiles

@Suite struct CSVReaderTests {
  @Test(arguments: ["\n", "\r\n", "\r"]) func everyLineEndGivesTheSameRecords(lineEnd: String) throws {
    let folder = try TemporaryFolder()
    let text = ["a,b", "1,x", "", "2,\"y, \"\"z\"\"\"", "3,"].joined(separator: lineEnd)
    let expected = [["a", "b"], ["1", "x"], ["2", "y, \"z\""], ["3", ""]]
    #expect(try records(folder.file("open.csv", text)) == expected)
    #expect(try records(folder.file("closed.csv", text + lineEnd)) == expected)
    #expect(try records(folder.file("marked.csv", "\u{FEFF}" + text)) == expected)
  }

  @Test func quotedFieldsKeepLineBreaksAndSpaces() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("f.csv", "a,b\n\"one\ntwo\r\nthree\",\" x \"\n\"\",\"\"\n")
    #expect(try records(path) == [["a", "b"], ["one\ntwo\r\nthree", " x "], ["", ""]])
  }

  @Test func positionsCountCharactersAndLinesInsideQuotes() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("f.csv", "tên,giá,ghi chú\n\"Thanh\nHóa\",Nga Sơn,x\nHu\u{1EBF},12,y\n")
    var reader = try CSVReader(path: path)
    #expect(try reader.next())
    #expect(reader.location(0) == SourceLocation(file: path, line: 2, column: 1))
    #expect(reader.location(1) == SourceLocation(file: path, line: 3, column: 6))
    #expect(reader.location(2) == SourceLocation(file: path, line: 3, column: 14))
    #expect(try reader.next())
    #expect(reader.line == 4)
    #expect(reader.location(1) == SourceLocation(file: path, line: 4, column: 5))
    let table = try CSVTable.read(path: path)
    #expect(table.map { $0.location("giá").column } == [6, 5])
    #expect(table.map { $0.location("giá").line } == [3, 4])
    #expect(table[0].location("ghi chú").column == 14)
  }

  @Test(arguments: [1, 2, 3, 7, 1000]) func recordsAcrossChunksAreWhole(width: Int) throws {
    let folder = try TemporaryFolder()
    var text = "id,note\n"
    var expected = [["id", "note"]]
    var line = 0
    // About 700 kB, so that many records and quotes lie across the borders of the chunks.
    while text.utf8.count < 700_000 {
      let note = String(repeating: "ế\"\r\n", count: (line % 5) * width)
      text += "\(line),\"\(note.replacing("\"", with: "\"\""))\"\r\n"
      expected.append([String(line), note])
      line += 1
    }
    let path = try folder.file("f.csv", text)
    #expect(try records(path) == expected)
    #expect(try records(folder.file("f.csv.gz", bytes: gzip(Array(text.utf8)))) == expected)
  }

  @Test func aRecordLongerThanTheFirstBufferIsRead() throws {
    let folder = try TemporaryFolder()
    let long = String(repeating: "x", count: 900_000)
    #expect(try records(folder.file("f.csv", "a,b\n1,\(long)\n2,y\n")) == [["a", "b"], ["1", long], ["2", "y"]])
  }

  @Test func gzipOfSeveralMembersAndPaddingIsRead() throws {
    let folder = try TemporaryFolder()
    let bytes = gzip(Array("a,b\n1,2\n".utf8)) + gzip(Array("3,4\n".utf8)) + [0, 0, 0]
    #expect(try records(folder.file("f.csv.gz", bytes: bytes)) == [["a", "b"], ["1", "2"], ["3", "4"]])
  }

  @Test func damagedGzipIsRefused() throws {
    let folder = try TemporaryFolder()
    let text = "a,b\n" + (0..<20_000).map { "\($0),\($0 * 7919 % 104_729)\n" }.joined()
    let packed = gzip(Array(text.utf8))
    for cut in [3, 9, 20, packed.count / 2, packed.count - 9, packed.count - 1] {
      let found = problems(try folder.file("cut.gz", bytes: Array(packed.prefix(cut))))
      #expect(found.count == 1 && found[0].contains("end too early"), "\(cut): \(found)")
    }
    var flipped = packed
    flipped[packed.count / 2] ^= 0x55
    #expect(problems(try folder.file("flipped.gz", bytes: flipped)).contains { $0.contains("damaged") })
    #expect(problems(try folder.file("tail.gz", bytes: packed + [1, 2, 3])).contains { $0.contains("damaged") })
  }

  @Test func missingDirectoryAndEmptyFilesAreNamed() throws {
    let folder = try TemporaryFolder()
    _ = try folder.file("tourism.csv", "")
    #expect(problems(folder.path + "/turism.csv")[0].contains("did you mean '\(folder.path)/tourism.csv'?"))
    #expect(problems(folder.path)[0].hasPrefix("[is_directory]"))
    #expect(problems("")[0].hasPrefix("[missing_file]"))
    #expect(
      problems(folder.path + "/tourism.csv") == [
        "[empty_file] f: the file is empty, a header line with the names of the columns is expected"
      ])
    #expect(problems(try folder.file("mark.csv", "\u{FEFF}"))[0].hasPrefix("[empty_file]"))
    #expect(problems(try folder.file("blank.csv", "\n\r\n\n"))[0].hasPrefix("[empty_file]"))
    let error = #expect(throws: DiagnosticList.self) { try CSVTable.read(path: folder.path + "/absent.csv") }
    #expect(error?.exitCode == 66)
  }

  @Test func headerProblemsComeTogether() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("f.csv", "unique_id,tme,tme\n")
    #expect(
      problems(path, requiredColumns: ["unique_id", "time", "value"]) == [
        "[duplicate_column] f:1:15: the column 'tme' is named twice (columns 2 and 3); rename one of them",
        "[missing_column] f:1: there is no column 'time'; did you mean 'tme'? the columns are unique_id, tme, tme",
        "[missing_column] f:1: there is no column 'value'; the columns are unique_id, tme, tme",
      ])
    #expect(
      problems(try folder.file("s.csv", "a;b\n1;2\n"), requiredColumns: ["a"])[0]
        .hasSuffix("the fields seem to be separated by ';', commas are expected"))
    let other = try CSVReader(path: folder.file("t.csv", " a ; b\n"), options: CSVOptions(delimiter: UInt8(ascii: ";")))
    let names = other.header
    #expect(names == ["a", "b"])
  }

  static let malformed: [(bytes: [UInt8], expected: String)] = [
    (Array("a,b\n1\n".utf8), "[too_few_fields] f:2: the row has 1 field, the header has 2"),
    (
      Array("a,b\n1,2,3\n".utf8),
      "[too_many_fields] f:2: the row has 3 fields, the header has 2; quote the fields that hold a comma"
    ),
    (
      Array("a,b\n1,\"x\n2,y\n".utf8),
      "[unterminated_quote] f:2:3: the quote opened here is never closed; close it, or double it if it belongs to the text"
    ),
    (
      Array("a,b\n1,x\"y\"\n".utf8),
      "[stray_quote] f:2:4: a quote inside an unquoted field; quote the whole field and double the quotes inside it"
    ),
    (
      Array("a,b\n1,\"x\"y\n".utf8),
      "[stray_quote] f:2:5: a comma or the end of the line is expected after the closing quote; quote the whole field and double the quotes inside it"
    ),
    (
      Array("a,b\n1,".utf8) + [0xE9] + Array("t\n".utf8),
      "[invalid_utf8] f:2:3: not UTF-8 (byte 0xE9 at offset 6 of the text); save the file as 'CSV UTF-8'"
    ),
    (
      Array("a,b\n1,x".utf8) + [0] + Array("\n".utf8),
      "[nul_byte] f:2:4: a NUL byte (byte 7 of the text); the file is damaged or not text"
    ),
    ([0xFF, 0xFE, 0x61, 0], "[not_utf8] f: the text is UTF-16, UTF-8 is expected; save it as 'CSV UTF-8'"),
    (
      [0x50, 0x4B, 0x03, 0x04, 0],
      "[not_csv] f: this is a workbook or a ZIP archive, not CSV text; save the sheet as 'CSV UTF-8'"
    ),
  ]

  @Test(arguments: malformed.indices) func malformedRecordsAreNamed(_ index: Int) throws {
    let folder = try TemporaryFolder()
    let (bytes, expected) = Self.malformed[index]
    #expect(problems(try folder.file("f.csv", bytes: bytes)) == [expected])
  }

  @Test func goodRecordsAroundBadOnesAreSeenAndAllProblemsThrown() throws {
    let folder = try TemporaryFolder()
    var reader = try CSVReader(path: folder.file("f.csv", "a,b\n1,2\n3\n4,five\n6,7\n"))
    var sum = 0.0
    let error = #expect(throws: DiagnosticList.self) {
      while try reader.next() { sum += (reader.double(0) ?? 0) + (reader.double(1) ?? 0) }
    }
    #expect(sum == 20)
    #expect(error?.diagnostics.map(\.code) == ["too_few_fields", "not_a_number"])
    #expect(error?.diagnostics.last?.message == "b: 'five' is not a number")
    #expect(error?.diagnostics.last?.location?.column == 3)
  }

  @Test func problemsStopAtAHundred() throws {
    let folder = try TemporaryFolder()
    let found = problems(try folder.file("f.csv", "a,b\n" + String(repeating: "1\n", count: 250)))
    #expect(found.count == 101)
    #expect(found.last == "[more_problems] f: and 150 more")
  }

  @Test func limitsOfFieldAndRecordHold() throws {
    let folder = try TemporaryFolder()
    let options = CSVOptions(maximumFieldBytes: 10, maximumRecordBytes: 2048)
    #expect(
      problems(try folder.file("a.csv", "a,b\n1,\"" + String(repeating: "x", count: 5000)), options: options) == [
        "[field_too_long] f:2:3: the field that starts here is longer than 10 bytes; look for a quote that is never closed"
      ])
    #expect(
      problems(try folder.file("b.csv", "a,b\n" + String(repeating: "1,", count: 5000)), options: options) == [
        "[record_too_long] f:2: the record that starts here is longer than 2048 bytes; look for a quote that is never closed, or for missing line ends"
      ])
  }

  @Test func randomBytesNeverTrap() throws {
    let folder = try TemporaryFolder()
    var state: UInt64 = 42
    let alphabet: [UInt8] = [0x22, 0x2C, 0x0A, 0x0D, 0x61, 0x31, 0x20, 0xC3, 0xA9, 0xF0, 0x00, 0x2E]
    for _ in 0..<300 {
      var bytes: [UInt8] = []
      for _ in 0..<60 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes.append(alphabet[Int(state >> 33) % alphabet.count])
      }
      let path = try folder.file("f.csv", bytes: bytes)
      do {
        let table = try CSVTable.read(path: path)
        for row in table {
          for column in table.columns {
            _ = try? row.double(column)
            #expect(row.location(column).line ?? 0 >= row.line)
          }
        }
      } catch { #expect(!error.diagnostics.isEmpty) }
    }
  }
}
