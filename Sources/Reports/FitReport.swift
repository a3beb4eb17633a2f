import Forecast
import Scenarios
import TextFiles

/// What `simulate fit` prints: the coefficients of a regression and what they say.
public enum FitReport {
  /// - Parameter format: table, md, csv (the predictions of `effect` if there is one, else the coefficients) or json.
  public static func write(
    _ fit: FormulaFit, effect: PartialEffect?, tests: [DiagnosticTest] = [], language: Language, format: String,
    width: Int, to sink: any TextSink
  ) throws {
    switch format {
    case "csv": if let effect { try writePoints(effect, to: sink) } else { try writeCoefficients(fit, to: sink) }
    case "json": try writeJSON(fit, effect, tests, to: sink)
    default:
      let text = FitText(fit: fit, say: Phrases(language)).text(effect, markdown: format == "md", width: width)
      try sink.write(text)
      if !tests.isEmpty { try sink.write(testText(tests, Phrases(language), markdown: format == "md", width: width)) }
    }
  }

  private static func testText(_ tests: [DiagnosticTest], _ say: Phrases, markdown: Bool, width: Int) -> String {
    var layout = ReportLayout(markdown: markdown, width: width)
    layout.heading(say("Kiểm định chẩn đoán", "Diagnostic tests"))
    var table = TextTable([
      .text(say("Kiểm định", "Test")), .number(say("Thống kê", "Statistic")), .number("p"),
    ])
    for test in tests {
      table.addRow([
        test.kind.name, say.numbers.automatic(test.statistic), say.numbers.fixed(test.pValue, decimals: 4),
      ])
    }
    layout.table(table)
    for test in tests { layout.bullet(say(test.sentence.vi, test.sentence.en)) }
    return layout.text
  }

  /// row,outcome,fitted,residual for every row used; rows count from 1 without the header.
  public static func writeResiduals(_ fit: FormulaFit, to sink: any TextSink) throws {
    var writer = CSVWriter(to: sink)
    try writer.record(["row", "outcome", "fitted", "residual"])
    for index in fit.design.outcome.indices {
      writer.field((fit.design.rows?[index] ?? index) + 1)
      writer.field(fit.design.outcome[index])
      writer.field(fit.fitted[index])
      writer.field(fit.residuals[index])
      try writer.endRecord()
    }
    try writer.finish()
  }

  private static func writeCoefficients(_ fit: FormulaFit, to sink: any TextSink) throws {
    var writer = CSVWriter(to: sink)
    try writer.record(["name", "estimate", "std_error", "t", "p"])
    for row in fit.coefficients {
      writer.field(row.name)
      for value in [row.coefficient, row.standardError, row.statistic, row.pValue] { writer.field(value) }
      try writer.endRecord()
    }
    try writer.finish()
  }

  private static func writePoints(_ effect: PartialEffect, to sink: any TextSink) throws {
    var writer = CSVWriter(to: sink)
    try writer.record([effect.column, "prediction", "lower", "upper"])
    for point in effect.points {
      if let number = point.number { writer.field(number) } else { writer.field(point.category ?? "") }
      for value in [point.prediction, point.lower, point.upper] { writer.field(value) }
      try writer.endRecord()
    }
    try writer.finish()
  }

  private static func writeJSON(
    _ fit: FormulaFit, _ effect: PartialEffect?, _ tests: [DiagnosticTest], to sink: any TextSink
  ) throws {
    var json = JSONWriter(to: sink, indentation: 2)
    try json.object { json in
      try json.member("formula", fit.design.formula.description)
      try json.member("family", fit.family.rawValue)
      try json.member("standard_errors", fit.standardErrors.rawValue)
      try json.key("coefficients")
      try json.array { json in
        for row in fit.coefficients {
          try json.object { json in
            try json.member("name", row.name)
            try json.member("estimate", row.coefficient)
            try json.member("std_error", row.standardError)
            try json.member("t", row.statistic)
            try json.member("p", row.pValue)
          }
        }
      }
      try json.member("residual_sd", fit.residualStandardDeviation)
      try json.member("r_squared", fit.rSquared)
      try json.member("n", fit.observationCount)
      try json.member("df", fit.degreesOfFreedom)
      try json.member("adjusted_r_squared", fit.adjustedRSquared)
      try json.member("within_r_squared", fit.withinRSquared)
      try json.member("log_likelihood", fit.logLikelihood)
      try json.member("aic", fit.aic)
      try json.member("aicc", fit.aicc)
      try json.member("bic", fit.bic)
      try json.member("deviance", fit.deviance)
      try json.key("f_test")
      if let test = fit.jointTest {
        try json.object { json in
          try json.member("statistic", test.statistic)
          try json.member("df1", test.numerator)
          try json.member("df2", test.denominator)
          try json.member("p", test.pValue)
        }
      } else {
        try json.null()
      }
      try json.key("rows")
      try json.object { json in
        try json.member("input", fit.design.inputRowCount)
        try json.member("dropped_missing", fit.design.missingRowCount)
        try json.member("dropped_lag", fit.design.lagRowCount)
        try json.member("dropped_uninformative", fit.uninformativeRowCount)
      }
      try json.key("aliased")
      try json.array { json in
        for column in fit.aliased {
          try json.object { json in
            try json.member("name", column.name)
            try json.key("combination")
            try json.array { json in
              for part in column.combination {
                try json.object { json in
                  try json.member("name", part.name)
                  try json.member("factor", part.factor)
                }
              }
            }
          }
        }
      }
      if let effect { try write(effect, &json) }
      if !tests.isEmpty {
        try json.key("diagnostics")
        try json.array { json in
          for test in tests {
            try json.object { json in
              try json.member("test", test.kind.name)
              try json.member("statistic", test.statistic)
              try json.member("p", test.pValue)
              try json.member("vi", test.sentence.vi)
              try json.member("en", test.sentence.en)
            }
          }
        }
      }
    }
    try json.finish()
  }

