import Scenarios
import Testing
import TextFiles

/// What correlations and loadings matter: `sensitivity --joint`.
@Suite struct JointTests {
  private func result(draws: Int = 2000, threads: Int = 2) throws -> JointResult {
    let model = try ShippedModel.get().model
    return try JointStudy.run(model, year: 2030, run: DecisionRun(draws: draws, seed: 1, threads: threads))
  }

  @Test func everyHeadlineAndTargetIsThere() throws {
    let shipped = try ShippedModel.get()
    let result = try result(draws: 600)
    #expect(Set(result.outcomes.map(\.indicator)) == Set(shipped.catalog.indicators.filter(\.headline).map(\.id)))
    #expect(result.outcomes.allSatisfy { $0.bands.count == 4 && $0.bands[0].widthRatio ?? 1 == 1 })
    #expect(!result.targets.isEmpty && result.targets.allSatisfy { $0.probabilities.count == 4 })
    #expect(result.targets.allSatisfy { !shipped.model.restsOnPlannersPath($0.target.indicator) })
  }

  @Test func correlationsMatterForWhatIsCorrelatedAlone() throws {
    let result = try result()
    let without = try #require(JointResult.Variant.allCases.firstIndex(of: .withoutCorrelations))
    for outcome in result.outcomes {
      let (stated, band) = (outcome.bands[0], outcome.bands[without])
      if outcome.indicator == "papi_sum_d1_d6" {
        // Six correlated dimensions drawn as if independent: the sum's band is too narrow by a third.
        let ratio = try #require(band.widthRatio)
        let error = try #require(band.ratioError)
        #expect(ratio > 0.58 && ratio < 0.75 && error < 0.03)
      } else {
        #expect(stated.low == band.low && stated.median == band.median && stated.high == band.high)
        #expect(band.widthRatio ?? 1 == 1 && band.ratioError ?? 0 == 0)
      }
    }
    for target in result.targets { #expect(target.probabilities[0] == target.probabilities[without]) }
  }

  @Test func loadingsMatterForWhatLoads() throws {
    let result = try result()
    func ratios(_ id: String) throws -> [Double] {
      try #require(result.outcomes.first { $0.indicator == id }).bands.compactMap(\.widthRatio)
    }
    #expect(try ratios("papi_sum_d1_d6")[2...] == [1, 1])
    // GRDP per head adds sectors that load on the same driver: the band widens with the loadings.
    let grdp = try ratios("grdp_per_capita")
    #expect(grdp[2] < 0.99 && grdp[3] > 1)
    let pair = result.pairs.first {
      [$0.first, $0.second] == ["budget_revenue", "tourism_arrivals"]
        || [$0.first, $0.second] == ["tourism_arrivals", "budget_revenue"]
    }
    let correlations = try #require(pair?.correlations)
    #expect(abs(correlations[2]) < 0.08 && correlations[0] > correlations[2] && correlations[3] > correlations[0])
  }

  @Test func threadsChangeNothing() throws {
    let (one, three) = (try result(draws: 700, threads: 1), try result(draws: 700, threads: 3))
    for (a, b) in zip(one.outcomes, three.outcomes) { #expect(a.bands == b.bands) }
    for (a, b) in zip(one.targets, three.targets) { #expect(a.probabilities == b.probabilities) }
    #expect(one.pairs.map(\.correlations) == three.pairs.map(\.correlations))
  }

  @Test func aYearOutsideTheProjectionIsRefused() throws {
    let model = try ShippedModel.get().model
    let run = DecisionRun(draws: 100, seed: 1, threads: 1)
    for year in [2019, 2031] {
      let problem = #expect(throws: Diagnostic.self) { _ = try JointStudy.run(model, year: year, run: run) }
      #expect(problem?.code == "outside_horizon")
    }
  }

  /// Stronger loadings stop where nothing of the own residual is left.
  @Test func loadingsAreCapped() throws {
    let folder = try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales", more: ", loadings: { growth: 0.8 }")
        + SmallModel.series("visits", more: ", loadings: { growth: 0.4 }") + SmallModel.world,
      observations: SmallModel.sales + SmallModel.visits + SmallModel.growth)
    let model = try folder.compile()
    func loadings(_ id: String, _ variant: JointResult.Variant) throws -> [Double] {
      try #require(model.varied(variant).seriesBaseline(id)).loadings.map(\.loading)
    }
    #expect(abs(try loadings("sales", .strongerLoadings)[0] - 1) < 1e-12)
    #expect(abs(try loadings("visits", .strongerLoadings)[0] - 0.6) < 1e-12)
    #expect(try loadings("sales", .withoutLoadings).isEmpty)
    #expect(try loadings("sales", .stated) == [0.8] && loadings("sales", .withoutCorrelations) == [0.8])
    let draws = try baselineDraws(model.varied(.strongerLoadings), draws: 300)
    #expect(draws.joined().joined().allSatisfy { $0.isFinite })
  }
}
