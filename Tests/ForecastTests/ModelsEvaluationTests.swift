import Forecast
import NumericKernels
import ReferenceValues
import Testing

@Suite struct ModelsEvaluationTests {
  @Test func rollingOriginOfTheRandomWalk() throws {
    let record = try RollingOrigin.errors(of: RandomWalk.self, on: [1, 2, 4, 7, 11], horizon: 2, firstOrigin: 2)
    #expect(record.origins == [2, 3, 4])
    #expect(record.errors[0] == [2, 5] && record.errors[1] == [3, 7])
    #expect(record.errors[2][0] == 4 && record.errors[2][1].isNaN)
    #expect(record.meanAbsoluteErrors == [3, 6])
    #expect(record.meanAbsoluteError == 21.0 / 5)
    // First origin: one difference of 1, so deviations 1 and sqrt(2).
    #expect(largestDistance(record.standardizedErrors[0], [2, 5 / (2.0).squareRoot()]) < 1e-14)
    #expect(record.coverage(z: 2).count == 5)
    #expect(record.failures.isEmpty)
  }

  /// Errors at an origin do not depend on what comes after their own actuals.
  @Test func nothingOfTheFutureIsSeen() throws {
    let sample = ModelsPropertyTests.samples[1]
    let all = try RollingOrigin.errors(of: Combination.self, on: sample, horizon: 2, firstOrigin: 8)
    var changed = sample
    changed[14] = 0
    let other = try RollingOrigin.errors(of: Combination.self, on: changed, horizon: 2, firstOrigin: 8)
    #expect(Array(all.errors[..<5]) == Array(other.errors[..<5]))
    #expect(all.errors[6][0] != other.errors[6][0])
  }

  @Test func failuresAndMissingValues() throws {
    let record = try RollingOrigin.errors(
      of: RandomWalkWithDrift.self, on: [1, 2, .nan, 3, 5, 6], horizon: 1, firstOrigin: 1)
    #expect(record.failures.map(\.origin) == [1, 2, 3])
    #expect(record.failures[0].error == .tooFewObservations(model: RandomWalkWithDrift.name, needed: 3, found: 1))
    #expect(record.origins == [4, 5])
    let strided = try RollingOrigin.errors(
      of: RandomWalk.self, on: [1, 2, .nan, 3, 5, 6], horizon: 1, firstOrigin: 2, stride: 2)
    #expect(strided.origins == [2, 4] && strided.errors[0][0].isNaN)
    #expect(throws: ForecastError.badHorizon(0)) {
      try RollingOrigin.errors(of: RandomWalk.self, on: [1, 2], horizon: 0, firstOrigin: 1)
    }
    #expect(throws: ForecastError.nonFinite(model: RandomWalk.name, position: 3)) {
      try RollingOrigin.errors(of: RandomWalk.self, on: [1, 2, .infinity], horizon: 1, firstOrigin: 2)
    }
    let none = try RollingOrigin.errors(of: RandomWalk.self, on: [], horizon: 1, firstOrigin: 1)
    #expect(none.origins.isEmpty && none.meanAbsoluteError.isNaN && none.coverage(z: 1).count == 0)
  }

  @Test func calibrationAtItsKnots() throws {
    let own = try #require(YearlyCalibration(factors80: [1.2, 1.45], factors95: [1.6, 1.85]))
    #expect(own.stretched(1, step: 1) == 1.2)
    #expect(own.stretched(1.959963984540054, step: 2) == 1.959963984540054 * 1.85)
    #expect(relativeDistance(own.stretched(3, step: 9), 3 * 1.85) < 1e-15)
    #expect(own.stretched(0, step: 1) == 0 && own.stretched(-1, step: 0) == -1.2)
    #expect(own.stretched(.infinity, step: 1) == .infinity && own.stretched(.nan, step: 1).isNaN)
    #expect(YearlyCalibration.none.stretched(1.7, step: 3) == 1.7)
  }

  @Test func calibrationIsOddAndIncreasing() {
    for observations in -1...40 {
      let calibration = YearlyCalibration(
        observations: observations, scale: observations % 2 == 0 ? .plain : .logarithm)
      #expect(calibration.factors80.count == 4)
      for step in 1...6 {
        var previous = -Double.infinity
        for k in -400...400 {
          let z = Double(k) / 100
          let value = calibration.stretched(z, step: step)
          #expect(value == -calibration.stretched(-z, step: step))
          #expect(value > previous)
          previous = value
        }
      }
    }
  }

  @Test func calibrationByLength() {
    func calibration(_ observations: Int) -> YearlyCalibration {
      YearlyCalibration(observations: observations, scale: .plain)
    }
    #expect(calibration(3) == calibration(6))
    #expect(calibration(90) == calibration(20))
    let (eight, nine, ten) = (calibration(8), calibration(9), calibration(10))
    #expect(eight.factors95 == [1.04, 1.24, 1.41, 1.53])
    #expect(largestDistance(nine.factors95, zip(eight.factors95, ten.factors95).map { ($0 + $1) / 2 }) < 1e-14)
    #expect(YearlyCalibration(observations: 8, scale: .logarithm).factors95 == [1.07, 1.28, 1.45, 1.67])
  }

  /// Above the median a logarithm's deviation is that of a square root: at median m, (root m (1 + d / 2)) squared.
  @Test func temperedUpperTail() throws {
    let plain = try #require(YearlyCalibration(factors80: [1], factors95: [1]))
    let tempered = try #require(YearlyCalibration(factors80: [1], factors95: [1], scale: .logarithm))
    #expect(tempered.deviation(-2, standardDeviation: 0.5, step: 1) == -1)
    #expect(plain.deviation(2, standardDeviation: 0.5, step: 1) == 1)
    let above = tempered.deviation(2, standardDeviation: 0.5, step: 1)
    #expect(relativeDistance(VectorMath.exp(above), 1.5 * 1.5) < 1e-14)
    for deviation in [-3, -0.1, 0, 1e-9, 0.3, 2.0, 40] {
      let back = YearlyCalibration.untempered(YearlyCalibration.tempered(deviation))
      #expect(abs(back - deviation) <= 1e-14 * max(abs(deviation), 1))
    }
  }

  @Test func calibrationRefusesNonsense() {
    #expect(YearlyCalibration(factors80: [], factors95: []) == nil)
    #expect(YearlyCalibration(factors80: [1], factors95: [1, 2]) == nil)
    #expect(YearlyCalibration(factors80: [1.5], factors95: [1.2]) == nil)
    #expect(YearlyCalibration(factors80: [0], factors95: [1]) == nil)
    #expect(YearlyCalibration(factors80: [1], factors95: [.infinity]) == nil)
    #expect(YearlyCalibration(factors80: [.nan], factors95: [1]) == nil)
  }
}