  private static func write(_ effect: PartialEffect, _ json: inout JSONWriter) throws {
    try json.key("effect")
    try json.object { json in
      try json.member("column", effect.column)
      try json.member("level", effect.level)
      try json.key("points")
      try json.array { json in
        for point in effect.points {
          try json.object { json in
            if let number = point.number {
              try json.member("value", number)
            } else {
              try json.member("value", point.category)
            }
            try json.member("prediction", point.prediction)
            try json.member("lower", point.lower)
            try json.member("upper", point.upper)
          }
        }
      }
    }
  }
}

/// The text for people.
private struct FitText {
  let fit: FormulaFit
  let say: Phrases

  func text(_ effect: PartialEffect?, markdown: Bool, width: Int) -> String {
    var layout = ReportLayout(markdown: markdown, width: width)
    layout.title(
      (fit.family == .linear
        ? say("Hồi quy tuyến tính", "Linear regression") : say("Hồi quy Poisson", "Poisson regression")) + ": "
        + fit.design.formula.description)
    layout.table(coefficientTable)
    for sentence in [size, quality, findings] + aliases + [caution] { layout.paragraph(sentence) }
    if let effect {
      layout.heading(say("Dự báo theo \(effect.column)", "Predictions along \(effect.column)"))
      layout.table(pointTable(effect))
      layout.paragraph(
        say(
          "Các cột khác ở mức trung bình (nhóm: nhóm đông nhất); khoảng tin cậy \(percent(effect.level)) của mức trung bình.",
          "The other columns at their means (categories: the commonest one); \(percent(effect.level)) confidence interval "
            + "of the mean."))
    }
    return layout.text
  }

  private var coefficientTable: TextTable {
    let statistic = fit.table.reference == .normal ? "z" : "t"
    var table = TextTable([
      .text(say("Biến", "Variable")), .number(say("Hệ số", "Estimate")), .number(say("Sai số chuẩn", "Std. error")),
      .number(statistic, isOptional: true), .number("p"),
      .text(say("Khoảng tin cậy 95%", "95% confidence interval"), isOptional: true),
    ])
    let reach = fit.table.reference.quantile(twoSided: 0.05)
    for row in fit.coefficients {
      table.addRow([
        row.name, number(row.coefficient), number(row.standardError), say.numbers.fixed(row.statistic, decimals: 2),
        probability(row.pValue),
        number(row.coefficient - reach * row.standardError) + " – "
          + number(row.coefficient + reach * row.standardError),
      ])
    }
    return table
  }

  private func pointTable(_ effect: PartialEffect) -> TextTable {
    var table = TextTable([
      .number(effect.column), .number(say("Dự báo", "Prediction")), .number(say("Từ", "From")),
      .number(say("Đến", "To")),
    ])
    // A tenth of the grid is enough to read; files hold all of it.
    let step = effect.points.first?.number == nil ? 1 : max((effect.points.count - 1) / 10, 1)
    for index in stride(from: 0, to: effect.points.count, by: step) {
      let point = effect.points[index]
      table.addRow([
        point.number.map(number) ?? point.category ?? "", number(point.prediction), number(point.lower),
        number(point.upper),
      ])
    }
    return table
  }

  /// How many rows, which were left out, and which standard errors.
  private var size: String {
    let design = fit.design
    let count = say.numbers.integer
    var text = say(
      "\(count(fit.observationCount, false)) dòng, \(count(fit.degreesOfFreedom, false)) bậc tự do; sai số chuẩn \(errors).",
      "\(count(fit.observationCount, false)) rows, \(count(fit.degreesOfFreedom, false)) degrees of freedom; "
        + "\(errors) standard errors.")
    if design.missingRowCount > 0 {
      text += say(
        " Bỏ \(count(design.missingRowCount, false)) trên \(count(design.inputRowCount, false)) dòng vì thiếu số liệu.",
        " \(count(design.missingRowCount, false)) of \(count(design.inputRowCount, false)) rows dropped because a value "
          + "is missing.")
    }
    if design.lagRowCount > 0 {
      text += say(
        " Bỏ \(count(design.lagRowCount, false)) dòng vì chưa có giá trị kỳ trước.",
        " \(count(design.lagRowCount, false)) rows dropped because there is no earlier value.")
    }
    if fit.uninformativeRowCount > 0 {
      text += say(
        " Bỏ \(count(fit.uninformativeRowCount, false)) dòng thuộc nhóm luôn bằng 0.",
        " \(count(fit.uninformativeRowCount, false)) rows dropped because their group is always zero.")
    }
    return text
  }

