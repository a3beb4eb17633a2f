import Foundation
import TextFiles
import Yams

/// A YAML file read through Yams' nodes and marks, so that every problem is reported with its line and column, all at once.
///
/// Nothing is converted implicitly: numbers and texts are read where they are expected, so `no` and `on` stay texts, and no tag is
/// resolved (the parser would match every word against a dozen regular expressions).
final class YAMLSource {
  let file: String
  private(set) var diagnostics: [Diagnostic] = []

  /// The largest file and the largest number of nodes (after expanding aliases) that are accepted.
  static let largestFile = 1_000_000
  static let mostNodes = 100_000

  init(file: String) { self.file = file }

  /// Parses the text; nil after a problem, which is recorded.
  func root(_ bytes: [UInt8]) -> Node? {
    guard bytes.count <= YAMLSource.largestFile else {
      report(nil, "too_large", "the file has \(bytes.count) bytes; at most \(YAMLSource.largestFile) are read")
      return nil
    }
    guard var text = String(validating: bytes, as: UTF8.self) else {
      report(nil, "invalid_utf8", "the file is not UTF-8 text", hint: "save it as UTF-8")
      return nil
    }
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    text = String(text.unicodeScalars.filter { $0 != "\r" })
    // Some systems write letters and their marks apart: names come out in one form (NFC) whatever the file has.
    if text.utf8.contains(where: { $0 > 0x7F }) { text = text.precomposedStringWithCanonicalMapping }
    guard !text.allSatisfy(\.isWhitespace) else {
      report(nil, "empty_file", "the file is empty", hint: "see the files under model/ and scenarios/ for the form")
      return nil
    }
    do {
      guard let node = try Yams.compose(yaml: text, .basic) else {
        report(nil, "empty_file", "the file holds only comments")
        return nil
      }
      var count = 0
      guard countNodes(node, &count) else {
        report(nil, "too_many_nodes", "more than \(YAMLSource.mostNodes) nodes after expanding aliases")
        return nil
      }
      return node
    } catch {
      reportParser(error)
      return nil
    }
  }

  private func countNodes(_ node: Node, _ count: inout Int) -> Bool {
    count += 1
    guard count <= YAMLSource.mostNodes else { return false }
    switch node {
    case .mapping(let mapping):
      for (key, value) in mapping {
        guard countNodes(key, &count), countNodes(value, &count) else { return false }
      }
      return true
    case .sequence(let sequence): return sequence.allSatisfy { countNodes($0, &count) }
    default: return true
    }
  }

