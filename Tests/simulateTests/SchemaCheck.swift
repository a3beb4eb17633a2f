import Foundation

/// Checks a document against a JSON Schema; only the keywords that our schemas use are known, any other is a failure.
struct SchemaCheck {
  private let root: JSONValue
  private(set) var failures: [String] = []

  init(_ schema: JSONValue) { root = schema }

  mutating func check(_ value: JSONValue) { check(value, root, "$") }

  private mutating func check(_ value: JSONValue, _ schema: JSONValue, _ path: String) {
    guard failures.count < 10 else { return }
    for member in schema.members {
      switch member.key {
      case "$schema", "$id", "$defs", "title", "description", "properties": continue
      case "$ref":
        let name = String(member.value.string?.split(separator: "/").last ?? "")
        if let target = root["$defs"]?[name] { check(value, target, path) } else { fail(path, "no definition \(name)") }
      case "type":
        let allowed = member.value.string.map { [$0] } ?? member.value.elements.compactMap(\.string)
        if !allowed.contains(where: { fits(value, $0) }) { fail(path, "is not \(allowed.joined(separator: " or "))") }
      case "required":
        for key in member.value.elements.compactMap(\.string) where value[key] == nil { fail(path, "lacks \(key)") }
      case "enum": if !member.value.elements.contains(value) { fail(path, "is not among the values of enum") }
      case "const": if member.value != value { fail(path, "is not the value of const") }
      case "minimum":
        if let number = value.number, let least = member.value.number, number < least { fail(path, "is too small") }
      case "maximum":
        if let number = value.number, let most = member.value.number, number > most { fail(path, "is too large") }
      case "minItems":
        if Double(value.elements.count) < member.value.number ?? 0 { fail(path, "has too few items") }
      case "minProperties":
        if Double(value.members.count) < member.value.number ?? 0 { fail(path, "has too few keys") }
      case "pattern":
        if let text = value.string, let pattern = member.value.string,
          text.range(of: pattern, options: .regularExpression) == nil
        {
          fail(path, "'\(text)' does not match \(pattern)")
        }
      case "items": for (index, item) in value.elements.enumerated() { check(item, member.value, "\(path)[\(index)]") }
      case "additionalProperties": continue
      case "anyOf":
        let isFitting = member.value.elements.contains { option in
          var trial = SchemaCheck(root)
          trial.check(value, option, path)
          return trial.failures.isEmpty
        }
        if !isFitting { fail(path, "fits none of anyOf") }
      default: fail(path, "the schema uses the unknown keyword \(member.key)")
      }
    }
    for entry in value.members {
      if let known = schema["properties"]?[entry.key] {
        check(entry.value, known, path + "." + entry.key)
      } else if let others = schema["additionalProperties"] {
        if others == .bool(false) { fail(path, "has the unknown key \(entry.key)") }
        if case .object = others { check(entry.value, others, path + "." + entry.key) }
      }
    }
  }

  private func fits(_ value: JSONValue, _ type: String) -> Bool {
    switch (value, type) {
    case (.null, "null"), (.bool, "boolean"), (.number, "number"), (.string, "string"), (.array, "array"),
      (.object, "object"):
      return true
    case (.number(let number), "integer"): return number == number.rounded()
    default: return false
    }
  }

  private mutating func fail(_ path: String, _ message: String) { failures.append("\(path) \(message)") }
}
