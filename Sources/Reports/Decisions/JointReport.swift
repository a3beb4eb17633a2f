import Foundation
import Scenarios
import TextFiles

/// What the joint uncertainty of the baseline matters for what planners read.
public struct JointReport: DecisionView {
  let result: JointResult
  let model: CompiledModel
  let fingerprint: Fingerprint

  public init(_ result: JointResult, model: CompiledModel, fingerprint: Fingerprint) {
    self.result = result
    self.model = model
    self.fingerprint = fingerprint
  }

  // MARK: words

  private func name(_ variant: JointResult.Variant, _ say: Phrases) -> String {
    switch variant {
    case .stated: return say("Như đã nêu", "As stated")
    case .withoutCorrelations: return say("Không tương quan", "No correlations")
    case .withoutLoadings: return say("Không hệ số vĩ mô", "No loadings")
    case .strongerLoadings:
      let factor = say.numbers.fixed(JointStudy.strongerFactor, decimals: 1)
      return say("Hệ số × \(factor)", "Loadings × \(factor)")
    }
  }

  private func title(_ id: String, _ say: Phrases) -> String { model.catalog.indicator(id)?.name[say.language] ?? id }

  /// A ratio of widths as a change in percent; "≈ 0" within two Monte Carlo errors.
  private func change(_ band: JointResult.Band, _ say: Phrases) -> String {
    guard let ratio = band.widthRatio else { return NumberFormat.undefined }
    guard abs(ratio - 1) > 2 * (band.ratioError ?? 0), abs(ratio - 1) >= 0.0005 else { return "≈ 0" }
    return say.numbers.percent(100 * (ratio - 1), decimals: 0, signed: true)
  }

  // MARK: text

  public func text(language: Language, markdown: Bool, width: Int) -> String {
    let say = Phrases(language)
    let variants = JointResult.Variant.allCases
    var layout = ReportLayout(markdown: markdown, width: width)
    layout.title(say("Bất định chung của đường cơ sở", "The joint uncertainty of the baseline"))
    layout.paragraph(paragraph(language))
    layout.heading(
      say("Độ rộng khoảng 80% năm \(result.year)", "Width of the 80% interval in \(result.year)"))
    var table = TextTable(
      [
        .text(say("Chỉ tiêu", "Indicator")), .number(say("Trung vị", "Median"), isOptional: true),
        .number(say("80% như đã nêu", "80% as stated"), isOptional: true),
      ] + variants.dropFirst().map { .number(name($0, say)) })
    for outcome in result.outcomes {
      guard let display = model.catalog.indicator(outcome.indicator)?.display, let stated = outcome.bands.first else {
        continue
      }
      table.addRow(
        [
          title(outcome.indicator, say) + (outcome.isScenarioOnly ? " [D]" : ""), say.value(stated.median, display),
          say.interval(stated.low, stated.high, display),
        ] + outcome.bands.dropFirst().map { change($0, say) })
    }
    layout.table(table)
    for note in notes(say) { layout.bullet(note) }
    layout.gap()
    if !result.targets.isEmpty {
      layout.heading(say("Xác suất đạt chỉ tiêu", "Probability of the targets"))
      layout.table(targets(say))
    }
    if !result.pairs.isEmpty {
      layout.heading(
        say("Tương quan hạng giữa các kết quả thay đổi nhiều nhất", "Rank correlations of outcomes that change most"))
      var table = TextTable(
        [.text(say("Hai chỉ tiêu", "Two indicators"))] + variants.map { .number(name($0, say)) })
      for pair in result.pairs {
        table.addRow(
          [title(pair.first, say) + " – " + title(pair.second, say)]
            + pair.correlations.map { say.numbers.fixed($0, decimals: 2, signed: true) })
      }
      layout.table(table)
    }
    layout.paragraph(say("Dấu vân tay", "Fingerprint") + ": \(fingerprint.combined)")
    return layout.text
  }

