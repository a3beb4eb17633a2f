import Foundation
import Testing
import TextFiles

@Suite struct JSONWriterTests {
  func text(indentation: Int? = nil, _ body: (inout JSONWriter) throws -> Void) throws -> String {
    let buffer = TextBuffer()
    var json = JSONWriter(to: buffer, indentation: indentation)
    try body(&json)
    try json.finish()
    return buffer.text
  }

  @Test func membersKeepTheirOrder() throws {
    let written = try text { json in
      try json.object { json in
        try json.member("z", "Thanh Hóa")
        try json.member("a", 1.5)
        try json.member("n", nil as Double?)
        try json.member("nan", Double.nan)
        try json.member("yes", true)
        try json.key("list")
        try json.array { json in
          try json.value(1)
          try json.null()
          try json.array { _ in }
          try json.object { _ in }
        }
      }
    }
    #expect(written == #"{"z":"Thanh Hóa","a":1.5,"n":null,"nan":null,"yes":true,"list":[1,null,[],{}]}"# + "\n")
  }

  @Test func indentation() throws {
    let written = try text(indentation: 2) { json in
      try json.object { json in
        try json.key("a")
        try json.array { json in
          try json.value(1)
          try json.value("x")
        }
        try json.key("e")
        try json.object { _ in }
      }
    }
    #expect(written == "{\n  \"a\": [\n    1,\n    \"x\"\n  ],\n  \"e\": {}\n}\n")
  }

  @Test func everyCharacterReadsBack() throws {
    let strings =
      (0..<0x250).compactMap { Unicode.Scalar($0) }.map { "a\($0)b" } + ["\u{2028}\u{2029}\u{20AC}", "👍🏽", ""]
    let written = try text { json in
      try json.array { json in for string in strings { try json.value(string) } }
    }
    let read = try JSONSerialization.jsonObject(with: Data(written.utf8)) as? [String]
    #expect(read.map { $0.map { Array($0.unicodeScalars) } } == strings.map { Array($0.unicodeScalars) })
    #expect(!written.contains("\u{2028}") && !written.contains("\u{1}"))
  }

  @Test func longOutputGoesThroughInPieces() throws {
    let written = try text { json in
      try json.array { json in for number in 0..<20_000 { try json.value(number) } }
    }
    #expect(written == "[" + (0..<20_000).map(\.description).joined(separator: ",") + "]\n")
  }
}
