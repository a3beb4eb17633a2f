import TextFiles

/// Finds every mistake of a template before it is used: unknown names, open and crossed sections, tags that are not allowed.
struct TemplateCheck {
  private let file: String
  private let allowsDrawings: Bool
  private var problems: [Diagnostic] = []

  /// Functions of the template language that may be called inside a section over a list.
  private static let functions: Set<String> = ["first()", "last()", "index()", "even()", "odd()"]

  /// - Parameters:
  ///   - isMarkup: whether drawings may be placed with three braces.
  /// - Returns: all problems, with line and column.
  static func problems(_ text: String, file: String, names: TemplateValue, isMarkup: Bool) -> [Diagnostic] {
    var check = TemplateCheck(file: file, allowsDrawings: isMarkup)
    check.read(text, names)
    return check.problems
  }

  private init(file: String, allowsDrawings: Bool) {
    self.file = file
    self.allowsDrawings = allowsDrawings
  }

  private struct Section {
    var name: String
    var line: Int
    var column: Int
    /// What its names can be, as far as it is known; nil in a section whose list is empty.
    var scope: TemplateValue?
  }

  private mutating func read(_ text: String, _ names: TemplateValue) {
    var sections: [Section] = []
    for (number, content) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = number + 1
      var rest = content[...]
      while let open = rest.firstRange(of: "{{") {
        let column = content.distance(from: content.startIndex, to: open.lowerBound) + 1
        rest = rest[open.upperBound...]
        let isTriple = rest.first == "{"
        if isTriple { rest = rest.dropFirst() }
        guard let close = rest.firstRange(of: isTriple ? "}}}" : "}}") else {
          report("a tag is not closed on its line", hint: "end it with }}", line, column)
          return
        }
        let tag = trimmed(rest[..<close.lowerBound])
        rest = rest[close.upperBound...]
        if !read(tag, isTriple, &sections, names, line, column) { return }
      }
    }
    for section in sections {
      report(
        "the section '\(section.name)' is not closed", hint: "add {{/\(section.name)}}", section.line, section.column)
    }
  }

  /// Whether reading can go on.
  private mutating func read(
    _ tag: String, _ isTriple: Bool, _ sections: inout [Section], _ names: TemplateValue, _ line: Int, _ column: Int
  ) -> Bool {
    guard let mark = tag.first else {
      report("a tag is empty", hint: nil, line, column)
      return true
    }
    let name = trimmed(tag.dropFirst()[...])
    switch mark {
    case "!": break
    case "#", "^":
      let found = check(name, sections, names, line, column)
      var scope: TemplateValue?
      if mark == "#", let found {
        if case .list(let values) = found { scope = Self.merged(values) } else { scope = found }
      }
      sections.append(Section(name: name, line: line, column: column, scope: scope))
    case "/":
      guard let last = sections.popLast() else {
        report("'\(name)' is closed but was not opened", hint: nil, line, column)
        return false
      }
      guard last.name == name else {
        report(
          "'\(name)' is closed where '\(last.name)' of line \(last.line) is open", hint: "close '\(last.name)' first",
          line, column)
        return false
      }
    case "&", "{": unescaped(name, sections, names, line, column)
    case ">", "<", "$", "=", "%":
      report(
        "tags with '\(mark)' are not supported", hint: "use names, sections (#, ^, /) and comments (!)", line, column)
    default:
      if isTriple {
        unescaped(tag, sections, names, line, column)
      } else {
        _ = check(tag, sections, names, line, column)
      }
    }
    return true
  }

  private mutating func unescaped(
    _ name: String, _ sections: [Section], _ names: TemplateValue, _ line: Int, _ column: Int
  ) {
    guard let found = check(name, sections, names, line, column) else { return }
    if case .drawing = found, allowsDrawings { return }
    report(
      "'\(name)' cannot be placed unescaped", hint: "write {{\(name)}}; only drawings may stand in three braces", line,
      column)
  }

  /// What a name stands for; nil (and a problem) if there is none, nil too where it cannot be known.
  private mutating func check(
    _ name: String, _ sections: [Section], _ names: TemplateValue, _ line: Int, _ column: Int
  ) -> TemplateValue? {
    if name == "." { return sections.last?.scope }
    if Self.functions.contains(name) {
      if sections.isEmpty { report("'\(name)' has a meaning only inside a section", hint: nil, line, column) }
      return nil
    }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let scopes = sections.compactMap(\.scope).reversed() + [names]
    for scope in scopes {
      guard case .group(let members) = scope, var found = members[parts[0]] else { continue }
      for part in parts.dropFirst() {
        guard case .group(let inner) = found, let next = inner[part] else {
          report("'\(name)' is unknown", hint: nil, line, column)
          return nil
        }
        found = next
      }
      return found
    }
    // Inside a list that is empty here, any name may be right.
    if sections.contains(where: { $0.scope == nil && !Self.functions.contains($0.name) }), isWord(parts[0]) {
      return nil
    }
    var known: Set<String> = []
    for scope in scopes { if case .group(let members) = scope { known.formUnion(members.keys) } }
    report(
      "the template names '\(name)', which does not exist",
      hint: Suggestion.hint(for: name, among: known.sorted()), line, column)
    return nil
  }

  private func isWord(_ text: String) -> Bool {
    !text.isEmpty && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
  }

  /// All names of a list's members: a name that only some have is a name.
  private static func merged(_ values: [TemplateValue]) -> TemplateValue? {
    var members: [String: TemplateValue] = [:]
    for value in values {
      guard case .group(let group) = value else { return value }
      members.merge(group) { first, _ in first }
    }
    return values.isEmpty ? nil : .group(members)
  }

  private mutating func report(_ message: String, hint: String?, _ line: Int, _ column: Int) {
    problems.append(
      Diagnostic(
        .badData, code: "bad_template", at: SourceLocation(file: file, line: line, column: column), message, hint: hint)
    )
  }

  private func trimmed(_ text: Substring) -> String {
    var text = text
    while let first = text.first, first.isWhitespace { text = text.dropFirst() }
    while let last = text.last, last.isWhitespace { text = text.dropLast() }
    return String(text)
  }
}
