import Scenarios
import TextFiles

/// The replay of the model's past, for people.
struct ReplayText {
  let replay: Replay
  let say: Phrases

  func text(markdown: Bool, width: Int) -> String {
    var layout = ReportLayout(markdown: markdown, width: width)
    layout.title(say("Mô hình đã đúng đến đâu: chạy lại quá khứ", "Track record: the model's own past replayed"))
    if markdown { layout.paragraph(command) }
    introduction(&layout)
    summary(&layout)
    let pooled = replay.indicators.filter { $0.isPooled && !$0.scores.isEmpty }
    if !pooled.isEmpty {
      layout.heading(say("Gộp tất cả các tỉnh", "Over all provinces"))
      layout.paragraph(pooledNote)
      layout.table(table(pooled))
      if pooled.contains(where: { $0.pool == .allProvincesEarly && $0.scores.contains(where: \.isClearMiss) }) {
        layout.paragraph(olderNote)
      }
      layout.paragraph(yearsNote)
      layout.table(yearsTable(pooled))
    }
    let own = replay.indicators.filter { !$0.isPooled && !$0.scores.isEmpty }
    if !own.isEmpty {
      layout.heading(say("Từng chỉ tiêu của tỉnh", "Each indicator of the province"))
      layout.paragraph(ownNote)
      layout.table(table(own))
    }
    notTestable(&layout)
    day(&layout)
    return layout.text
  }

  private var command: String {
    let day = replay.settings.day.map { $0.description == "2023-10-31" ? "" : " --as-of \($0)" } ?? ""
    let horizon = replay.settings.horizons.upperBound
    let more =
      (replay.settings.draws == 1000 ? "" : " --draws \(replay.settings.draws)")
      + (replay.settings.seed == 1 ? "" : " --seed \(replay.settings.seed)")
      + (horizon == 3 ? "" : " --horizon \(horizon)") + day
    let text = "`simulate backtest --model notebooks-data --format md --lang \(say.language.rawValue)\(more)`"
    return say(
      "Trang này do lệnh \(text) tạo ra; đừng sửa bằng tay.", "This page is made by \(text); do not edit it by hand.")
  }

  private func introduction(_ layout: inout ReportLayout) {
    let draws = say.numbers.integer(replay.settings.draws)
    var span = [replay.origins.first, replay.origins.last].compactMap { $0?.year.description }.joined(separator: "–")
    let pooledFrom = replay.indicators.filter(\.isPooled).flatMap(\.scores).map(\.firstOrigin.year).min()
    if let pooledFrom { span += say(" (gộp các tỉnh: từ \(pooledFrom))", " (over all provinces from \(pooledFrom))") }
    layout.paragraph(
      say(
        "Cuối mỗi năm \(span), mô hình được ước lượng lại chỉ từ những số đã công bố đến ngày đó (độ trễ công bố là dữ liệu), mô phỏng \(draws) tương lai và so với số thực tế hôm nay. Đây là chạy lại \"giả thời gian thực\": dạng mô hình, các năm bất thường, cách tách dự án rất lớn được chọn về sau, và nơi không lưu số công bố lần đầu thì dùng số hôm nay.",
        "At the end of each year \(span) the model was fitted anew to what had been published by that day (release lags are data), \(draws) futures were drawn and compared with the figures of today. The replay is pseudo-real-time: the form of the model, its declared breaks and the treatment of mega-projects were chosen later, and where no first release is kept the figure is that of today."
      ))
    layout.bullet(
      say(
        "Tầm: số năm sau số liệu cuối cùng đã biết. n: số dự báo so được với thực tế; các dự báo liền nhau chung năm, nên n nói ít hơn vẻ ngoài.",
        "Horizon: years after the last figure known. n: forecasts that can be compared; neighbouring ones share years, so n says less than it seems."
      ))
    layout.bullet(
      say(
        "Sai số: trung bình trị tuyệt đối của (trung vị − thực tế). Giữ nguyên: sai số nếu lấy số cuối cùng đã biết. Tỷ số dưới 1: mô hình tốt hơn. MASE: sai số chia cho thay đổi hằng năm bình quân đã biết lúc đó.",
        "Error: mean absolute (median − actual). Naive: the error of the last known figure carried forward. A ratio below 1: the model was better. MASE: the error in units of the mean yearly change known then."
      ))
    layout.bullet(
      say(
        "50%, 80%, 95%: tỷ lệ số thực tế nằm trong dải; nên gần với tên của dải. ✗: dải 80% lệch rõ (ngoài 70–90% với n ≥ \(ReplayScore.countForVerdict)). †: không kể những năm mô hình coi là bất thường (đại dịch).",
        "50%, 80%, 95%: the share of actual values inside the band; it should be near the band's name. ✗: the 80% band clearly misses (outside 70–90% of n ≥ \(ReplayScore.countForVerdict)). †: without years that the model declares breaks (the pandemic)."
      ))
    layout.gap()
  }

