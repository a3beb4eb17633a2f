import Foundation
import Mustache
import TextFiles

/// A text with places for what a run says, as a planner can edit it: Mustache tags in Markdown or HTML.
///
/// `{{name}}` is replaced by a text, escaped for the format; `{{#name}} … {{/name}}` stands for every member of a list or if
/// something is so, `{{^name}} … {{/name}}` if not; `{{! … }}` is a remark. Partials, own delimiters and unescaped texts are not
/// supported: texts from files are data.
public struct BriefTemplate: Sendable {
  public enum Format: String, Sendable {
    case markdown = "md"
    case html
  }

  public let format: Format
  public let file: String
  private let text: String

  /// More than anybody writes by hand.
  static let sizeLimit = 1 << 20

  /// Reads a template; its name ends in `.md` or `.html`.
  ///
  /// - Throws: ``Diagnostic``.
  public init(path: String) throws {
    let lower = path.lowercased()
    if lower.hasSuffix(".md") {
      format = .markdown
    } else if lower.hasSuffix(".html") || lower.hasSuffix(".htm") {
      format = .html
    } else {
      throw Diagnostic(
        .wrongUse, code: "template_kind", at: SourceLocation(file: path),
        "the name of a template must end in .md or .html")
    }
    file = path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw InputProblem.cannotOpen(path, ENOENT)
    }
    guard !isFolder.boolValue else { throw InputProblem.isDirectory(path) }
    guard let data = FileManager.default.contents(atPath: path) else { throw InputProblem.cannotOpen(path, EACCES) }
    guard data.count <= Self.sizeLimit else {
      throw Diagnostic(
        .badData, code: "template_too_large", at: SourceLocation(file: path), "a template may have at most 1 MB")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw Diagnostic(
        .badData, code: "not_utf8", at: SourceLocation(file: path), "the template is not UTF-8",
        hint: "save it as UTF-8")
    }
    self.text = text.replacingOccurrences(of: "\r\n", with: "\n")
  }

  /// The template filled with what the names stand for.
  ///
  /// - Throws: ``DiagnosticList`` with every mistake of the template.
  package func render(_ names: TemplateValue) throws -> String {
    let problems = TemplateCheck.problems(text, file: file, names: names, isMarkup: format == .html)
    guard problems.isEmpty else { throw DiagnosticList(problems) }
    do {
      // Texts in Markdown are escaped beforehand; the engine would escape them for HTML.
      let template = try MustacheTemplate(
        string: format == .markdown ? "{{% CONTENT_TYPE:TEXT}}\n" + text : text)
      let escape = format == .markdown ? MarkdownText.escaped : { $0 }
      return template.render(names.rendered(escape)).composed
    } catch let error as MustacheTemplate.ParserError {
      let line = error.context.lineNumber - (format == .markdown ? 1 : 0)
      throw DiagnosticList([
        Diagnostic(
          .badData, code: "bad_template",
          at: SourceLocation(file: file, line: line, column: error.context.columnNumber),
          "the template cannot be read (\(error.error))")
      ])
    }
  }
}
