/// "Did you mean" for names: ids, columns, files, options.
///
/// Distance is that of Damerau and Levenshtein (optimal string alignment: insertions, deletions, substitutions and
/// swaps of neighbours), on names folded so that case, `-`, `_`, spaces and Vietnamese accents do not count. Up to one
/// error for every three characters is near enough; a name of one or two characters must agree after folding.
public enum Suggestion {
  /// The nearest of `candidates`, or nil if none is near. Among equals the first one wins.
  public static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
    ranked(name, among: candidates, limit: 1).first
  }

  /// The near ones of `candidates`, nearest first.
  public static func ranked(_ name: String, among candidates: some Sequence<String>, limit: Int = 3) -> [String] {
    let folded = Array(fold(name))
    guard !folded.isEmpty, folded.count <= 200 else { return [] }
    let allowed = min(folded.count / 3, 4)
    var found: [(distance: Int, order: Int, name: String)] = []
    for (order, candidate) in candidates.enumerated() where candidate != name {
      let other = Array(fold(candidate))
      guard !other.isEmpty, other.count <= 200, abs(other.count - folded.count) <= allowed else { continue }
      let distance = distance(folded, other)
      if distance <= allowed { found.append((distance, order, candidate)) }
    }
    found.sort { ($0.distance, $0.order) < ($1.distance, $1.order) }
    return found.prefix(max(limit, 0)).map(\.name)
  }

  /// "did you mean 'x'?", or else "expected one of a, b, c"; nil if there are no candidates.
  public static func hint(for name: String, among candidates: some Collection<String>) -> String? {
    if let nearest = nearest(to: name, among: candidates) { return "did you mean '\(nearest)'?" }
    guard !candidates.isEmpty else { return nil }
    let shown = candidates.prefix(20).joined(separator: ", ")
    return "expected one of \(shown)" + (candidates.count > 20 ? " and \(candidates.count - 20) more" : "")
  }

  /// The number of edits between two names as they stand, without folding.
  public static func distance(_ first: String, _ second: String) -> Int { distance(Array(first), Array(second)) }

  /// The name in lower case without accents, spaces, `-` and `_`; `đ` becomes `d`.
  public static func fold(_ name: String) -> String {
    var folded = ""
    for scalar in name.lowercased().unicodeScalars {
      switch scalar {
      case "-", "_", " ": continue
      default:
        if scalar.properties.generalCategory == .nonspacingMark { continue }
        folded.unicodeScalars.append(VietnameseLetters.base(of: scalar))
      }
    }
    return folded
  }

  private static func distance(_ first: [Character], _ second: [Character]) -> Int {
    if first.isEmpty || second.isEmpty { return max(first.count, second.count) }
    var older: [Int] = []
    var previous = Array(0...second.count)
    for row in 1...first.count {
      var current = [row]
      current.reserveCapacity(second.count + 1)
      for column in 1...second.count {
        let cost = first[row - 1] == second[column - 1] ? 0 : 1
        var best = min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + cost)
        if row > 1, column > 1, first[row - 1] == second[column - 2], first[row - 2] == second[column - 1] {
          best = min(best, older[column - 2] + 1)
        }
        current.append(best)
      }
      older = previous
      previous = current
    }
    return previous[second.count]
  }
}
