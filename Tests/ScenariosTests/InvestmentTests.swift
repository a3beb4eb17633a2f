import Forecast
import Foundation
import NumericKernels
import ReferenceValues
import Scenarios
import Testing

@Suite struct InvestmentTests {
  private let shipped: ShippedModel
  private let fit: FDIProjectsFit
  private let ids = ["fdi_new_projects", "fdi_registered_ordinary", "fdi_registered_mega", "fdi_registered_new"]

  init() throws {
    shipped = try ShippedModel.get()
    fit = try #require(shipped.model.process(FDIProjects.self)).fit
  }

  @Test func newIsOrdinaryAndMegaInEveryDraw() throws {
    let values = try shipped.values(ids)
    for year in shipped.model.grid.indices {
      for d in 0..<ShippedModel.draws {
        let (ordinary, mega) = (values[ids[1]]?[year][d] ?? .nan, values[ids[2]]?[year][d] ?? .nan)
        #expect(values[ids[3]]?[year][d] == ordinary + mega)
      }
    }
  }

  @Test func theObservedYearIsAFact() throws {
    let values = try shipped.values(ids, under: shipped.scenario("levers: { wha_smart_technology_2: { start: 2026 } }"))
    #expect(shipped.model.grid[0] == 2025)
    #expect(values[ids[0]]?[0].allSatisfy { $0 == 13 } == true)
    #expect(values[ids[1]]?[0].allSatisfy { $0 == 437 } == true)
    #expect(values[ids[2]]?[0].allSatisfy { $0 == 0 } == true)
  }

  @Test func moreProjectsNeverMeanLessCapital() throws {
    let base = try shipped.values(ids)
    let zone = try shipped.values(ids, under: shipped.scenario("levers: { wha_smart_technology_2: { start: 2026 } }"))
    var (more, wrong) = (0, 0)
    for year in shipped.model.grid.indices {
      for d in 0..<ShippedModel.draws {
        let (before, after) = (base[ids[0]]?[year][d] ?? .nan, zone[ids[0]]?[year][d] ?? .nan)
        let (low, high) = (base[ids[1]]?[year][d] ?? .nan, zone[ids[1]]?[year][d] ?? .nan)
        if after > before { more += 1 }
        // Fewer projects (an effect drawn below zero) leave out the last ones; as many leave everything as it was.
        if after > before && !(high > low) || after == before && high != low || after < before && !(high < low) {
          wrong += 1
        }
      }
    }
    #expect(more > ShippedModel.draws / 2)
    #expect(wrong == 0)
    #expect(base[ids[2]] == zone[ids[2]])
  }

  @Test(arguments: [1, 5])
  func countsFollowTheirLaw(year: Int) throws {
    let counts = try shipped.values([ids[0]])[ids[0]]?[year] ?? []
    let law = fit.level.level(steps: year)
    let average = law.shape / law.rate
    let spread = (1 + 1 / law.shape) * exp(fit.yearDeviation * fit.yearDeviation) - 1
    let expected = average + average * average * spread
    let error = (expected / Double(counts.count)).squareRoot()
    #expect(abs(mean(counts) - average) < 5 * error + 0.01 * average)
    #expect(abs(variance(counts) / expected - 1) < 0.25)
    #expect(counts.allSatisfy { $0 >= 0 && $0 == $0.rounded() })
  }

