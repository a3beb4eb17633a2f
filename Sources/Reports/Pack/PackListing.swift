/// What a pack holds, for the terminal.
public enum PackListing {
  /// The folder, then its files with the charts counted together.
  public static func text(_ folder: String) -> String {
    let paths = PackManifest.paths(in: folder)
    let charts = paths.filter { $0.hasPrefix("charts/") }
    var text = folder + "\n"
    for path in paths where !path.hasPrefix("charts/") { text += "  " + path + "\n" }
    if !charts.isEmpty {
      let names = Set(charts.map { $0.split(separator: ".").first ?? "" })
      let kinds = Set(charts.compactMap { $0.split(separator: ".").last.map(String.init) }).sorted()
      text += "  charts/ (\(names.count): \(kinds.joined(separator: ", ")))\n"
    }
    return text
  }
}