  private func summary(_ layout: inout ReportLayout) {
    layout.heading(say("Tóm tắt", "In short"))
    for indicator in replay.indicators where indicator.isPooled {
      guard let first = indicator.scores.first else { continue }
      layout.bullet(sentence(indicator, first))
    }
    let own = replay.indicators.filter { !$0.isPooled && !$0.scores.isEmpty }
    let firsts = own.compactMap(\.scores.first)
    let better = firsts.count { $0.ratio < 1 }
    let forecasts = own.flatMap(\.forecasts)
    let ordinary = forecasts.filter { !$0.isBreak }
    let shareInside = { (list: [ReplayForecast]) -> String in
      list.isEmpty ? NumberFormat.undefined : say.share(Double(list.count { $0.isInside(.wide) }) / Double(list.count))
    }
    layout.bullet(
      say(
        "Chỉ tiêu của tỉnh: \(own.count) kiểm được, ở tầm gần nhất \(better) tốt hơn giữ nguyên; dải 80% chứa \(shareInside(forecasts)) của \(say.numbers.integer(forecasts.count)) số thực tế, không kể năm bất thường \(shareInside(ordinary)).",
        "The province's own indicators: \(own.count) testable, at the nearest horizon \(better) beat naive; the 80% band held \(shareInside(forecasts)) of \(say.numbers.integer(forecasts.count)) actual values, without the declared breaks \(shareInside(ordinary))."
      ))
    let misses = replay.indicators.flatMap { indicator in
      indicator.scores.filter(\.isClearMiss).map { score -> String in
        let mark = score.withoutBreaks ? "†" : ""
        return "\(label(indicator)), \(say("tầm ", "horizon "))\(score.horizon)\(mark): \(held(score))"
          + " (n = \(say.numbers.integer(score.count)))"
      }
    }
    layout.bullet(
      misses.isEmpty
        ? say(
          "Không dải 80% nào lệch rõ ở nơi có từ \(ReplayScore.countForVerdict) dự báo.",
          "No 80% band clearly misses where there are \(ReplayScore.countForVerdict) forecasts or more.")
        : say("Dải 80% lệch rõ: ", "80% bands that clearly miss: ") + misses.joined(separator: "; ") + ".")
    layout.gap()
  }

  private func sentence(_ indicator: ReplayIndicator, _ score: ReplayScore) -> String {
    let ratio = say.numbers.fixed(score.ratio, decimals: 2)
    let (count, held) = (say.numbers.integer(score.count), say.share(score.coverage(.wide)))
    return say(
      "\(label(indicator)), tầm \(score.horizon): sai số bằng \(ratio) lần giữ nguyên, dải 80% chứa \(held) (n = \(count)).",
      "\(label(indicator)), horizon \(score.horizon): \(ratio) times the error of naive, the 80% band held \(held) (n = \(count))."
    )
  }

  /// The share inside the 80% band; to a tenth where it is a miss, so that it cannot look like its limit.
  private func held(_ score: ReplayScore) -> String {
    score.isClearMiss
      ? say.numbers.percent(100 * score.coverage(.wide), decimals: 1) : say.share(score.coverage(.wide))
  }

  private func label(_ indicator: ReplayIndicator) -> String {
    indicator.definition.name[say.language] + pool(indicator)
  }

  private func older(_ indicator: ReplayIndicator) -> String {
    indicator.pool == .allProvincesEarly ? say(", phương pháp cũ", ", older methods") : ""
  }