  @Test func inversionOfCounts() {
    for (average, p) in [(0.7, 0.3), (3.0, 0.9), (14.0, 0.5), (120, 0.975)] {
      #expect(
        FDIProjects.poisson(mean: average, uniform: p) == Distributions.poissonQuantile(mean: average, uniform: p))
    }
    #expect(FDIProjects.poisson(mean: 0, uniform: 0.99) == 0)
    for z in [-1.6448536, 0, 1.2815516] {
      let cube = FDIProjects.gammaByCube(shape: 90, z: z)
      #expect(abs(cube / Distributions.gammaQuantile(shape: 90, uniform: Distributions.normalCDF(z)) - 1) < 1e-3)
    }
  }

  /// The mean of a lognormal law cut at the threshold, averaged over the error of its location.
  @Test func sizesFollowTheCutLaw() throws {
    let values = try shipped.values(ids)
    let largest = log(1000.0)
    func cutMean(_ location: Double) -> Double {
      let s = fit.sigma
      return exp(location + s * s / 2) * Distributions.normalCDF((largest - location - s * s) / s)
        / Distributions.normalCDF((largest - location) / s)
    }
    var (total, weight) = (0.0, 0.0)
    for z in stride(from: -6.0, through: 6, by: 0.05) {
      let density = exp(-z * z / 2)
      total += density * cutMean(fit.location + fit.locationError * z)
      weight += density
    }
    let expected = total / weight
    let years = 1..<shipped.model.grid.count
    let sums = (0..<ShippedModel.draws).map { d in
      years.reduce(0) { $0 + (values[ids[1]]?[$1][d] ?? .nan) - expected * (values[ids[0]]?[$1][d] ?? .nan) }
    }
    let error = deviation(sums) / Double(sums.count).squareRoot()
    #expect(abs(mean(sums)) < 4.5 * error)
    // The test can tell a mean that is a sixth too high.
    let projects = years.reduce(0) { $0 + mean(values[ids[0]]?[$1] ?? []) }
    #expect(expected * projects / 6 > 2 * error)
  }

  @Test func megaProjectsLieInTheirRange() throws {
    let mega = try shipped.values([ids[2]])[ids[2]] ?? []
    let happened = mega.dropFirst().flatMap { $0 }.filter { $0 > 0 }
    #expect(happened.allSatisfy { $0 >= 1000 })
    let rate = (Double(fit.megaCount) + 0.5) / Double(fit.megaYears)
    let share = Double(happened.count) / Double(5 * ShippedModel.draws)
    // A mixture of Poisson laws: below 1 - exp(-rate), by no more than the spread of the rate explains.
    #expect(share < 1 - exp(-rate) + 0.02 && share > 0.7 * (1 - exp(-rate)))
  }

  struct Reference: Decodable {
    struct Fit: Decodable {
      var sample: String
      var estimator: String
      var outcome: String
      var regressors: [String]
      var n: Int
      var coefficients: [Double]
      var seClusterG: [Double]
    }
    var fits: [Fit]
  }

  @Test(arguments: [
    ("poisson_fixed", "2015-2023", "poisson_pml", "fdi_new", "pci_fixed_lag"),
    ("poisson_published", "2015-2023", "poisson_pml", "fdi_new", "pci_published_lag"),
    ("log_fixed", "2015-2023", "ols_log1p", "fdi_new", "pci_fixed_lag"),
    ("log_published", "2015-2023", "ols_log1p", "fdi_new", "pci_published_lag"),
    ("poisson_fixed_without_mega", "2015-2023 without mega", "poisson_pml", "fdi_new", "pci_fixed_lag"),
    ("poisson_fixed_early", "2015-2021", "poisson_pml", "fdi_new", "pci_fixed_lag"),
    ("poisson_fixed_late", "2018-2023", "poisson_pml", "fdi_new", "pci_fixed_lag"),
    ("poisson_fixed_counts", "2015-2023", "poisson_pml", "fdi_count", "pci_fixed_lag"),
    ("placebo_lead", "2015-2023, lead placebo", "poisson_pml", "fdi_new", "pci_fixed_lead"),
  ])
  func effectEqualsTheReference(
    id: String, sample: String, estimator: String, outcome: String, regressor: String
  )
    throws
  {
    let estimate = try #require(try ModelCompiler.estimate("pci_on_fdi", in: shipped.model))
    let reference = try ReferenceFile.decode(Reference.self, from: "panel_regression.json")
    let expected = try #require(
      reference.fits.first {
        $0.sample == sample && $0.estimator == estimator && $0.outcome == outcome && $0.regressors == [regressor]
      })
    let found = try #require(estimate.specifications.first { $0.id == id })
    #expect(abs(found.coefficient - expected.coefficients[0]) < 1e-6)
    #expect(abs(found.standardError - expected.seClusterG[0]) < 1e-6)
    #expect(found.isAveraged == !["poisson_fixed_counts", "placebo_lead"].contains(id))
  }

  @Test func shrinkingPullsTheEffectToZero() throws {
    let estimate = try #require(try ModelCompiler.estimate("pci_on_fdi", in: shipped.model))
    let averaged = mean(estimate.specifications.filter(\.isAveraged).map(\.coefficient))
    #expect(estimate.priorDeviation == 0.15)
    #expect(abs(estimate.mean) < abs(averaged))
    #expect(estimate.deviation > 0 && estimate.deviation < estimate.priorDeviation)
  }
}
