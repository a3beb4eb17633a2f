import Foundation
import Testing
import TextFiles

@Suite struct TextTableTests {
  let composed = "Thanh Hóa".precomposedStringWithCanonicalMapping
  let decomposed = "Thanh Hóa".decomposedStringWithCanonicalMapping

  func table() -> TextTable {
    var table = TextTable([
      .text("Chỉ tiêu"), .text("Đơn vị", isOptional: true), .number("2026"), .number("2030"),
    ])
    table.addGroup("Du lịch")
    table.addRow(["Lượt khách nội địa đến tỉnh", "lượt", "16.280.000", "18.900.000"])
    table.addRow(["Tổng thu từ khách du lịch", "tỷ đồng", "45.500", "61.200"])
    return table
  }

  @Test func widthsCountColumnsNotCharacters() {
    #expect(DisplayWidth.of(composed) == 9)
    #expect(DisplayWidth.of(decomposed) == 9)
    #expect(DisplayWidth.of("漢字") == 4)
    #expect(DisplayWidth.of("👍🏽") == 2)
    #expect(DisplayWidth.of("❤️") == 2)
    #expect(DisplayWidth.of("─…–−") == 4)
    #expect(DisplayWidth.of("\u{1B}\u{200B}\u{AD}") == 0)
    #expect(DisplayWidth.of("") == 0)
    #expect(DisplayWidth.of("a\u{301}\u{323}") == 1)
  }

  @Test func paddingAndCutting() {
    #expect(DisplayWidth.padded(decomposed, to: 11, .right) == "  " + decomposed)
    #expect(DisplayWidth.padded("ab", to: 5, .centre) == " ab  ")
    #expect(DisplayWidth.padded("abcdef", to: 3) == "abcdef")
    #expect(DisplayWidth.truncated(decomposed, to: 8) == "Thanh H…")
    #expect(DisplayWidth.truncated(decomposed + "!", to: 9) == "Thanh Hó…")
    #expect(DisplayWidth.truncated("漢字漢字", to: 4) == "漢…")
    #expect(DisplayWidth.truncated("abc", to: 3) == "abc")
    #expect(DisplayWidth.truncated("abc", to: 0) == "")
    #expect(DisplayWidth.wrapped("aa bb ccccccc", to: 5) == ["aa bb", "ccccc", "cc"])
    #expect(DisplayWidth.wrapped("", to: 5) == [""])
  }

  @Test func composedAndDecomposedTextAligns() {
    var table = TextTable([.text("Tỉnh"), .number("PCI")])
    table.addRow([composed, "66,79"])
    table.addRow([decomposed, "5"])
    let lines = table.rendered(width: 80).split(separator: "\n").map(String.init)
    #expect(lines.map { DisplayWidth.of($0) } == [16, 16, 16, 16])
    #expect(lines[1] == "────────────────")
    #expect(lines[3] == "Thanh Hóa      5")
  }

  @Test func aWideTerminalShowsEverything() {
    #expect(
      table().rendered(width: 80) == """
        Chỉ tiêu                     Đơn vị         2026        2030
        ────────────────────────────────────────────────────────────
        Du lịch
        Lượt khách nội địa đến tỉnh  lượt     16.280.000  18.900.000
        Tổng thu từ khách du lịch    tỷ đồng      45.500      61.200

        """)
  }

  @Test func optionalColumnsGoFirst() {
    #expect(
      table().rendered(width: 55) == """
        Chỉ tiêu                           2026        2030
        ───────────────────────────────────────────────────
        Du lịch
        Lượt khách nội địa đến tỉnh  16.280.000  18.900.000
        Tổng thu từ khách du lịch        45.500      61.200

        """)
  }

  @Test func thenTheFirstTextColumnWraps() {
    #expect(
      table().rendered(width: 40) == """
        Chỉ tiêu                2026        2030
        ────────────────────────────────────────
        Du lịch
        Lượt khách nội    16.280.000  18.900.000
        địa đến tỉnh
        Tổng thu từ           45.500      61.200
        khách du lịch

        """)
  }

  @Test func thenRowsBecomeBlocks() {
    #expect(
      table().rendered(width: 30) == """
        Du lịch

        Chỉ tiêu: Lượt khách nội địa
                  đến tỉnh
        Đơn vị:   lượt
        2026:     16.280.000
        2030:     18.900.000

        Chỉ tiêu: Tổng thu từ khách du
                  lịch
        Đơn vị:   tỷ đồng
        2026:     45.500
        2030:     61.200

        """)
  }

  @Test(arguments: [20, 30, 40, 60, 80]) func noLineIsWiderThanTheTerminal(width: Int) {
    var table = table()
    table.addRow(["Một chỉ tiêu có tên rất dài và một từ không-thể-ngắt-ra-được-ở-bất-kỳ-chỗ-nào", "漢字", "1", "2"])
    for line in table.rendered(width: width).split(separator: "\n") {
      #expect(DisplayWidth.of(String(line)) <= width, "\(line)")
    }
  }

  @Test func markdownEscapes() {
    var table = TextTable([.text("a|b"), .number("n"), TextTableColumn("c", alignment: .centre)])
    table.addGroup("G")
    table.addRow(["x|y\\", "1"])
    table.addRow(["line\nbreak\u{1B}[31m", "2", "3", "beyond"])
    #expect(
      table.markdown() == """
        | a\\|b | n | c |
        | :--- | ---: | :---: |
        | **G** |  |  |
        | x\\|y\\\\ | 1 |  |
        | line break [31m | 2 | 3 |

        """)
  }

  @Test func emptyTables() {
    #expect(TextTable([]).rendered(width: 80) == "")
    #expect(TextTable([]).markdown() == "")
    #expect(TextTable([.text("a")]).rendered(width: 80) == "a\n─\n")
  }
}
