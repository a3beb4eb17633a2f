import Forecast
import NumericKernels
import ReferenceValues
import Testing

/// What must hold for any data, and cases with known answers.
@Suite struct ARIMAPropertyTests {
  /// Normals of a stream, in order.
  static func normals(_ count: Int, id: String) -> [Double] {
    let stream = RandomStream(seed: 11, id: id, purpose: .innovation)
    return (0..<count).map { stream.normal(item: $0, draw: 0) }
  }

  /// y[t] = 0.6 y[t-1] + e[t] + 0.4 e[t-1] around 10.
  static func arma(_ count: Int, id: String = "arma") -> [Double] {
    let e = normals(count + 50, id: id)
    var y = 0.0
    var result: [Double] = []
    for t in 1..<e.count {
      y = 0.6 * y + e[t] + 0.4 * e[t - 1]
      if t >= 50 { result.append(10 + y) }
    }
    return result
  }

  @Test func findsTheCoefficientsOfASimulation() throws {
    let model = try ARIMA(fitting: Self.arma(4000), order: ARIMAOrder(1, 0, 1))
    let table = model.coefficientTable()
    #expect(table.map(\.name) == ["ar1", "ma1", "mean"])
    for (one, truth) in zip(table, [0.6, 0.4, 10]) {
      #expect(abs(one.estimate - truth) < 3.5 * one.standardError, "\(one)")
      #expect(one.standardError > 0.005 && one.standardError < 0.1)
    }
    #expect(abs(model.innovationVariance - 1) < 0.08)
  }

  /// A first-order autoregression observed with gaps is a chain of known transitions.
  @Test func likelihoodWithGapsIsTheProductOfTransitions() throws {
    var y = Self.arma(30)
    for t in [4, 5, 6, 17, 28] { y[t] = .nan }
    let phi = 0.7
    let model = try ARIMA(
      fitting: y, order: ARIMAOrder(1, 0, 0), includesConstant: false, coefficients: [phi])
    let variance = model.maximumLikelihoodVariance
    var (sum, count, last) = (0.0, 0, -1)
    for t in y.indices where !y[t].isNaN {
      var (mean, scale) = (0.0, 1 / (1 - phi * phi))
      if last >= 0 {
        var power = 1.0
        for _ in 0..<t - last { power *= phi }
        mean = power * y[last]
        scale *= 1 - power * power
      }
      sum -= 0.5 * (VectorMath.log(2 * .pi * variance * scale) + (y[t] - mean) * (y[t] - mean) / (variance * scale))
      if last >= 0 {
        #expect(abs(model.residuals[t] - (y[t] - mean) / scale.squareRoot()) < 1e-6, "\(t)")
      }
      count += 1
      last = t
    }
    #expect(count == 25 && model.usedCount == 25)
    #expect(abs(model.logLikelihood - sum) < 1e-9)
  }

  @Test func randomWalkIsKnown() throws {
    let y = [3.0, 5, 4, 8, 7, 9, 12, 11]
    let model = try ARIMA(fitting: y, order: ARIMAOrder(0, 1, 0))
    #expect(abs(model.constant - 8.0 / 7) < 1e-13)
    #expect(model.name == "ARIMA(0,1,0) with drift")
    let rest = zip(y.dropFirst(), y).map { $0 - $1 - 8.0 / 7 }
    let variance = rest.reduce(0) { $0 + $1 * $1 } / 6
    #expect(relativeDistance(model.innovationVariance, variance) < 1e-13)
    let prediction = try model.forecast(horizon: 3)
    #expect(largestDistance(prediction.mean, (1...3).map { 11 + Double($0) * 8 / 7 }) < 1e-13)
    #expect(largestDistance(prediction.deviations, (1...3).map { (variance * Double($0)).squareRoot() }) < 1e-12)
    #expect(model.residuals[0].isNaN)
    #expect(largestDistance(Array(model.residuals.dropFirst()), rest, floor: 1) < 1e-13)
  }