  private func pool(_ indicator: ReplayIndicator) -> String {
    switch indicator.pool {
    case .own: return ""
    case .allProvinces: return say(" (mọi tỉnh)", " (all provinces)")
    case .allProvincesEarly: return say(" (mọi tỉnh, phương pháp cũ)", " (all provinces, older methods)")
    }
  }

  private var pooledNote: String {
    say(
      "PCI: chênh lệch của mỗi tỉnh với trung vị, quy về điểm ở mức trung vị cuối cùng đã biết; chỉ những năm công bố điểm của mọi tỉnh (đến 2022). Phương pháp cũ: các mốc dự báo khi chưa có năm kỳ của phương pháp 2013. Như mô hình hôm nay, mọi kỳ từ 2006 đến ngày dự báo đều được dùng, qua các thay đổi phương pháp, với độ biến động chung của mỗi năm. FDI: số dự án của mọi tỉnh; vốn không kể tỉnh-năm trên 1 tỷ USD và tỉnh có nhiều dự án hơn mức dùng để ước lượng.",
      "PCI: each province's gap to the median, in points at the last median known; only editions that published all scores (to 2022). Older methods: origins before five editions of the method of 2013 were known. As in the model of today, every edition from 2006 to the day of the forecast is used, across changes of method, with a turbulence of each year that all provinces share. FDI: the number of projects in all provinces; capital without province-years of a billion USD or more and without provinces that have more projects than the fit uses."
    )
  }

  private var olderNote: String {
    say(
      "Vì sao dải theo phương pháp cũ lệch: điểm dao động ít dần sau năm 2013; mô hình theo kịp mức biến động của năm vừa công bố nhưng không đoán trước được nó còn giảm tiếp, nên các dải xa hơn một năm ở 2013–2019 còn rộng.",
      "Why the bands of the older methods miss: scores moved less and less after 2013; the model follows the turbulence of the last edition but could not foresee that it would go on falling, so that bands further ahead than a year stayed wide for 2013–2019."
    )
  }

  private var yearsNote: String {
    say(
      "Dải 80% ở tầm 1 theo năm được dự báo: khi cả nước cùng lệch một phía, đó là một sự kiện chứ không phải sáu mươi.",
      "The 80% band at horizon 1 by the year forecast: when the whole country misses on one side, that is one event, not sixty."
    )
  }

  private func yearsTable(_ indicators: [ReplayIndicator]) -> TextTable {
    var table = TextTable([
      .text(say("Chỉ tiêu", "Indicator")), .number(say("Năm", "Year")), .number("n"),
      .number(say("Trong dải", "Inside")), .number(say("Dưới dải", "Below")), .number(say("Trên dải", "Above")),
    ])
    for indicator in indicators {
      for year in indicator.years(horizon: 1) where year.count >= ReplayScore.countForVerdict {
        table.addRow([
          say.label(indicator.definition) + older(indicator), "\(year.year)", say.numbers.integer(year.count),
          say.share(year.inside),
          say.share(year.below), say.share(year.above),
        ])
      }
    }
    return table
  }

  private var ownNote: String {
    say(
      "Mỗi chỉ tiêu chỉ có ít năm: một con số ở đây là lời kể, không phải phép đo.",
      "Each has few years: a figure here tells a story, it does not measure.")
      + say(
        " Mô hình hôm nay cần \(SeriesBaseline.fewestSupported) số liệu dùng được tốt hơn báo chí; chạy lại quá khứ, cũng như mọi lệnh với --as-of, thử chính các chỉ tiêu đó khi mới có từ \(SeriesBaseline.fewestObservations) số liệu: các mốc sớm thử cách làm với ít số liệu hơn mức mô hình hôm nay chấp nhận.",
        " The model of today asks for \(SeriesBaseline.fewestSupported) usable figures better than press; the replay, as every command with --as-of, tries the same indicators from \(SeriesBaseline.fewestObservations) figures on: early origins test the approach with fewer figures than the model of today accepts."
      )
  }

