import Foundation

/// A file of reference values, as a tree. A missing key or a wrong kind gives no number, so that a test fails and does not trap.
struct ModelsFixture: Sendable {
  indirect enum Node: Decodable, Sendable {
    case null
    case number(Double)
    case text(String)
    case flag(Bool)
    case list([Node])
    case object([String: Node])

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if value.decodeNil() {
        self = .null
      } else if let flag = try? value.decode(Bool.self) {
        self = .flag(flag)
      } else if let number = try? value.decode(Double.self) {
        self = .number(number)
      } else if let text = try? value.decode(String.self) {
        self = .text(text)
      } else if let list = try? value.decode([Node].self) {
        self = .list(list)
      } else {
        self = .object(try value.decode([String: Node].self))
      }
    }

    subscript(key: String) -> Node {
      if case .object(let members) = self { return members[key] ?? .null }
      return .null
    }

    var number: Double? {
      if case .number(let value) = self { return value }
      return nil
    }

    var text: String {
      if case .text(let value) = self { return value }
      return ""
    }

    var list: [Node] {
      if case .list(let nodes) = self { return nodes }
      return []
    }

    var numbers: [Double] { list.map { $0.number ?? .nan } }
  }

  let root: Node

  init(_ name: String) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = folder.appendingPathComponent("Fixtures").appendingPathComponent(name + ".json")
    root = try JSONDecoder().decode(Node.self, from: Data(contentsOf: file))
  }
}

/// |a - b| relative to the larger of both and `floor`; infinite if one of them is not finite.
func relativeDistance(_ a: Double, _ b: Double, floor: Double = 0) -> Double {
  if a == b { return 0 }
  guard a.isFinite, b.isFinite else { return .infinity }
  return abs(a - b) / max(abs(a), abs(b), floor)
}

/// The largest relative distance of two lists; infinite if they differ in length or are empty.
func largestDistance(_ a: [Double], _ b: [Double], floor: Double = 0) -> Double {
  guard a.count == b.count, !a.isEmpty else { return .infinity }
  return zip(a, b).reduce(0) { max($0, relativeDistance($1.0, $1.1, floor: floor)) }
}

func root(_ x: Double) -> Double { x.squareRoot() }
