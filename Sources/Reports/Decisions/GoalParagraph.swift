import Scenarios
import TextFiles

/// The result of a goal search in sentences that can be read out; they say what the numbers say and no more.
struct GoalParagraph {
  private let result: GoalResult
  private let model: CompiledModel
  private let say: Phrases

  init(_ result: GoalResult, _ model: CompiledModel, _ say: Phrases) {
    self.result = result
    self.model = model
    self.say = say
  }

  var text: String {
    switch result.outcome {
    case .alreadyMet:
      return say(
        "\(aims()) đã đạt mà không cần thêm gì\(shares(\.baselineProbability)).",
        "\(aims()) is met with nothing new\(shares(\.baselineProbability)).") + path
    case .reached: return reached + path
    case .cannotBeReached: return missed + path
    }
  }

  private func aims() -> String {
    say.list(
      result.aims.map { aim in
        guard let definition = model.catalog.indicator(aim.aim.measure.indicator) else { return "" }
        return
          "\(say.name(aim.aim.measure, model)) \(say.aim(aim.aim, definition)) \(definition.display.unit[say.language])"
      })
  }

  /// " (in 62% of futures)", of the aims that have a probability.
  private func shares(_ value: (GoalResult.Aim) -> Double) -> String {
    let shares = result.aims.filter { !$0.aim.isAssumed }.map { say.probability(value($0)) }
    guard !shares.isEmpty else { return "" }
    return say(" (ở \(say.list(shares)) số tương lai)", " (in \(say.list(shares)) of futures)")
  }

  private var wanted: String {
    guard let aim = result.aims.first(where: { !$0.aim.isAssumed }) else {
      return say(" ở mức giữa", " in the middle of the path")
    }
    let share = say.share(aim.aim.target.probability)
    guard result.aims.count == 1 else {
      return say(", mỗi mục tiêu với xác suất \(share)", ", each with a probability of \(share),")
    }
    return say(" với xác suất \(share)", " with a probability of \(share)")
  }

  private func moves() -> String {
    say.list(
      result.settings.map { setting in
        let name = setting.lever.definition.name[say.language]
        if setting.lever.isWhole {
          return say("làm \(name) từ \(setting.lever.from)", "\(name) from \(setting.lever.from)")
        }
        let (from, to) = (
          say.leverValue(setting.lever, setting.lever.base),
          say.leverValue(setting.lever, setting.value) + say.ofBaseline(setting.lever)
        )
        let upward = setting.lever.end >= setting.lever.base
        return say("\(name) từ \(from) \(upward ? "lên" : "xuống") \(to)", "\(name) from \(from) to \(to)")
      })
  }

  private var reached: String {
    var text = say(
      "Để \(aims())\(wanted), cần: \(moves()).", "For \(aims())\(wanted) it takes: \(moves()).")
    if let cost = result.cost {
      text += say(
        " Chi phí thêm: \(say.money(cost)) tỷ đồng một năm.", " That costs \(say.money(cost)) billion VND a year.")
    } else {
      text += say(
        " Chưa rõ chi phí của mọi giải pháp trong đó.", " The cost of some of these levers is not known.")
    }
    return text + nothing
  }

  private var nothing: String {
    let shares = result.aims.filter { !$0.aim.isAssumed }.map { say.probability($0.baselineProbability) }
    if shares.isEmpty {
      return say(" Không thêm gì thì mức giữa không đạt.", " With nothing new the middle of the path misses it.")
    }
    return say(
      " Không thêm gì thì đạt ở \(say.list(shares)) số tương lai.",
      " With nothing new it is met in \(say.list(shares)) of futures.")
  }

  private var missed: String {
    guard let aim = result.bindingAim, let definition = model.catalog.indicator(aim.aim.measure.indicator) else {
      return ""
    }
    var text = say("\(aims()) không đạt được\(wanted)", "\(aims()) cannot be reached\(wanted)")
    if result.settings.isEmpty {
      return text + say(": không giải pháp nào được phép làm nó thay đổi.", ": none of the levers allowed moves it.")
    }
    text += say(
      " bằng các giải pháp được phép. Đi xa nhất: \(moves()); khi đó \(say.name(aim.aim.measure, model)) tới \(say.value(aim.value, definition.display)) \(definition.display.unit.vi)",
      " with the levers allowed. The farthest one gets is: \(moves()); \(say.name(aim.aim.measure, model)) then comes to \(say.value(aim.value, definition.display)) \(definition.display.unit.en)"
    )
    text +=
      aim.aim.isAssumed
      ? "."
      : say(
        ", và đạt mục tiêu ở \(say.probability(aim.probability)) số tương lai (không thêm gì: \(say.probability(aim.baselineProbability))).",
        ", and the target is met in \(say.probability(aim.probability)) of futures (with nothing new: \(say.probability(aim.baselineProbability)))."
      )
    let bound = result.settings.filter { $0.isAtLimit && $0.lever.limit != .whole }
    if result.isBudgetBinding {
      text += say(" Giới hạn là ngân sách.", " What binds is the budget.")
    } else if !bound.isEmpty {
      text +=
        say(" Giới hạn: ", " What binds: ")
        + say.list(bound.map { "\($0.lever.definition.name[say.language]) (\(say.limit($0.lever)))" }) + "."
    }
    return text
  }

  private var path: String {
    let assumed = result.aims.filter(\.aim.isAssumed).compactMap {
      model.catalog.indicator($0.aim.measure.indicator)?.name[say.language]
    }
    guard !assumed.isEmpty else { return "" }
    return say(
      " \(say.list(assumed)) dựa trên đường đi do người lập kế hoạch nhập (mức D), nên không có xác suất.",
      " \(say.list(assumed)) rests on a planner's own path (grade D), so no probability is given.")
  }
}
