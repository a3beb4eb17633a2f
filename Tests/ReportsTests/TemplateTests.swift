import Foundation
import Reports
import Testing
import TextFiles

/// Templates of the brief: filled, escaped, and their mistakes found with line and column.
@Suite struct TemplateTests {
  private static let names = TemplateValue.group([
    "question": .text("<b>Có & không?</b> =1+1 {{x}}"), "has_charts": .flag(true),
    "charts": .list([.group(["title": .text("A|B"), "drawing": .drawing("<svg/>")])]),
    "answer": .list([.text("1. *một*")]),
    "empty": .list([]),
  ])

  private func template(_ text: String, _ kind: String) throws -> BriefTemplate {
    let path = NSTemporaryDirectory() + UUID().uuidString + "." + kind
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try BriefTemplate(path: path)
  }

  @Test func textsAreEscapedForHTML() throws {
    let text = try template("<p>{{question}}</p>{{#charts}}{{{drawing}}}{{title}}{{/charts}}", "html").render(
      Self.names)
    #expect(text == "<p>&lt;b&gt;Có &amp; không?&lt;/b&gt; =1+1 {{x}}</p><svg/>A|B")
  }

  @Test func textsAreEscapedForMarkdown() throws {
    let text = try template("{{! remark }}\n# {{question}}\n{{#answer}}\n- {{.}}\n{{/answer}}\n", "md").render(
      Self.names)
    #expect(text == "# \\<b\\>Có \\& không?\\</b\\> =1+1 \\{\\{x\\}\\}\n- 1\\. \\*một\\*\n")
    #expect(MarkdownText.escaped("a\nb|c") == "a b\\|c")
    #expect(MarkdownText.escaped("- x") == "\\- x")
  }

  @Test func decomposedTextIsComposed() throws {
    let names = TemplateValue.group(["question": .text("Thanh Hóa".decomposedStringWithCanonicalMapping)])
    let text = try template("{{question}}", "md").render(names)
    #expect(Array(text.utf8) == Array("Thanh Hóa".precomposedStringWithCanonicalMapping.utf8))
  }

  @Test(arguments: [
    ("a\nb {{questoin}}", 2, 3, "did you mean 'question'"), ("{{#charts}}\n{{tilte}}{{/charts}}", 2, 1, "title"),
    ("x\n{{#charts}}", 2, 1, "is not closed"), ("{{/charts}}", 1, 1, "was not opened"),
    ("{{#charts}}\n{{#has_charts}}\n{{/charts}}", 3, 1, "close 'has_charts' first"),
    ("a {{question", 1, 3, "not closed"),
    ("\n\n{{{question}}}", 3, 1, "cannot be placed unescaped"), ("{{&question}}", 1, 1, "cannot be placed unescaped"),
    ("{{> other}}", 1, 1, "not supported"), ("{{=<% %>=}}", 1, 1, "not supported"), ("{{}}", 1, 1, "empty"),
  ])
  func aMistakeHasItsPlace(_ text: String, _ line: Int, _ column: Int, _ words: String) throws {
    let template = try template(text, "html")
    let problems = #expect(throws: DiagnosticList.self) { _ = try template.render(Self.names) }
    let first = try #require(problems?.diagnostics.first)
    #expect(first.code == "bad_template")
    #expect(first.location?.line == line)
    #expect(first.location?.column == column)
    #expect(first.description.contains(words), "\(first.description)")
  }

  @Test func allMistakesAreToldAtOnce() throws {
    let template = try template("{{one}}\n{{two}}\n", "md")
    let problems = #expect(throws: DiagnosticList.self) { _ = try template.render(Self.names) }
    #expect(problems?.diagnostics.count == 2)
  }

  @Test func namesInAnEmptyListAreNotJudged() throws {
    #expect(try template("{{#empty}}{{anything}}{{/empty}}{{^empty}}none{{/empty}}", "md").render(Self.names) == "none")
  }

  @Test(arguments: ["txt", "mustache"]) func otherKindsAreRefused(_ kind: String) {
    #expect(throws: Diagnostic.self) { try template("x", kind) }
  }
}
