import Forecast
import Testing

@Suite struct LinearForecastTests {
  @Test func aPathWithoutShocksIsTheMean() {
    let forecast = LinearForecast(mean: [1, 2], shockResponses: [1, 0.5], parameterDeviations: [0, 1])
    #expect(forecast.path(shocks: [0, 0]) == [1, 2])
    #expect(forecast.path(shocks: [1, 0], parameterShock: 2) == [2, 4.5])
    #expect(forecast.standardDeviations == [1, (1.25 + 1.0).squareRoot()])
  }
}
