/// What a template can name: texts, conditions, lists and groups of further names.
package indirect enum TemplateValue: Sendable {
  case text(String)
  case flag(Bool)
  case list([TemplateValue])
  case group([String: TemplateValue])
  /// A drawing made by the toolkit, the only thing that may stand unescaped.
  case drawing(String)

  /// As the template engine wants it; `escape` prepares texts from data for the format.
  func rendered(_ escape: (String) -> String) -> Any {
    switch self {
    case .text(let text): return escape(text)
    case .flag(let flag): return flag
    case .list(let values): return values.map { $0.rendered(escape) }
    case .group(let members): return members.mapValues { $0.rendered(escape) }
    case .drawing(let text): return text
    }
  }
}

extension TemplateValue {
  static func texts(_ texts: [String]) -> TemplateValue { .list(texts.map { .text($0) }) }
}
