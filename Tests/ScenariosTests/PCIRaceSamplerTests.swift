import Forecast
import NumericKernels
import Scenarios
import Testing

@Suite struct PCIRaceSamplerTests {
  private let fit: PCIRaceFit

  init() throws { fit = try #require(try ShippedModel.get().model.process(PCIRace.self)).fit }

  /// The form's numbers are the Cholesky factor of the path's covariance, worked out here term by term.
  @Test func theInnovationsFormIsTheCholeskyFactorOfThePath() throws {
    let model = try AR1PlusNoise(
      mean: 0.2, levelVariance: 1.5, persistence: 0.8, innovationVariance: 0.7, noiseVariance: 0.9)
    let state = try model.filtered([0.5, .nan, 1.5, -1])
    let scales = [0.6, 2.5, 1, 0.3, 4, 1.7]
    let form = InnovationsForm(state, scales: scales.map { [$0, 1] })
    let size = scales.count
    // The response of year t to the normal of year j, by running the recursion for a single normal of one.
    var factor = [[Double]](repeating: [Double](repeating: 0, count: size), count: size)
    for j in 0..<size {
      var (level, shock) = (0.0, 0.0)
      for t in 0..<size {
        let z = t == j ? 1.0 : 0.0
        shock *= model.persistence
        factor[t][j] = level + shock + form.deviation[t][0] * z
        level += form.levelGain[t][0] * z
        shock += form.shockGain[t][0] * z
      }
    }
    func power(_ n: Int) -> Double { (0..<n).reduce(1) { value, _ in value * model.persistence } }
    for s in 0..<size {
      for t in 0...s {
        var covariance =
          state.levelVariance + (power(s + 1) + power(t + 1)) * state.covariance
          + power(s + 1) * power(t + 1) * state.shockVariance
        for j in 0...t { covariance += power(s - j) * power(t - j) * model.innovationVariance * scales[j] }
        if s == t { covariance += model.noiseVariance * scales[s] }
        let product = (0..<size).reduce(0) { $0 + factor[s][$1] * factor[t][$1] }
        #expect(abs(product - covariance) < 1e-12, "\(s) \(t)")
      }
    }
  }

  /// Mean, covariance over the years and tails of rivals whose last score was published, beside the closed form.
  @Test func rivalsHaveTheMomentsOfTheModel() throws {
    let draws = 20_000
    let grid = [2025, 2026, 2028, 2030]
    let table = RivalTable(rows: fit.rivals.count, years: grid.count, draws: draws)
    PCIRaceSampler(fit: fit, seed: Dice(seed: 11), grid: grid, range: 0..<draws).rivals(into: table)
    let published = fit.rivals.indices.filter { fit.rivals[$0].bounds.isEmpty }
    #expect(published.count > 10)
    let model = fit.scoreModel
    // E of the variances' factor: v is normal about its median with a variance that grows.
    let volatility = fit.volatility
    func expectedScale(_ year: Int) -> Double {
      let steps = year - fit.lastCompleteYear
      var (mean, variance) = (volatility.path[volatility.path.count - 1], volatility.lastError * volatility.lastError)
      for _ in 0..<steps {
        mean *= volatility.persistence
        variance =
          volatility.persistence * volatility.persistence * variance
          + volatility.disturbance * volatility.disturbance
      }
      return VectorMath.exp(2 * mean + 2 * variance)
    }
    func power(_ n: Int) -> Double { (0..<n).reduce(1) { value, _ in value * model.persistence } }
    for rival in published.prefix(6) {
      let state = fit.rivals[rival].state
      let columns = grid.indices.map { table.draws(year: $0, row: rival, 0..<draws).map(Double.init) }
      for (a, s) in grid.enumerated() {
        let steps = s - fit.lastYear
        let spread = deviation(columns[a])
        #expect(
          abs(mean(columns[a]) - state.predictions(steps: steps)[steps - 1].mean)
            < 5 * spread / Double(draws).squareRoot())
        for (b, t) in grid.enumerated() where b <= a {
          let (far, near) = (s - fit.lastYear, t - fit.lastYear)
          var expected =
            state.levelVariance + (power(far) + power(near)) * state.covariance
            + power(far) * power(near) * state.shockVariance
          for j in 1...near {
            expected += power(far - j) * power(near - j) * model.innovationVariance * expectedScale(fit.lastYear + j)
          }
          if a == b { expected += model.noiseVariance * expectedScale(s) }
          let (x, y) = (mean(columns[a]), mean(columns[b]))
          let products = zip(columns[a], columns[b]).map { ($0 - x) * ($1 - y) }
          let error = deviation(products) / Double(draws).squareRoot()
          #expect(abs(mean(products) - expected) < 5 * error, "\(fit.rivals[rival].province) \(s) \(t)")
        }
        // A mixture over turbulence has more in its tails than the normal law of the same variance.
        let middle = mean(columns[a])
        let fourth = mean(
          columns[a].map {
            let e = ($0 - middle) / spread
            return e * e * e * e
          })
        #expect(fourth > 3.2, "\(fit.rivals[rival].province) \(s): \(fourth)")
      }
    }
  }

