import Forecast
import NumericKernels
import ReferenceValues

/// `Tests/Fixtures/arima.json`: 36 series of the M3 competition with what R makes of them.
struct ARIMAFixture {
  struct Fit {
    let series: [Double]
    let period: Int
    let order: ARIMAOrder
    let seasonal: ARIMAOrder
    let constant: Bool
    let hasRegressors: Bool
    let node: ReferenceTree.Node
    let label: String

    var armaCount: Int { order.p + order.q + seasonal.p + seasonal.q }
    var differenceCount: Int { order.d + seasonal.d }
    var coefficients: [Double] { node["coef"].numbers }
    var regressors: Matrix? { hasRegressors ? ARIMAFixture.regressors(1...series.count) : nil }
    var future: Matrix? { hasRegressors ? ARIMAFixture.regressors(series.count + 1...series.count + 8) : nil }

    func fitted() throws -> ARIMA {
      try ARIMA(
        fitting: series, order: order, seasonal: seasonal, seasonalPeriod: period, includesConstant: constant,
        regressors: regressors)
    }

    /// The model at R's coefficients; nil where they are not stationary.
    func atReference() -> ARIMA? {
      try? ARIMA(
        fitting: series, order: order, seasonal: seasonal, seasonalPeriod: period, includesConstant: constant,
        regressors: regressors, coefficients: Array(coefficients.prefix(armaCount)))
    }
  }

  let series: [ReferenceTree.Node]

  init() throws { series = try ReferenceTree("arima").root["series"].list }

  var fits: [Fit] { series.flatMap { one in one["fits"].list.map { Self.fit(one, $0, one["y"].numbers) } } }

  /// With observations 6, 7 and n - 3 missing.
  var missing: [Fit] {
    series.flatMap { one -> [Fit] in
      var y = one["y"].numbers
      for index in [5, 6, y.count - 4] { y[index] = .nan }
      return one["missing"].list.map { Self.fit(one, $0, y) }
    }
  }

  static func order(_ node: ReferenceTree.Node) -> ARIMAOrder {
    let x = node.numbers.map { Int($0) }
    return x.count == 3 ? ARIMAOrder(x[0], x[1], x[2]) : ARIMAOrder(-1, -1, -1)
  }

  static func flag(_ node: ReferenceTree.Node) -> Bool {
    if case .flag(let value) = node { return value }
    return false
  }

  private static func fit(_ one: ReferenceTree.Node, _ node: ReferenceTree.Node, _ y: [Double]) -> Fit {
    Fit(
      series: y, period: Int(one["m"].number ?? 1), order: order(node["order"]), seasonal: order(node["seasonal"]),
      constant: flag(node["constant"]), hasRegressors: (node["xreg"].number ?? 0) > 0, node: node,
      label: "\(one["id"].text) \(order(node["order"]))\(order(node["seasonal"]))")
  }

  /// (t == 8, cos(0.7 t)), by the addition theorem.
  static func regressors(_ times: ClosedRange<Int>) -> Matrix {
    let (c, s) = (0.764842187284488426, 0.644217687237691054)
    var (re, im) = (1.0, 0.0)
    var wave: [Double] = []
    for t in 1...times.upperBound {
      (re, im) = (re * c - im * s, re * s + im * c)
      if t >= times.lowerBound { wave.append(re) }
    }
    return Matrix(columns: [times.map { $0 == 8 ? 1.0 : 0 }, wave])
  }
}