  @Test func unitAndOriginDoNotMatter() throws {
    let y = Self.arma(60)
    let orders = [
      (ARIMAOrder(1, 0, 1), ARIMAOrder.none), (ARIMAOrder(2, 1, 1), .none), (ARIMAOrder(0, 1, 1), ARIMAOrder(0, 1, 1)),
      (ARIMAOrder(1, 0, 0), ARIMAOrder(1, 1, 0)),
    ]
    for (order, seasonal) in orders {
      let model = try ARIMA(fitting: y, order: order, seasonal: seasonal, seasonalPeriod: 4)
      let mean = try model.forecast(horizon: 5).mean
      for (unit, shift) in [(1e6, 0.0), (1e-6, 0), (1, 1000)] {
        let moved = try ARIMA(
          fitting: y.map { $0 * unit + shift }, order: order, seasonal: seasonal, seasonalPeriod: 4)
        #expect(largestDistance(moved.ar + moved.ma + [1], model.ar + model.ma + [1], floor: 1) < 1e-6)
        #expect(largestDistance(try moved.forecast(horizon: 5).mean, mean.map { $0 * unit + shift }) < 1e-6)
      }
    }
  }

  @Test func fitsAreStationaryAndInvertible() throws {
    // Over-differenced noise puts the moving average on the unit circle.
    let noise = Self.normals(40, id: "noise")
    let model = try ARIMA(fitting: noise, order: ARIMAOrder(0, 1, 1))
    #expect(abs(model.ma[0]) <= 1 + 1e-9 && model.ma[0] < -0.9)
    let trend = (0..<30).map { Double($0) + noise[$0] }
    #expect(abs(try ARIMA(fitting: trend, order: ARIMAOrder(1, 0, 0)).ar[0]) < 1)
    // The same likelihood on both sides of the circle.
    let inside = try ARIMA(fitting: noise, order: ARIMAOrder(0, 0, 1), coefficients: [0.5])
    let outside = try ARIMA(fitting: noise, order: ARIMAOrder(0, 0, 1), coefficients: [2])
    #expect(outside.ma == [0.5])
    #expect(abs(inside.logLikelihood - outside.logLikelihood) < 1e-10)
    // 1 + 4.5 z + 2 z^2 has the roots -1/4 and -2: turned over, (1 + z/4)(1 + z/2).
    let second = try ARIMA(fitting: noise, order: ARIMAOrder(0, 0, 2), coefficients: [4.5, 2])
    #expect(largestDistance(second.ma, [0.75, 0.125]) < 1e-12)
    let complex = try ARIMA(fitting: noise, order: ARIMAOrder(0, 0, 2), coefficients: [2, 4])
    // Roots of modulus 1/2: the coefficients of the reciprocal polynomial, z^2 + 2 z + 4 over 4.
    #expect(largestDistance(complex.ma, [0.5, 0.25]) < 1e-12)
  }

  @Test func refittingToTheSameSeriesChangesNothing() throws {
    var y = Self.arma(50)
    y[20] = .nan
    let model = try ARIMA(fitting: y, order: ARIMAOrder(1, 1, 1))
    let again = try model.refitted(to: y)
    #expect(largestDistance(try again.forecast(horizon: 4).mean, try model.forecast(horizon: 4).mean) < 1e-12)
    #expect(abs(again.logLikelihood - model.logLikelihood) < 1e-8)
    for t in y.indices where !model.residuals[t].isNaN {
      #expect(abs(again.residuals[t] - model.residuals[t]) < 1e-9)
    }
    let longer = try model.refitted(to: y + [11, 12])
    #expect(longer.ar == model.ar && longer.residuals.count == 52)
    #expect(relativeDistance(longer.innovationVariance, model.innovationVariance) < 1e-12)
  }

  @Test func trailingGapsAreForecastOver() throws {
    let y = Self.arma(40)
    let model = try ARIMA(fitting: y, order: ARIMAOrder(1, 0, 1))
    let gap = try ARIMA(fitting: y + [.nan, .nan], order: ARIMAOrder(1, 0, 1))
    let (whole, rest) = (try model.forecast(horizon: 5), try gap.forecast(horizon: 3))
    #expect(largestDistance(rest.mean, Array(whole.mean.suffix(3))) < 1e-12)
    #expect(largestDistance(rest.deviations, Array(whole.deviations.suffix(3))) < 1e-12)
  }

