import Foundation
import Reports
import Testing

/// Names of files from names in data cannot leave their folder.
@Suite struct FileNameTests {
  @Test(arguments: [
    ("Kịch bản 1/2", "kich-ban-1-2"), ("../../etc/passwd", "etc-passwd"), (".hidden", "hidden"),
    ("Đông Sơn", "dong-son"),
    ("a\u{0}b\nc", "a-b-c"), ("...", "item"), ("", "item"), ("fdi_registered_new", "fdi-registered-new"),
    ("CON:", "con"),
  ])
  func aNameIsAWord(_ name: String, _ word: String) {
    #expect(FileName.word(name) == word)
    #expect(FileName.word(name.decomposedStringWithCanonicalMapping) == word)
  }

  @Test func aLongNameIsCut() {
    #expect(FileName.word(String(repeating: "x", count: 500)).count == 60)
  }
}
