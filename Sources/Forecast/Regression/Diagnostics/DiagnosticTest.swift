/// The outcome of one specification test of a linear regression.
///
/// A small p value speaks against the regression as it stands; ``sentence`` says in plain words what that means for the
/// numbers a planner reads.
public struct DiagnosticTest: Equatable, Sendable {
  public enum Kind: Equatable, Sendable {
    case durbinWatson
    case breuschGodfrey(order: Int)
    /// With Koenker's studentised statistic or the original one, which needs normal errors.
    case breuschPagan(studentized: Bool)
    case jarqueBera
    case ramseyReset(highestPower: Int)
    case chow(split: Int)

    /// The name in the literature.
    public var name: String {
      switch self {
      case .durbinWatson: "Durbin-Watson"
      case .breuschGodfrey(let order): "Breusch-Godfrey(\(order))"
      case .breuschPagan(let studentized): studentized ? "Breusch-Pagan (Koenker)" : "Breusch-Pagan"
      case .jarqueBera: "Jarque-Bera"
      case .ramseyReset(let highest): "RESET(\(highest))"
      case .chow(let split): "Chow(\(split))"
      }
    }
  }

  /// How the p value was found.
  public enum Reference: Equatable, Sendable {
    case chiSquared
    case f
    /// The exact law of a ratio of quadratic forms in normal errors, by Imhof's integral.
    case quadraticForm
    case normalApproximation
  }

  public let kind: Kind
  public let statistic: Double
  /// One value for chi-squared, two for F, none otherwise.
  public let degreesOfFreedom: [Double]
  /// Of the null hypothesis that nothing is wrong; NaN when the statistic is not defined (an exact fit).
  public let pValue: Double
  public let reference: Reference

  /// Whether the test rejects at the level.
  public func rejects(at level: Double = 0.05) -> Bool { pValue < level }

  /// What the result means at the 5% level.
  public var sentence: BilingualSentence { sentence(at: 0.05) }

  /// What the result means at a level.
  public func sentence(at level: Double) -> BilingualSentence {
    guard !pValue.isNaN else {
      return BilingualSentence(
        vi: "Không tính được kiểm định này: sai số bằng không hoặc không còn bậc tự do.",
        en: "This test cannot be computed: the errors are zero or no degree of freedom is left.")
    }
    let rejected = rejects(at: level)
    switch kind {
    case .durbinWatson:
      return rejected
        ? BilingualSentence(
          vi: "Sai số của kỳ này kéo theo sai số cùng dấu ở kỳ sau: sai số chuẩn thường đang quá nhỏ.",
          en: "The error of one period carries over to the next: the standard errors are usually too small.")
        : BilingualSentence(
          vi: "Không thấy sai số cùng dấu nối tiếp nhau từ kỳ này sang kỳ sau.",
          en: "No sign that the error of one period carries over to the next.")
    case .breuschGodfrey(let order):
      let periods = order == 1 ? "one period" : "\(order) periods"
      return rejected
        ? BilingualSentence(
          vi: "Sai số có tự tương quan (trong \(order) kỳ): sai số chuẩn thường đang quá nhỏ; nên dùng Newey-West.",
          en: "Errors are correlated over \(periods): standard errors are usually too small; use Newey-West.")
        : BilingualSentence(
          vi: "Không thấy sai số tự tương quan trong \(order) kỳ.",
          en: "No sign of errors correlated over \(periods).")
    case .breuschPagan:
      return rejected
        ? BilingualSentence(
          vi: "Độ phân tán của sai số thay đổi theo các biến giải thích: hãy dùng sai số chuẩn vững (HC3).",
          en: "The spread of the errors changes with the regressors: use robust standard errors (HC3).")
        : BilingualSentence(
          vi: "Không thấy độ phân tán của sai số thay đổi theo các biến giải thích.",
          en: "No sign that the spread of the errors changes with the regressors.")
    case .jarqueBera:
      return rejected
        ? BilingualSentence(
          vi: "Sai số lệch hoặc có giá trị bất thường: với ít quan sát, giá trị p chỉ là gần đúng.",
          en: "The errors are skewed or have outliers: with few observations, p values are only approximate.")
        : BilingualSentence(
          vi: "Không thấy sai số khác phân phối chuẩn.", en: "No sign that the errors depart from a normal law.")
    case .ramseyReset:
      return rejected
        ? BilingualSentence(
          vi: "Quan hệ không phải đường thẳng hoặc còn thiếu biến: thử lấy logarit, bình phương hay thêm biến.",
          en: "The relation is curved or a variable is missing: try logarithms, squares or a new variable.")
        : BilingualSentence(
          vi: "Không thấy dấu hiệu quan hệ bị cong hay thiếu biến.",
          en: "No sign of curvature or of a missing variable.")
    case .chow(let split):
      return rejected
        ? BilingualSentence(
          vi: "Quan hệ đã khác đi sau \(split) quan sát đầu: không nên dùng một bộ hệ số cho cả hai giai đoạn.",
          en: "The relation changed after the first \(split) observations: fit the two parts apart.")
        : BilingualSentence(
          vi: "Không thấy quan hệ thay đổi giữa \(split) quan sát đầu và phần còn lại.",
          en: "No sign that the relation differs between the first \(split) observations and the rest.")
    }
  }
}