  private func notes(_ say: Phrases) -> [String] {
    var notes = [
      say(
        "Thay đổi so với độ rộng như đã nêu, cùng một bộ số ngẫu nhiên; «≈ 0»: trong hai lần sai số mô phỏng (\(say.numbers.integer(result.draws)) lượt).",
        "Change against the stated width, on the same dice; \"≈ 0\": within two simulation errors (\(say.numbers.integer(result.draws)) draws)."
      ),
      say(
        "Hệ số đối với yếu tố vĩ mô là ước tính của người lập kế hoạch (mức D); tương quan được ước lượng từ 63 tỉnh (mức P). [D]: dựa trên đường đi do người lập kế hoạch nhập.",
        "Loadings on the macro factor are planner's estimates (grade D); correlations are estimated from the 63 provinces (grade P). [D]: rests on a planner's own path."
      ),
    ]
    if let estimate = model.dependence {
      let kept = estimate.pairs.filter { $0.verdict == .kept }.count
      let tested = estimate.pairs.filter { $0.verdict != .tooFewRows }.count
      notes.append(
        say(
          "Tương quan giữ lại: \(kept) trong \(tested) cặp đã thử; co về không \(say.share(estimate.intensity)).",
          "Correlations kept: \(kept) of \(tested) pairs tested; shrunk to zero by \(say.share(estimate.intensity))."))
    }
    return notes
  }

  private func targets(_ say: Phrases) -> TextTable {
    var table = TextTable(
      [.text(say("Chỉ tiêu", "Indicator")), .text(say("Mục tiêu", "Target")), .text(say("Kỳ", "Period"))]
        + JointResult.Variant.allCases.map { .number(name($0, say)) })
    for target in result.targets {
      guard let display = model.catalog.indicator(target.target.indicator)?.display else { continue }
      table.addRow(
        [
          title(target.target.indicator, say), say.comparison(target.target, display), target.period.description,
        ] + target.probabilities.map(say.probability))
    }
    return table
  }

  public func paragraph(_ language: Language) -> String {
    let say = Phrases(language)
    func widest(_ variant: Int) -> (name: String, ratio: Double)? {
      result.outcomes.compactMap { outcome -> (name: String, ratio: Double)? in
        let band = outcome.bands[variant]
        guard let ratio = band.widthRatio, abs(ratio - 1) > 2 * (band.ratioError ?? 0) else { return nil }
        return (title(outcome.indicator, say), ratio)
      }.max { abs($0.ratio - 1) < abs($1.ratio - 1) }
    }
    func sentence(_ variant: Int, _ vi: String, _ en: String) -> String {
      guard let (name, ratio) = widest(variant) else {
        return say(
          "\(vi), không khoảng 80% nào của năm \(result.year) thay đổi rõ rệt.",
          "\(en), no 80% interval of \(result.year) changes clearly.")
      }
      let change = say.numbers.percent(100 * (ratio - 1), decimals: 0, signed: true)
      return say(
        "\(vi), khoảng 80% năm \(result.year) thay đổi nhiều nhất ở \(name): \(change).",
        "\(en), the 80% interval of \(result.year) that changes most is that of \(name): \(change).")
    }
    let factor = say.numbers.fixed(JointStudy.strongerFactor, decimals: 1)
    let moved = result.targets.map { target in
      target.probabilities.map { abs($0 - target.probabilities[0]) }.max() ?? 0
    }.max()
    var sentences = [
      sentence(1, "Không có tương quan giữa các chỉ tiêu", "Without the correlations between indicators"),
      sentence(2, "Không có hệ số vĩ mô", "Without the loadings on the macro factor"),
      sentence(3, "Với hệ số gấp \(factor) lần", "With loadings \(factor) times as large"),
    ]
    if let moved {
      let points = say.numbers.fixed(100 * moved, decimals: 1)
      sentences.append(
        say(
          "Xác suất đạt chỉ tiêu thay đổi nhiều nhất \(points) điểm phần trăm.",
          "No probability of a target changes by more than \(points) percentage points."))
    }
    return sentences.joined(separator: " ")
  }
}