  @Test func longHorizonsStayFinite() throws {
    let y = Self.normals(60, id: "long")
    for seasonal in [ARIMAOrder.none, ARIMAOrder(0, 1, 1)] {
      let model = try ARIMA(fitting: y, order: ARIMAOrder(0, 1, 1), seasonal: seasonal, seasonalPeriod: 4)
      let (long, short) = (try model.forecast(horizon: 2000), try model.forecast(horizon: 20))
      #expect(long.isFinite)
      #expect(Array(long.mean.prefix(20)) == short.mean && Array(long.deviations.prefix(20)) == short.deviations)
      #expect(zip(long.deviations.dropFirst(), long.deviations).allSatisfy { $0 >= $1 })
    }
  }

  @Test func pathsFollowTheForecast() throws {
    var y = Self.arma(40)
    y[38] = .nan
    let model = try ARIMA(fitting: y, order: ARIMAOrder(1, 1, 1), seasonal: ARIMAOrder(0, 1, 1), seasonalPeriod: 4)
    let prediction = try model.forecast(horizon: 4)
    let stream = RandomStream(seed: 3, id: "paths", purpose: .innovation)
    let paths = try model.simulate(horizon: 4, paths: 4000, stream: stream)
    #expect(try model.simulate(horizon: 4, paths: 4000, stream: stream) == paths)
    for h in 0..<4 {
      let values = Array(paths.step(h))
      let mean = values.reduce(0, +) / 4000
      let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3999).squareRoot()
      #expect(abs(mean - prediction.mean[h]) < 5 * prediction.deviations[h] / 63)
      #expect(abs(deviation / prediction.deviations[h] - 1) < 0.06)
    }
  }

  @Test func errorsAreNamed() throws {
    let y = Self.arma(20)
    #expect(throws: ForecastError.badHorizon(0)) {
      try ARIMA(fitting: y, order: ARIMAOrder(1, 0, 0)).forecast(horizon: 0)
    }
    #expect(throws: ForecastError.tooFewObservations(model: "ARIMA", needed: 6, found: 5)) {
      try ARIMA(fitting: Array(y.prefix(5)), order: ARIMAOrder(2, 1, 2), includesConstant: false)
    }
    let same = Matrix(columns: [(0..<20).map { Double($0) }, (0..<20).map { 2 * Double($0) + 1 }])
    #expect(throws: ForecastError.notIdentified(model: "ARIMA", term: "regressor 2")) {
      try ARIMA(fitting: y, order: ARIMAOrder(1, 0, 0), regressors: same)
    }
    #expect(throws: ForecastError.self) { try ARIMA(fitting: y, order: ARIMAOrder(-1, 0, 0)) }
    // A lag longer than the series, and one too long for anything.
    #expect(throws: ForecastError.tooFewObservations(model: "ARIMA", needed: 24, found: 20)) {
      try ARIMA(fitting: y, order: .none, seasonal: ARIMAOrder(1, 0, 0), seasonalPeriod: 24)
    }
    #expect(throws: ForecastError.self) {
      try ARIMA(fitting: y, order: .none, seasonal: ARIMAOrder(2, 0, 0), seasonalPeriod: 5000)
    }
    // A season that is never observed cannot be known.
    #expect(throws: ForecastError.self) {
      try ARIMA(
        fitting: y.indices.map { $0 % 4 == 1 ? .nan : y[$0] }, order: .none, seasonal: ARIMAOrder(0, 1, 0),
        seasonalPeriod: 4)
    }
    #expect(throws: ForecastError.self) {
      try ARIMA(fitting: y, order: .none, seasonal: ARIMAOrder(1, 0, 0), seasonalPeriod: 1)
    }
    #expect(throws: ForecastError.self) {
      try ARIMA(fitting: y, order: .none, regressors: Matrix(rowCount: 19, columnCount: 1))
    }
  }
}
