import TextFiles

/// A picture as a Vega-Lite (version 5) specification with its data inside.
public struct Chart: Sendable {
  /// A word for file names: letters, digits and hyphens.
  public let id: String
  public let title: String
  let specification: ChartNode

  init(id: String, title: String, _ specification: ChartNode) {
    self.id = id
    self.title = title
    self.specification = specification
  }

  /// Writes the specification as JSON.
  public func write(to sink: any TextSink) throws {
    var json = JSONWriter(to: sink, indentation: 1)
    try specification.write(&json)
    try json.finish()
  }
}