  private func reportParser(_ error: any Error) {
    guard let error = error as? YamlError else {
      report(nil, "yaml", "not valid YAML: \(error)")
      return
    }
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      diagnostics.append(
        Diagnostic(
          .badData, code: "yaml", at: SourceLocation(file: file, line: mark.line, column: mark.column),
          "not valid YAML: \(problem)", hint: "check the indentation, the braces and the quotes of this line"))
    case .duplicatedKeysInMapping(let duplicates, let context):
      diagnostics.append(
        Diagnostic(
          .badData, code: "duplicate_key",
          at: SourceLocation(file: file, line: context.mark.line, column: context.mark.column),
          "the key \(duplicates.map { "'\($0)'" }.joined(separator: ", ")) stands twice in this mapping"))
    default: report(nil, "yaml", "not valid YAML: \(error)")
    }
  }

  func location(_ node: Node?) -> SourceLocation {
    SourceLocation(file: file, line: node?.mark?.line, column: node?.mark?.column)
  }

  func report(_ node: Node?, _ code: String, _ message: String, hint: String? = nil) {
    diagnostics.append(Diagnostic(.badData, code: code, at: location(node), message, hint: hint))
  }

  /// The entries of a mapping whose keys must be among `allowed` (when given), in the file's order.
  func mapping(_ node: Node, _ what: String, allowed: [String]? = nil) -> [(key: String, keyNode: Node, value: Node)]? {
    guard case .mapping(let mapping) = node else {
      report(node, "wrong_type", "\(what) must be a mapping of keys to values, not \(kind(node))")
      return nil
    }
    var entries: [(key: String, keyNode: Node, value: Node)] = []
    for (keyNode, value) in mapping {
      guard case .scalar(let scalar) = keyNode else {
        report(keyNode, "wrong_type", "a key of \(what) must be a word, not \(kind(keyNode))")
        continue
      }
      if let allowed, !allowed.contains(scalar.string) {
        report(
          keyNode, "unknown_key", "\(what) has no key '\(scalar.string)'",
          hint: Suggestion.hint(for: scalar.string, among: allowed))
        continue
      }
      entries.append((scalar.string, keyNode, value))
    }
    return entries
  }

  func fields(_ node: Node, _ what: String, allowed: [String]) -> [String: Node]? {
    guard let entries = mapping(node, what, allowed: allowed) else { return nil }
    return Dictionary(entries.map { ($0.key, $0.value) }, uniquingKeysWith: { a, _ in a })
  }

  func text(_ node: Node, _ what: String) -> String? {
    guard case .scalar(let scalar) = node, !scalar.string.isEmpty else {
      report(node, "wrong_type", "\(what) must be a text, not \(kind(node))")
      return nil
    }
    return scalar.string
  }

  func number(_ node: Node, _ what: String) -> Double? {
    guard case .scalar(let scalar) = node, let value = parseNumber(scalar.string) else {
      let found: String
      if case .scalar(let scalar) = node { found = "'\(scalar.string)'" } else { found = kind(node) }
      report(
        node, "wrong_type", "\(what) must be a number, not \(found)",
        hint: found.contains(",") ? "write a decimal point" : nil)
      return nil
    }
    return value
  }

  func integer(_ node: Node, _ what: String) -> Int? {
    guard let value = number(node, what) else { return nil }
    guard value == value.rounded(), abs(value) < 1e9 else {
      report(node, "wrong_type", "\(what) must be a whole number, not \(value)")
      return nil
    }
    return Int(value)
  }

  func list(_ node: Node, _ what: String) -> [Node]? {
    guard case .sequence(let sequence) = node else {
      report(node, "wrong_type", "\(what) must be a list in brackets, not \(kind(node))")
      return nil
    }
    return Array(sequence)
  }

  func texts(_ node: Node, _ what: String) -> [String]? {
    list(node, what)?.compactMap { text($0, "an element of \(what)") }
  }

  func numbers(_ node: Node, _ what: String) -> [Double]? {
    list(node, what)?.compactMap { number($0, "an element of \(what)") }
  }

  func integers(_ node: Node, _ what: String) -> [Int]? {
    list(node, what)?.compactMap { integer($0, "an element of \(what)") }
  }

  func choice<Choice: RawRepresentable & CaseIterable>(_ node: Node, _ what: String, _ type: Choice.Type) -> Choice?
  where Choice.RawValue == String {
    guard let text = text(node, what) else { return nil }
    if let value = Choice(rawValue: text) { return value }
    let allowed = Choice.allCases.map(\.rawValue)
    report(
      node, "unknown_value", "\(what) cannot be '\(text)'; allowed: \(allowed.joined(separator: ", "))",
      hint: Suggestion.hint(for: text, among: allowed))
    return nil
  }

  func localized(_ node: Node, _ what: String) -> LocalizedText? {
    if case .scalar(let scalar) = node, !scalar.string.isEmpty {
      return LocalizedText(vi: scalar.string, en: scalar.string)
    }
    guard let fields = fields(node, what, allowed: ["vi", "en"]) else { return nil }
    let vi = fields["vi"].flatMap { text($0, "\(what) in Vietnamese") }
    let en = fields["en"].flatMap { text($0, "\(what) in English") }
    guard let first = vi ?? en else {
      report(node, "missing_key", "\(what) needs vi or en")
      return nil
    }
    return LocalizedText(vi: vi ?? first, en: en ?? first)
  }

  func parseNumber(_ text: String) -> Double? {
    guard let first = text.utf8.first, text.utf8.allSatisfy({ ($0 >= 48 && $0 <= 57) || "+-.eE".utf8.contains($0) }),
      first != UInt8(ascii: "e"), first != UInt8(ascii: "E"), let value = Double(text), value.isFinite
    else { return nil }
    return value
  }

  private func kind(_ node: Node) -> String {
    switch node {
    case .mapping: return "a mapping"
    case .sequence: return "a list"
    case .scalar(let scalar): return scalar.string.isEmpty ? "nothing" : "'\(scalar.string)'"
    default: return "an alias"
    }
  }
}