  private func table(_ indicators: [ReplayIndicator]) -> TextTable {
    var table = TextTable([
      .text(say("Chỉ tiêu", "Indicator")), .number(say("Tầm", "Horizon")), .number("n"),
      .text(say("Mốc", "Origins"), isOptional: true), .number(say("Sai số", "Error")),
      .number(say("Giữ nguyên", "Naive")), .number(say("Tỷ số", "Ratio")), .number("MASE", isOptional: true),
      .number("50%"), .number("80%"), .number("95%"),
    ])
    for indicator in indicators {
      let display = indicator.definition.display
      func error(_ value: Double) -> String {
        say.numbers.fixed(value * display.scale, decimals: display.decimals == 0 ? 1 : display.decimals)
      }
      for score in indicator.scores {
        table.addRow([
          say.label(indicator.definition) + older(indicator), "\(score.horizon)" + (score.withoutBreaks ? "†" : ""),
          say.numbers.integer(score.count), "\(score.firstOrigin.year)–\(score.lastOrigin.year)",
          error(score.meanAbsoluteError), error(score.naiveError), say.numbers.fixed(score.ratio, decimals: 2),
          say.numbers.fixed(score.scaledError, decimals: 2), say.share(score.coverage(.half)),
          held(score) + (score.isClearMiss ? " ✗" : ""), say.share(score.coverage(.outer)),
        ])
      }
    }
    return table
  }

  private func notTestable(_ layout: inout ReportLayout) {
    var names: [String: [String]] = [:]
    for indicator in replay.indicators {
      guard case .notTestable(let reason) = indicator.outcome else { continue }
      var name = label(indicator)
      if case .tooFew(let count) = reason { name += " (\(count))" }
      names[reason.code, default: []].append(name)
    }
    guard !names.isEmpty else { return }
    layout.heading(say("Không kiểm được", "Not testable"))
    let reasons = [
      ("no_figures", say("Không có số công bố để so", "No published figure to compare with")),
      ("no_fan", say("Không có dải dự báo", "No fan")),
      ("too_few", say("Quá ít dự báo so được (số dự báo)", "Too few forecasts that can be compared (their number)")),
    ]
    for (code, text) in reasons {
      if let list = names[code] { layout.bullet(text + ": " + list.joined(separator: ", ") + ".") }
    }
    layout.gap()
  }

  private func day(_ layout: inout ReportLayout) {
    guard let day = replay.settings.day else { return }
    let isConference = day.description == "2023-10-31"
    layout.heading(
      isConference
        ? say(
          "Tháng 10 năm 2023, khi hội nghị chọn các ưu tiên", "October 2023, when the conference set the priorities")
        : say("Ngày \(day)", "The day \(day)"))
    let years = "\(replay.settings.dayYears.lowerBound)–\(replay.settings.dayYears.upperBound)"
    guard !replay.dayForecasts.isEmpty else {
      layout.paragraph(
        say("Chưa có số thực tế \(years) để so.", "There is no figure of \(years) to compare with yet."))
      return
    }
    let inside = replay.dayForecasts.count { $0.isInside(.wide) }
    layout.paragraph(
      say(
        "Với những gì đã công bố đến ngày \(day), không có chính sách mới, so với \(years): \(inside) trong \(replay.dayForecasts.count) số thực tế nằm trong dải 80%. Các chỉ tiêu tính từ nhau không phải là bằng chứng độc lập.",
        "With what had been published by \(day), without new policy, against \(years): \(inside) of \(replay.dayForecasts.count) actual values lie inside the 80% band. Indicators computed from each other are no independent evidence."
      ))
    var table = TextTable([
      .text(say("Chỉ tiêu", "Indicator")), .number(say("Năm", "Year")), .number(say("Số cuối đã biết", "Last known")),
      .number(say("Trung vị", "Median")), .number(say("Dải 80%", "80% band")), .number(say("Thực tế", "Actual")),
      .text(say("Trong dải", "Inside")),
    ])
    for forecast in replay.dayForecasts {
      guard let definition = replay.definition(forecast.indicator) else { continue }
      let display = definition.display
      let side =
        forecast.isInside(.wide)
        ? say("có", "yes")
        : forecast.actual > forecast.band80.high
          ? say("không, cao hơn", "no, above") : say("không, thấp hơn", "no, below")
      table.addRow([
        say.label(definition), "\(forecast.year)",
        say.value(forecast.lastKnown, display) + " (\(forecast.lastKnownYear))", say.value(forecast.median, display),
        say.interval(forecast.band80.low, forecast.band80.high, display), say.value(forecast.actual, display), side,
      ])
    }
    layout.table(table)
  }
}
