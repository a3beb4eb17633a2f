import Scenarios
import TextFiles

/// The question of a brief and its answer in three sentences: where it is heading, what the options change, how sure that is.
struct BriefAnswer {
  private let content: PackContent
  private var say: Phrases { content.say }

  init(_ content: PackContent) { self.content = content }

  var question: String {
    if let question = content.input.question, !question.isEmpty { return question }
    let until = content.until
    switch content.scenarios.count {
    case 0:
      return say(
        "Nếu không có chính sách mới, tỉnh đang đi tới đâu vào năm \(until), và điều đó chắc chắn đến mức nào?",
        "Where is the province heading by \(until) with no new policy, and how sure is that?")
    case 1:
      let name = content.best.map(content.optionName) ?? ""
      return say(
        "«\(name)» thay đổi được gì đến năm \(until)?", "What would \"\(name)\" change by \(until)?")
    default:
      return say(
        "Trong \(content.scenarios.count) phương án, phương án nào cải thiện các chỉ tiêu chính của tỉnh nhiều nhất đến năm \(until)?",
        "Which of the \(content.scenarios.count) options improves the headline indicators of the province most by \(until)?"
      )
    }
  }

  var sentences: [String] { [heading, change, certainty].filter { !$0.isEmpty } }

  /// Where it is heading.
  private var heading: String {
    let parts = content.leading.prefix(2).map { node -> String in
      let statistics = content.result.baseline.statistics[node][content.last]
      let range = statistics.interval80
      return say(
        "\(content.name(node)) năm \(content.until) ở mức \(content.value(statistics.median, node)) (khoảng 80%: \(say.interval(range.low, range.high, content.display(node))))",
        "\(content.name(node)) stands at \(content.value(statistics.median, node)) in \(content.until) (80% range: \(say.interval(range.low, range.high, content.display(node))))"
      )
    }
    guard !parts.isEmpty else { return "" }
    return say("Nếu không có chính sách mới, ", "With no new policy, ") + parts.joined(separator: say(" và ", " and "))
      + "."
  }

  /// What the best option changes.
  private var change: String {
    let count = content.input.comparison.targetCount
    func met(_ option: PackOption) -> String { say.numbers.fixed(option.expectedTargetsMet, decimals: 1) }
    guard let best = content.best, let baseline = content.options.first else {
      guard let baseline = content.options.first, count > 0 else { return "" }
      return say(
        "Trong \(count) chỉ tiêu chính thức, kỳ vọng đạt \(met(baseline)).",
        "Of \(count) official targets, \(met(baseline)) are expected to be met.")
    }
    let node = content.leading.first { (best.outcome.statistics[$0][content.last].changeMean ?? 0) != 0 }
    let moves = node.map { node -> String in
      let statistics = best.outcome.statistics[node][content.last]
      let with = statistics.median
      let change = say.change(statistics.change ?? 0, content.display(node))
      return say(
        "; \(content.name(node)) năm \(content.until) là \(content.value(with, node)) (\(change))",
        "; \(content.name(node)) in \(content.until) comes to \(content.value(with, node)) (\(change))")
    }
    let first =
      content.scenarios.count == 1
      ? say("Với «\(content.optionName(best))»", "With \"\(content.optionName(best))\"")
      : say("Xếp đầu là «\(content.optionName(best))»", "\"\(content.optionName(best))\" ranks first")
    let ranked =
      best.rank < baseline.rank
      ? first : first + say(" nhưng không hơn «không có chính sách mới»", ", though not above \"no new policy\"")
    return ranked
      + say(
        ": kỳ vọng đạt \(met(best)) trong \(count) chỉ tiêu chính thức (không có chính sách: \(met(baseline)))",
        ": \(met(best)) of \(count) official targets are expected to be met (no policy: \(met(baseline)))")
      + (moves ?? "") + "."
  }

  /// How sure that is.
  private var certainty: String {
    guard let best = content.best else {
      let tested = content.result.coverage.values.count { if case .tested = $0 { true } else { false } }
      return say(
        "Độ đúng của các dải đã kiểm được ở \(tested) chỉ tiêu; các chỉ tiêu khác có chuỗi quá ngắn, dải của chúng chưa kiểm được.",
        "The bands of \(tested) indicators could be tested on the past; the others' series are too short, their bands are not testable."
      )
    }
    let support = best.outcome.support
    var parts: [String] = []
    if content.scenarios.count > 1 {
      parts.append(
        say(
          "phương án này cải thiện nhiều nhất trong \(say.probability(best.probabilityBest)) số tương lai mô phỏng",
          "it improves most in \(say.probability(best.probabilityBest)) of the simulated futures"))
    }
    if support.shareD.isFinite {
      parts.append(
        say(
          "\(say.share(support.shareD)) của thay đổi dựa trên ước tính của người lập kế hoạch (mức D)",
          "\(say.share(support.shareD)) of the change rests on planners' own estimates (grade D)"))
    }
    if best.isTiedWithoutD {
      parts.append(
        say(
          "bỏ phần đó đi thì không phân biệt được với phương án khác",
          "without them it cannot be told from another option"))
    } else {
      parts.append(
        best.rankWithoutD == best.rank
          ? say("bỏ phần đó đi thứ hạng không đổi", "without them the rank stays")
          : say(
            "bỏ phần đó đi phương án xếp thứ \(best.rankWithoutD)", "without them it ranks number \(best.rankWithoutD)")
      )
    }
    let opinion =
      support.shareD.isFinite && support.shareD > 0.5
      ? say("; vì vậy đây là ý kiến nhiều hơn là số đo", "; so this is more an opinion than a measurement") : ""
    return say("Mức chắc chắn: ", "How sure: ") + parts.joined(separator: "; ") + opinion + "."
  }
}
