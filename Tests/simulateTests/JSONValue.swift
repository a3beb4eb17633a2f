import Foundation

/// A JSON document whose objects keep the order of their keys.
enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([Member])

  struct Member: Equatable, Sendable {
    var key: String
    var value: JSONValue
  }

  struct Malformed: Error { var offset: Int }

  init(_ bytes: [UInt8]) throws {
    var parser = Parser(bytes: bytes)
    self = try parser.value()
    parser.skipSpace()
    guard parser.offset == bytes.count else { throw Malformed(offset: parser.offset) }
  }

  var keys: [String] { if case .object(let members) = self { members.map(\.key) } else { [] } }
  var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
  var members: [Member] { if case .object(let members) = self { members } else { [] } }
  var number: Double? { if case .number(let number) = self { number } else { nil } }
  var string: String? { if case .string(let string) = self { string } else { nil } }

  subscript(key: String) -> JSONValue? { members.first { $0.key == key }?.value }

  private struct Parser {
    let bytes: [UInt8]
    var offset = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func skipSpace() {
      while offset < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[offset]) { offset += 1 }
    }

    mutating func accept(_ text: StaticString) -> Bool {
      let count = text.utf8CodeUnitCount
      guard offset + count <= bytes.count else { return false }
      for index in 0..<count where bytes[offset + index] != text.utf8Start[index] { return false }
      offset += count
      return true
    }

    mutating func expect(_ text: StaticString) throws {
      skipSpace()
      guard accept(text) else { throw Malformed(offset: offset) }
    }

    mutating func value() throws -> JSONValue {
      skipSpace()
      guard offset < bytes.count else { throw Malformed(offset: offset) }
      switch bytes[offset] {
      case UInt8(ascii: "{"): return .object(try members())
      case UInt8(ascii: "["): return .array(try elements())
      case UInt8(ascii: "\""): return .string(try string())
      default: break
      }
      if accept("null") { return .null }
      if accept("true") { return .bool(true) }
      if accept("false") { return .bool(false) }
      let start = offset
      while offset < bytes.count, "+-.0123456789eE".utf8.contains(bytes[offset]) { offset += 1 }
      guard let number = Double(String(decoding: bytes[start..<offset], as: UTF8.self)), number.isFinite else {
        throw Malformed(offset: start)
      }
      return .number(number)
    }

    mutating func members() throws -> [Member] {
      offset += 1
      var result: [Member] = []
      skipSpace()
      if accept("}") { return result }
      repeat {
        skipSpace()
        let key = try string()
        try expect(":")
        result.append(Member(key: key, value: try value()))
        skipSpace()
      } while accept(",")
      try expect("}")
      guard Set(result.map(\.key)).count == result.count else { throw Malformed(offset: offset) }
      return result
    }

    mutating func elements() throws -> [JSONValue] {
      offset += 1
      var result: [JSONValue] = []
      skipSpace()
      if accept("]") { return result }
      repeat {
        result.append(try value())
        skipSpace()
      } while accept(",")
      try expect("]")
      return result
    }

    /// A text with the simple escapes; others are handed to Foundation.
    mutating func string() throws -> String {
      let start = offset
      try expect("\"")
      var isPlain = true
      while offset < bytes.count, bytes[offset] != UInt8(ascii: "\"") {
        guard bytes[offset] >= 0x20 else { throw Malformed(offset: offset) }
        if bytes[offset] == UInt8(ascii: "\\") {
          isPlain = false
          offset += 1
        }
        offset += 1
      }
      try expect("\"")
      if isPlain { return String(decoding: bytes[(start + 1)..<(offset - 1)], as: UTF8.self) }
      return try JSONDecoder().decode(String.self, from: Data(bytes[start..<offset]))
    }
  }
}
