import Scenarios
import TextFiles

/// Official targets in the report of a run.
extension RunReport {
  /// Targets that have a probability.
  var targetTable: TextTable {
    var columns: [TextTableColumn] = [
      .text(say("Chỉ tiêu", "Target")), .text(say("Văn bản", "Document"), isOptional: true),
      .number(say("Không có chính sách", "No policy")),
    ]
    columns += result.scenarios.indices.map { .number("(\($0 + 1))") }
    var table = TextTable(columns)
    for (position, target) in shownTargets where !target.isScenarioOnly {
      var cells = [label(target), target.target.document, say.probability(of: target)]
      for scenario in result.scenarios { cells.append(say.probability(of: scenario.targets[position])) }
      table.addRow(cells)
    }
    return table
  }

  var targetNote: String {
    let with = Set(result.model.catalog.targets.map(\.indicator))
    let without = result.model.nodes.filter { $0.definition.headline && !with.contains($0.id) }
      .map { $0.definition.name[say.language] }
    let none =
      without.isEmpty
      ? ""
      : say(" Không có chỉ tiêu chính thức cho: ", " No official target for: ") + without.joined(separator: ", ") + "."
    let later =
      result.settings.asOf == nil
      ? ""
      : say(
        " Văn bản không ghi ngày trong dữ liệu, nên có cả chỉ tiêu đặt ra sau ngày đó.",
        " The documents carry no date in the data, so targets set after that day are listed, too.")
    return say("Chỉ tiêu kế hoạch được hiểu là «ít nhất».", "Plan values are read as \"at least\".") + none + later
  }

  /// Names the targets without a probability; nil when there is none.
  var scenarioOnlyTargets: String? {
    let texts = shownTargets.filter { $0.target.isScenarioOnly }.map { label($0.target) }
    guard !texts.isEmpty else { return nil }
    return say(
      "Không có xác suất, vì đường đi khi không có chính sách là của người lập kế hoạch [D] (chỉ kịch bản; `simulate targets` cho biết mức tăng cần có): ",
      "No probability, since the path with no policy is a planner's own [D] (scenario-only; `simulate targets` tells the growth they need): "
    ) + texts.joined(separator: "; ") + "."
  }

  /// Targets of the indicators that are asked for, with their place among all targets.
  private var shownTargets: [(position: Int, target: TargetResult)] {
    result.baseline.targets.enumerated().filter { indicators?.contains($0.element.target.indicator) ?? true }
      .map { ($0.offset, $0.element) }
  }

  private func label(_ target: TargetResult) -> String {
    guard let definition = result.model.catalog.indicator(target.target.indicator) else { return "" }
    return
      "\(definition.name[say.language]) \(target.period) \(say.comparison(target.target, definition.display)) \(definition.display.unit[say.language])"
      + (target.isScenarioOnly ? "" : say.marks(definition.id, result.model))
  }
}