  private var errors: String {
    switch fit.standardErrors {
    case .classical: say("thông thường", "classical")
    case .hc0, .hc1, .hc2, .hc3:
      say("bền vững \(fit.standardErrors.rawValue.uppercased())", fit.standardErrors.rawValue.uppercased() + " robust")
    case .hac: say("bền vững với tự tương quan", "autocorrelation-robust")
    case .cluster: say("theo cụm", "clustered")
    }
  }

  private var quality: String {
    let outcome = fit.design.formula.response.description
    var parts: [String] = []
    if let share = fit.rSquared, share.isFinite {
      parts.append(
        say(
          "Mô hình giải thích \(say.share(share)) biến động của \(outcome)",
          "The model explains \(say.share(share)) of the variation of \(outcome)"))
      if let within = fit.withinRSquared, within.isFinite {
        parts.append(
          say(
            "trong phần mà tác động cố định để lại là \(say.share(within))",
            "of what the fixed effects leave, \(say.share(within))"))
      }
    }
    if let deviation = fit.residualStandardDeviation {
      parts.append(
        say(
          "sai lệch điển hình của một dòng là \(number(deviation))",
          "a row typically deviates by \(number(deviation))"))
    }
    if let deviance = fit.deviance { parts.append(say("độ lệch (deviance) ", "deviance ") + number(deviance)) }
    if let aicc = fit.aicc { parts.append("AICc " + number(aicc)) }
    if let test = fit.jointTest {
      parts.append(say("kiểm định F chung: p ", "joint F test: p ") + equals(test.pValue))
    }
    guard let first = parts.first else { return "" }
    return ([first.prefix(1).uppercased() + first.dropFirst()] + parts.dropFirst()).joined(separator: "; ") + "."
  }

  private var findings: String {
    let rows = fit.coefficients.filter { $0.name != LinearRegression.interceptName }
    let clear = rows.filter { $0.pValue < 0.05 }
    let unclear = rows.filter { !($0.pValue < 0.05) }
    var text = ""
    if !clear.isEmpty {
      text += say("Khác 0 rõ rệt (p < 0,05): ", "Clearly different from zero (p < 0.05): ")
      text += list(clear.map { "\($0.name) (\(say.numbers.automatic($0.coefficient, signed: true)))" }) + ". "
    }
    if !unclear.isEmpty {
      text += say("Chưa phân biệt được với 0: ", "Not distinguishable from zero: ") + list(unclear.map(\.name)) + "."
    }
    return text
  }

  private var aliases: [String] {
    fit.aliased.map { column in
      var combination = ""
      for part in column.combination {
        let size = part.factor.magnitude
        let sign = part.factor < 0 ? "−" : "+"
        if !combination.isEmpty { combination += " \(sign) " } else if part.factor < 0 { combination = sign }
        combination += size == 1 ? part.name : number(size) + " × " + part.name
      }
      guard !combination.isEmpty else {
        return say(
          "Không ước lượng được \(column.name): nó không thay đổi trong các nhóm của tác động cố định (hoặc luôn bằng 0).",
          "\(column.name) is not estimated: it does not vary within the fixed effects (or is always zero).")
      }
      return say(
        "Không ước lượng được \(column.name): nó bằng \(combination).",
        "\(column.name) is not estimated: it equals \(combination)\(fit.design.effects.isEmpty ? "" : " up to the fixed effects")."
      )
    }
  }

  private var caution: String {
    say(
      "Đây là mối liên hệ trong số liệu, tự nó chưa chứng minh quan hệ nhân quả.",
      "These are associations in the data; by themselves they do not show cause and effect.")
  }

  private func list(_ names: [String]) -> String {
    let shown = names.prefix(12).joined(separator: ", ")
    let rest = names.count - 12
    return rest > 0 ? shown + say(" và \(rest) biến khác", " and \(rest) more") : shown
  }

  private func number(_ value: Double) -> String { say.numbers.automatic(value, significantDigits: 5) }

  private func percent(_ share: Double) -> String { say.numbers.percent(100 * share, decimals: 0) }

  private func probability(_ value: Double) -> String {
    guard value.isFinite else { return NumberFormat.undefined }
    return value < 0.0001 ? "<" + say.numbers.fixed(0.0001, decimals: 4) : say.numbers.fixed(value, decimals: 4)
  }

  private func equals(_ value: Double) -> String {
    let text = probability(value)
    return text.hasPrefix("<") ? "< " + text.dropFirst() : "= " + text
  }
}
