import Foundation

/// A file of reference values, as a tree. A missing key or a wrong kind gives no number, so that a test fails and does not trap.
public struct ReferenceTree: Sendable {
  public indirect enum Node: Decodable, Sendable {
    case null
    case number(Double)
    case text(String)
    case flag(Bool)
    case list([Node])
    case object([String: Node])

    public init(from decoder: any Decoder) throws {
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

    public subscript(key: String) -> Node {
      if case .object(let members) = self { return members[key] ?? .null }
      return .null
    }

    public var number: Double? {
      if case .number(let value) = self { return value }
      return nil
    }

    public var text: String {
      if case .text(let value) = self { return value }
      return ""
    }

    public var list: [Node] {
      if case .list(let nodes) = self { return nodes }
      return []
    }

    public var numbers: [Double] { list.map { $0.number ?? .nan } }
  }

  public let root: Node

  /// - Parameter name: the file's name without its `.json`.
  public init(_ name: String) throws {
    root = try JSONDecoder().decode(Node.self, from: Data(contentsOf: ReferenceFile.url(name + ".json")))
  }
}
