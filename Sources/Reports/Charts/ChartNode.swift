import TextFiles

/// A piece of a chart's specification, written as a literal; keys keep their order.
enum ChartNode: ExpressibleByStringInterpolation, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  case null
  case truth(Bool)
  case number(Double)
  case text(String)
  case list([ChartNode])
  case object([(key: String, value: ChartNode)])

  init(nilLiteral: ()) { self = .null }
  init(booleanLiteral value: Bool) { self = .truth(value) }
  init(integerLiteral value: Int) { self = .number(Double(value)) }
  init(floatLiteral value: Double) { self = .number(value) }
  init(stringLiteral value: String) { self = .text(value) }
  init(arrayLiteral elements: ChartNode...) { self = .list(elements) }
  init(dictionaryLiteral elements: (String, ChartNode)...) {
    self = .object(elements.map { (key: $0.0, value: $0.1) })
  }

  /// An object with one more key at its end; anything else stays as it is.
  func with(_ key: String, _ value: ChartNode) -> ChartNode {
    if case .object(let members) = self { .object(members + [(key: key, value: value)]) } else { self }
  }

  func write(_ json: inout JSONWriter) throws {
    switch self {
    case .null: try json.null()
    case .truth(let truth): try json.value(truth)
    case .number(let number): try json.value(number)
    case .text(let text): try json.value(text)
    case .list(let nodes): try json.array { json in for node in nodes { try node.write(&json) } }
    case .object(let members):
      try json.object { json in
        for member in members {
          try json.key(member.key)
          try member.value.write(&json)
        }
      }
    }
  }
}
