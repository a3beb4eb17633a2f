import Scenarios
import TextFiles

/// Words for what a baseline rests on.
extension Phrases {
  /// The marks behind an indicator's name: [D] for a planner's own path, [<8] for a model with few observations.
  func marks(_ id: String, _ model: CompiledModel) -> String {
    (model.restsOnPlannersPath(id) ? " [D]" : "") + (model.restsOnFewObservations(id) ? " [<8]" : "")
  }

  func marks(_ item: OutcomeItem) -> String {
    (item.restsOnPlannersPath ? " [D]" : "") + (item.restsOnFewObservations ? " [<8]" : "")
  }

  /// What [<8] means.
  var fewMarkExplained: String {
    self(
      "[<8] ít quan sát, không kiểm được: chưa đủ tám số liệu dùng được từ nguồn chính thức hoặc ước tính của cơ quan thống kê.",
      "[<8] few observations, not testable: fewer than eight usable figures better than press.")
  }

  /// How many observations carry a model with few of them, and why it has one; nil where the rule of eight holds.
  func fewObservations(_ node: CompiledModel.Node, _ model: CompiledModel) -> String? {
    guard let baseline = model.seriesBaseline(node.id), baseline.isFew else { return nil }
    let count = self(
      "ít quan sát, không kiểm được: \(baseline.usableCount) số liệu dùng được, \(baseline.supportedCount) tốt hơn báo chí (quy tắc: \(SeriesBaseline.fewestSupported)).",
      "few observations, not testable: \(baseline.usableCount) usable figures, \(baseline.supportedCount) of them better than press (the rule asks for \(SeriesBaseline.fewestSupported))."
    )
    if case .series(let specification) = node.definition.source, let reason = specification.few {
      return count + self(" Ngoại lệ: ", " Exception: ") + reason[language]
    }
    return count
      + self(
        " Chạy lại quá khứ: đến hôm đó mới có chừng ấy; hôm nay đủ.",
        " A replay: no more was known on that day; today there are enough.")
  }
}
