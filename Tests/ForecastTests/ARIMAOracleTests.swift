import Forecast
import NumericKernels
import ReferenceValues
import Testing

/// Against R's `stats::arima` and `forecast`, and statsmodels.
@Suite struct ARIMAOracleTests {
  let fixture: ARIMAFixture

  init() throws {
    fixture = try ARIMAFixture()
    #expect(fixture.series.count == 36)
  }

  /// R's likelihood here is exact too: of the differenced series, with Rossignol's initial covariance.
  @Test func logLikelihoodAtRsCoefficients() {
    var (compared, better) = (0, 0)
    for fit in fixture.fits {
      guard let expected = fit.node["loglik_differenced"].number, fit.isInterior, let model = fit.atReference() else {
        continue
      }
      let gain = model.logLikelihood - expected
      #expect(gain > -1e-7, "\(fit.label) \(gain)")
      compared += 1
      // R's regression coefficients are as good as its search, ours are exact: a mean near a unit root differs.
      if gain > 2e-6 {
        better += 1
        #expect(gain < 1e-3 && fit.constant, "\(fit.label) \(gain)")
      }
    }
    #expect(compared > 280)
    #expect(better <= 2, "\(better) of \(compared)")
  }

  /// Two optima of 300 are local ones and lower than R's; fifty are higher.
  @Test func optimumIsNotBelowRs() throws {
    var (below, above, compared) = (0, 0, 0)
    for fit in fixture.fits {
      guard let reference = fit.atReference(), fit.isInterior else { continue }
      let gain = try fit.fitted().logLikelihood - reference.logLikelihood
      compared += 1
      if gain < -1e-3 { below += 1 }
      if gain > 1e-3 { above += 1 }
    }
    #expect(compared > 280)
    #expect(below <= 3)
    #expect(above >= 20)
  }

