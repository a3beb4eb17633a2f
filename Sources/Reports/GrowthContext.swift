import Scenarios
import TextFiles

/// What the views of a ``GrowthAnswer`` need to know of the model: names, units and grades.
public struct GrowthContext: Sendable {
  let model: CompiledModel
  let shares: QuarterShares
  let fingerprint: Fingerprint
  /// The weakest grade of the quarter shares.
  let sharesGrade: Grade
  /// D where the growth without new policy is a planner's own path; nil where it is fitted to data.
  let pathGrade: Grade?
  /// The constant-price weights of the items are recovered from published growth.
  let weightGrade: Grade?

  public init(
    _ answer: GrowthAnswer, model: CompiledModel, shares: QuarterShares, fingerprint: Fingerprint
  ) {
    self.model = model
    self.shares = shares
    self.fingerprint = fingerprint
    let items = Set(answer.accounts.items.map(\.level))
    sharesGrade = shares.entries.filter { items.contains($0.indicator) }.map(\.grade).max() ?? .d
    pathGrade = !answer.isClosed && model.restsOnPlannersPath(answer.accounts.growth) ? .d : nil
    weightGrade = answer.year - 1 > model.grid[0] ? pathGrade : nil
  }

  func unit(_ id: String) -> String { model.catalog.indicator(id)?.unit ?? "" }

  /// The name of the growth indicator of the whole.
  func whole(_ answer: GrowthAnswer, _ language: Language) -> String {
    model.catalog.indicator(answer.accounts.growth)?.name[language] ?? answer.accounts.growth
  }

  /// Short names of the items, by level id: the names of their growth without the words that they all begin with.
  func items(_ answer: GrowthAnswer, _ language: Language) -> [String: String] {
    let names = answer.accounts.items.map { model.catalog.indicator($0.growth)?.name[language] ?? $0.growth }
    var words = names.map { $0.split(separator: " ")[...] }
    while let first = words.first?.first, words.allSatisfy({ $0.count > 1 && $0.first == first }) {
      for index in words.indices { words[index].removeFirst() }
    }
    let short = words.map { word -> String in
      let text = word.joined(separator: " ")
      return text.prefix(1).uppercased() + text.dropFirst()
    }
    return Dictionary(uniqueKeysWithValues: zip(answer.accounts.items.map(\.level), short))
  }
}
