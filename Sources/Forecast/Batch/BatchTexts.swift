/// The sentences that a batch of forecasts says about itself.
enum BatchTexts {
  /// Why the method was replaced by a simpler one.
  static func replaced(
    _ method: BatchForecast.Method, by model: String, because error: ForecastError
  ) -> BilingualSentence {
    let reason = sentence(error)
    return BilingualSentence(
      vi: "Không dùng được \(method.rawValue) (\(reason.vi)); thay bằng \(model).",
      en: "\(method.rawValue) cannot be used (\(reason.en)); \(model) took its place.")
  }

  static func sentence(_ error: ForecastError) -> BilingualSentence {
    switch error {
    case .tooFewObservations(_, let needed, let found):
      BilingualSentence(
        vi: "cần ít nhất \(needed) quan sát, chỉ có \(found)", en: "it needs \(needed) observations, there are \(found)"
      )
    case .noConvergence:
      BilingualSentence(vi: "việc ước lượng không hội tụ", en: "the search did not converge")
    default: BilingualSentence(vi: "\(error)", en: "\(error)")
    }
  }

  static func bridged(_ count: Int) -> BilingualSentence {
    BilingualSentence(
      vi: "\(count) giá trị thiếu được nội suy.",
      en: count == 1 ? "One missing value was interpolated." : "\(count) missing values were interpolated.")
  }

  static let constant = BilingualSentence(
    vi: "Mọi quan sát đều bằng nhau: dải dự báo không có độ rộng.",
    en: "All observations are equal: the bands have no width.")

  static let single = BilingualSentence(
    vi: "Chỉ có một quan sát: dải dự báo dựa vào mức biến động thường gặp, không dựa vào chuỗi này.",
    en: "There is one observation: the bands rest on how much such series usually change, not on this one.")

  static func short(_ count: Int) -> BilingualSentence {
    BilingualSentence(
      vi: "Chỉ có \(count) quan sát: dự báo gần như giữ nguyên giá trị cuối.",
      en: "There are only \(count) observations: the forecast hardly leaves the last value.")
  }

  /// Why this model: one sentence for a method and the name of what was fitted.
  static func explanation(_ method: BatchForecast.Method, model: String) -> BilingualSentence {
    switch method {
    case .naive, .snaive, .drift, .mean, .ses:
      BilingualSentence(vi: "\(model), theo yêu cầu.", en: "\(model), as asked for.")
    case .ets:
      BilingualSentence(
        vi: "\(model): dạng san bằng mũ có AICc nhỏ nhất.",
        en: "\(model): the form of exponential smoothing with the lowest AICc.")
    case .theta:
      BilingualSentence(
        vi: "\(model): phương pháp theta động tối ưu, khử mùa vụ nếu kiểm định cho thấy có mùa vụ.",
        en: "\(model): the dynamic optimised theta method, seasonally adjusted where a test finds a season.")
    case .ces:
      BilingualSentence(
        vi: "\(model): dạng san bằng mũ phức có AICc nhỏ nhất.",
        en: "\(model): the form of complex exponential smoothing with the lowest AICc.")
    case .arima:
      BilingualSentence(
        vi: "\(model): bậc do kiểm định nghiệm đơn vị và AICc chọn.",
        en: "\(model): orders chosen by unit-root tests and AICc.")
    case .structural:
      BilingualSentence(
        vi: "\(model): mô hình cấu trúc có AICc nhỏ nhất.", en: "\(model): the structural model with the lowest AICc.")
    case .combination:
      BilingualSentence(vi: model, en: model)
    }
  }

  /// What the combination weighed most.
  static func combination(_ fit: CombinationFit, _ combination: PooledCombination) -> BilingualSentence {
    let weights = combination.constants.weights
    let order = weights.indices.sorted { (weights[$1], $0) < (weights[$0], $1) }
    let names = CombinationFit.memberNames
    func listed(_ pick: KeyPath<BilingualSentence, String>) -> String {
      order.prefix(3).map { "\(names[$0][keyPath: pick]) \(Int((100 * weights[$0]).rounded()))%" }
        .joined(separator: ", ")
    }
    let season = fit.series.indices
    let percent = Int((100 * season.weight).rounded())
    let seasonal =
      season.weight > 0
      ? BilingualSentence(
        vi: "trên chuỗi đã khử mùa vụ (giữ \(percent)% biên độ mùa vụ)",
        en: "of the seasonally adjusted series (\(percent)% of its season is kept)")
      : BilingualSentence(vi: "trên chuỗi, không có mùa vụ", en: "of the series, which has no season")
    if (weights.max() ?? 0) - (weights.min() ?? 0) < 0.005 {
      return BilingualSentence(
        vi: "Trung bình của tám dự báo \(seasonal.vi), trọng số bằng nhau.",
        en: "Mean of eight forecasts \(seasonal.en), all with the same weight.")
    }
    return BilingualSentence(
      vi: "Trung bình có trọng số của tám dự báo \(seasonal.vi); trọng số lớn nhất: \(listed(\.vi)).",
      en: "Weighted mean of eight forecasts \(seasonal.en); the largest weights: \(listed(\.en)).")
  }
}
