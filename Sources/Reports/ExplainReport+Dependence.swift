import Scenarios
import TextFiles

extension ExplainReport {
  /// With what an indicator's own yearly shock is drawn together, and what the panel says about its loading.
  func dependence(of id: String, _ layout: inout ReportLayout) {
    guard let estimate = model.dependence, estimate.definition.series.contains(where: { $0.indicator == id }) else {
      return
    }
    layout.heading(say("Cú sốc riêng: cùng chiều với chỉ tiêu nào", "Own shocks: what they are drawn together with"))
    guard let series = estimate.series(id) else {
      return layout.paragraph(
        say(
          "Bảng số liệu các tỉnh quá ngắn để đo; cú sốc riêng được rút độc lập.",
          "The panel of provinces is too short to measure anything; the own shocks are drawn independently."))
    }
    let years = say("\(series.years.count) năm", "\(series.years.count) years")
    layout.paragraph(
      say(
        "Ước lượng từ 63 tỉnh (mức P): biến động từng năm của «\(series.observed)» trừ phần chung của cả nước, \(say.numbers.integer(series.rows)) tỉnh-năm, \(years) (\(series.years.first ?? 0)–\(series.years.last ?? 0)). Sai số theo cụm tỉnh và năm; co về không \(say.share(estimate.intensity)) (Schäfer–Strimmer); giữ lại khi phân biệt được với không giữa mọi cặp (tỷ lệ phát hiện sai \(say.share(estimate.definition.falseDiscoveryRate))).",
        "Estimated from the 63 provinces (grade P): yearly news of \"\(series.observed)\" without what all provinces share, \(say.numbers.integer(series.rows)) province-years, \(years) (\(series.years.first ?? 0)–\(series.years.last ?? 0)). Errors clustered by province and year; shrunk to zero by \(say.share(estimate.intensity)) (Schäfer and Strimmer); kept where told from zero among all pairs (false discovery rate \(say.share(estimate.definition.falseDiscoveryRate)))."
      ))
    let pairs = estimate.pairs(of: id)
    let kept = pairs.filter { $0.verdict == .kept }
    if kept.isEmpty {
      layout.bullet(say("Không có tương quan nào được giữ lại.", "No correlation is kept."))
    } else {
      layout.table(table(kept, of: id))
    }
    let zero = pairs.filter { $0.verdict == .notDistinguishable }
    if !zero.isEmpty {
      let list = zero.map { pair in
        let r = say.numbers.fixed(pair.measured?.value ?? 0, decimals: 2, signed: true)
        let error = say.numbers.fixed(pair.measured?.standardError ?? 0, decimals: 2)
        return "\(other(pair, id)) \(r) ± \(error)"
      }
      layout.bullet(
        say("Đặt bằng không vì không phân biệt được với không: ", "Set to zero, not told from it: ")
          + list.joined(separator: "; "))
    }
    let few = pairs.filter { $0.verdict == .tooFewRows }.map { other($0, id) }
    if !few.isEmpty {
      layout.bullet(
        say("Không đủ tỉnh-năm chung: ", "Too few common province-years: ") + few.joined(separator: ", "))
    }
    layout.bullet(macro(series.macro, estimate.definition))
    layout.gap()
  }

  private func other(_ pair: DependenceEstimate.Pair, _ id: String) -> String {
    pair.first == id ? pair.second : pair.first
  }

  private func table(_ kept: [DependenceEstimate.Pair], of id: String) -> TextTable {
    var table = TextTable([
      .text(say("Cùng với", "With")), .number(say("Đo được", "Measured")), .number(say("Sai số", "Std. error")),
      .number(say("Tỉnh-năm", "Province-years"), isOptional: true), .number(say("Năm", "Years"), isOptional: true),
      .number(say("Dùng", "Used")),
    ])
    for pair in kept {
      table.addRow([
        other(pair, id), say.numbers.fixed(pair.measured?.value ?? .nan, decimals: 2, signed: true),
        say.numbers.fixed(pair.measured?.standardError ?? .nan, decimals: 2),
        say.numbers.integer(pair.measured?.rows ?? 0), say.numbers.integer(pair.measured?.periods ?? 0),
        say.numbers.fixed(pair.value, decimals: 2, signed: true),
      ])
    }
    return table
  }

  /// What the years of the panel say about the loading on the macro factor.
  private func macro(_ effect: YearEffectCorrelation, _ definition: DependenceDefinition) -> String {
    let years = effect.years.count
    guard let r = effect.correlation, let interval = effect.interval else {
      return say(
        "Hệ số đối với \(definition.driver): chỉ \(years) năm dùng được, không đo được.",
        "Loading on \(definition.driver): only \(years) usable years, nothing to measure.")
    }
    let range =
      say.numbers.fixed(r, decimals: 2, signed: true) + " ("
      + say.numbers.fixed(interval.lowerBound, decimals: 2, signed: true) + " – "
      + say.numbers.fixed(interval.upperBound, decimals: 2, signed: true) + ", 95%)"
    let verdict: String
    if effect.isDistinguishable {
      verdict = say(
        "phân biệt được với không: có thể dùng làm hệ số mức P", "told from zero: may be used as a loading of grade P")
    } else if years < definition.fewestDriverYears {
      verdict = say(
        "ít hơn \(definition.fewestDriverYears) năm, không dùng",
        "fewer than \(definition.fewestDriverYears) years, not used"
      )
    } else {
      verdict = say("không phân biệt được với không, không dùng", "not told from zero, not used")
    }
    return say(
      "Hiệu ứng năm của bảng so với \(definition.driver) (đã bỏ xu thế): \(range), \(years) năm; \(verdict).",
      "Year effects of the panel against \(definition.driver) (without trends): \(range), \(years) years; \(verdict).")
  }
}
