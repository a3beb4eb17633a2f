import TextFiles

/// What a meeting pack can hold.
public enum PackFormat: String, Sendable, CaseIterable {
  case md, html, xlsx, pdf, docx, charts, csv, json

  /// Whether pictures have to be drawn for it.
  var needsCharts: Bool { [.html, .pdf, .docx, .charts].contains(self) }

  /// Reads a list with commas; nil is everything.
  ///
  /// - Throws: ``DiagnosticList`` with every unknown word.
  public static func parse(_ list: String?) throws -> Set<PackFormat> {
    guard let list else { return Set(allCases) }
    var formats: Set<PackFormat> = []
    var problems: [Diagnostic] = []
    for part in list.split(separator: ",", omittingEmptySubsequences: false) {
      let word = part.filter { $0 != " " }.lowercased()
      if let format = PackFormat(rawValue: word) {
        formats.insert(format)
      } else {
        let known = allCases.map(\.rawValue)
        problems.append(
          Diagnostic(
            .wrongUse, code: "unknown_format", "there is no format '\(part)'",
            hint: Suggestion.hint(for: word, among: known) ?? "choose from " + known.joined(separator: ", ")))
      }
    }
    guard problems.isEmpty else { throw DiagnosticList(problems) }
    return formats
  }
}