  @Test func forecastsAgreeWhereCoefficientsDo() throws {
    var compared = 0
    for fit in fixture.fits {
      guard fit.isInterior else { continue }
      let ours = try fit.fitted()
      let c = fit.coefficients.prefix(fit.armaCount)
      let found = ours.ar + ours.ma + ours.seasonalAR + ours.seasonalMA
      guard zip(found, c).allSatisfy({ abs($0 - $1) < 1e-5 }) else { continue }
      let prediction = try ours.forecast(horizon: 8, regressors: fit.future)
      let mean = fit.node["mean"].numbers
      #expect(
        largestDistance(prediction.mean, mean, floor: mean.map(abs).max() ?? 0) < 1e-4, "\(fit.label)")
      // R's arima reports the likelihood's variance, its forecast package the one corrected for the coefficients.
      let ratio = (ours.maximumLikelihoodVariance / ours.innovationVariance).squareRoot()
      #expect(
        largestDistance(prediction.deviations.map { $0 * ratio }, fit.node["deviations"].numbers) < 1e-4,
        "\(fit.label)")
      #expect(relativeDistance(ours.maximumLikelihoodVariance, fit.node["sigma2_ml"].number ?? .nan) < 1e-4)
      compared += 1
    }
    #expect(compared > 150)
  }

  @Test func standardErrorsAgreeWhereCoefficientsDo() throws {
    var (compared, close) = (0, 0)
    for fit in fixture.fits where fit.isInterior {
      let table = try fit.fitted().coefficientTable()
      let expected = fit.node["se"].numbers
      guard table.count == expected.count,
        zip(table, fit.coefficients).allSatisfy({ abs($0.estimate - $1) < 1e-5 * max(1, abs($1)) })
      else { continue }
      compared += 1
      let distance = largestDistance(table.map(\.standardError), expected)
      if distance < 0.01 { close += 1 }
    }
    #expect(compared > 80)
    // R differences numerically with steps of 1e-3 on transformed coefficients.
    #expect(Double(close) > 0.9 * Double(compared), "\(close) of \(compared)")
  }

  @Test func residualsOfStationaryModelsAreRs() throws {
    var compared = 0
    for fit in fixture.fits where fit.differenceCount == 0 && fit.isInterior {
      guard let model = fit.atReference(), let reference = fit.node["loglik_differenced"].number,
        abs(model.logLikelihood - reference) < 1e-6
      else { continue }
      let expected = fit.node["residuals"].numbers
      let size = expected.map(abs).max() ?? 0
      #expect(largestDistance(model.residuals, expected, floor: size) < 2e-4, "\(fit.label)")
      compared += 1
    }
    #expect(compared > 60)
  }

  @Test func missingObservations() throws {
    var compared = 0
    for fit in fixture.missing {
      guard let model = fit.atReference(), fit.isInterior else { continue }
      // With differences R gives the level's start a variance of 10^6, which costs some 1e-3 here and there.
      let tolerance = fit.differenceCount == 0 ? 1e-6 : 5e-3
      #expect(abs(model.logLikelihood - (fit.node["loglik"].number ?? .nan)) < tolerance, "\(fit.label)")
      let mean = fit.node["mean"].numbers
      let prediction = try model.forecast(horizon: 8)
      let size = mean.map(abs).max() ?? 0
      #expect(largestDistance(prediction.mean, mean, floor: size) < 1e-4, "\(fit.label)")
      let ratio = (model.maximumLikelihoodVariance / model.innovationVariance).squareRoot()
      #expect(
        largestDistance(prediction.deviations.map { $0 * ratio }, fit.node["deviations"].numbers) < 2e-3,
        "\(fit.label)")
      if fit.differenceCount == 0 {
        let expected = fit.node["residuals"].numbers
        let known = expected.indices.filter { !fit.series[$0].isNaN }
        #expect(
          largestDistance(
            known.map { model.residuals[$0] }, known.map { expected[$0] },
            floor: expected.map(abs).reduce(0) { $1.isNaN ? $0 : max($0, $1) })
            < 1e-4, "\(fit.label)")
        #expect(model.residuals.indices.allSatisfy { model.residuals[$0].isNaN == fit.series[$0].isNaN })
      }
      compared += 1
    }
    #expect(compared > 55)
  }

  @Test func statsmodelsAgrees() throws {
    let cases = try ReferenceTree("arima_statsmodels").root["cases"].list
    #expect(cases.count == 4)
    for one in cases {
      let id = one["id"].text
      let y = try #require(fixture.series.first { $0["id"].text == id })["y"].numbers
      let (order, seasonal) = (ARIMAFixture.order(one["order"]), ARIMAFixture.order(one["seasonal"]))
      // statsmodels' order: ar, ma, seasonal ar, seasonal ma.
      let model = try ARIMA(
        fitting: y, order: order, seasonal: seasonal, seasonalPeriod: Int(one["m"].number ?? 1),
        includesConstant: false, coefficients: one["params"].numbers)
      #expect(abs(model.logLikelihood - (one["loglik"].number ?? .nan)) < 1e-6, "\(id)")
      let mean = one["mean"].numbers
      let size = mean.map(abs).max() ?? 0
      #expect(largestDistance(try model.forecast(horizon: 8).mean, mean, floor: size) < 1e-4, "\(id)")
    }
  }
}

extension ARIMAFixture.Fit {
  /// Whether R's own search ended inside: it converged, and its autoregression is not on the unit circle.
  var isInterior: Bool {
    guard node["code"].number == 0 else { return false }
    let c = coefficients
    let blocks = [Array(c.prefix(order.p)), Array(c.dropFirst(order.p + order.q).prefix(seasonal.p))]
    return blocks.allSatisfy { block in
      // The sum of an autoregression of one or two terms nears 1 with its root.
      block.isEmpty || (abs(block.reduce(0, +)) < 0.999 && abs(block.last ?? 0) < 0.999)
    }
  }
}