  /// A turbulent draw is turbulent for all: the squared surprises of provinces rise and fall together.
  @Test func turbulenceIsShared() throws {
    let draws = 2000
    let table = RivalTable(rows: fit.rivals.count, years: 1, draws: draws)
    PCIRaceSampler(fit: fit, seed: Dice(seed: 5), grid: [2030], range: 0..<draws).rivals(into: table)
    let halves = [0, 1].map { half -> [Double] in
      var sums = [Double](repeating: 0, count: draws)
      for rival in fit.rivals.indices where rival % 2 == half {
        let column = table.draws(year: 0, row: rival, 0..<draws).map(Double.init)
        let (middle, variance) = (mean(column), variance(column))
        for d in 0..<draws { sums[d] += (column[d] - middle) * (column[d] - middle) / variance }
      }
      return sums
    }
    let (a, b) = (mean(halves[0]), mean(halves[1]))
    let covariance = mean(zip(halves[0], halves[1]).map { ($0 - a) * ($1 - b) })
    // Without a common factor the halves would be independent: within 0.1 of 0.
    #expect(covariance / (deviation(halves[0]) * deviation(halves[1])) > 0.3)
  }

  /// Draws are addressed, not counted: a block in the middle is what the whole has there.
  @Test func blocksAreParts() throws {
    let years = [2025, 2027]
    let whole = RivalTable(rows: fit.rivals.count, years: 2, draws: 300)
    PCIRaceSampler(fit: fit, seed: Dice(seed: 1), grid: years, range: 0..<300).rivals(into: whole)
    let parts = RivalTable(rows: fit.rivals.count, years: 2, draws: 300)
    for range in [0..<97, 97..<200, 200..<300] {
      PCIRaceSampler(fit: fit, seed: Dice(seed: 1), grid: years, range: range).rivals(into: parts)
    }
    for row in fit.rivals.indices {
      for year in 0..<2 {
        #expect(Array(whole.draws(year: year, row: row, 0..<300)) == Array(parts.draws(year: year, row: row, 0..<300)))
      }
    }
  }

  @Test func threadsChangeNoRank() throws {
    let model = try ShippedModel.get().model
    let ids = ["pci_rank", "pci_rank_of_63", "pci_score", "pci_time_costs"]
    let runs = try [1, 3].map { threads in
      let run = try EngineRun(model, draws: 1500, seed: 4, threads: threads)
      return try ids.map { id -> [[Double]] in
        let node = try #require(model.nodeIndex(id))
        return model.grid.indices.map { Array(run.baselineDraws.draws(node, $0)) }
      }
    }
    #expect(runs[0] == runs[1])
  }

  /// The shipped history: turbulence fell by more than half from the old methods to 2019 and rose in 2021, the bands
  /// follow, and a province that was merged in 2008 is in no race.
  @Test func theTurbulenceOfTheEditions() throws {
    let volatility = fit.volatility
    #expect(volatility.path.count == fit.lastCompleteYear - fit.scoreFirstYear + 1)
    func factor(_ year: Int) -> Double { volatility.path[year - fit.scoreFirstYear] }
    #expect(factor(2012) > factor(2016) + 0.5 && factor(2021) > factor(2016) + 0.3)
    #expect((0.15...0.4).contains(volatility.disturbance))
    #expect(fit.rivals.count == 62 && !fit.rivals.contains { $0.province == "ha-tay" })
    #expect(fit.medians.keys.min() == fit.firstYear)
  }

  @Test func parametersOfTurbulenceAreChecked() throws {
    let folder = try ModelFolder.copyOfShipped()
    let text = try folder.text("model/competitiveness.yaml")
    try folder.write(
      "model/competitiveness.yaml",
      text.replacing("volatility_persistence: 0.7", with: "volatility_persistence: 1.2")
        .replacing("volatility_disturbance: 0.3", with: "volatility_disturbance: 0")
        .replacing("score_first_year: 2006", with: "score_first_year: 2014")
        .replacing("volatility_prior_editions: 4", with: "other: 4"))
    #expect(
      codes { _ = try folder.compile() }.sorted() == ["missing_key", "out_of_range", "out_of_range", "out_of_range"])
  }
}
