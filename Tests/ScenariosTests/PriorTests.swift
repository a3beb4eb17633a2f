import Forecast
import Foundation
import Scenarios
import Testing

@Suite struct PriorTests {
  private let prior = Prior(low: 1, central: 2, high: 5)
  private let quartile = 0.6744897501960817

  @Test func quartilesAreLowAndHigh() {
    #expect(prior.value(atNormal: 0, widening: 1) == 2)
    #expect(abs(prior.value(atNormal: -quartile, widening: 1) - 1) < 1e-3)
    #expect(abs(prior.value(atNormal: quartile, widening: 1) - 5) < 3e-3)
    #expect(abs(prior.value(atNormal: quartile, widening: 2) - 8) < 6e-3)
  }

  @Test func increasesAndWidens() {
    let positions = stride(from: -5.0, through: 5, by: 0.05)
    let values = positions.map { prior.value(atNormal: $0, widening: 1.5) }
    for (a, b) in zip(values, values.dropFirst()) { #expect(a < b) }
    for z in [0.7, 3] {
      let narrow = prior.value(atNormal: z, widening: 1) - 2
      #expect(abs(prior.value(atNormal: z, widening: 3) - 2 - 3 * narrow) < 1e-12 * (1 + narrow))
    }
    // Towards zero it widens as a ratio and never gets there; a prior that straddles zero widens alike on both sides.
    for z in [-5.0, -2, -0.3] {
      let narrow = log(prior.value(atNormal: z, widening: 1) / 2)
      #expect(abs(log(prior.value(atNormal: z, widening: 3) / 2) - 3 * narrow) < 1e-12 * (1 + abs(narrow)))
    }
    let straddling = Prior(low: -1, central: 1, high: 2)
    #expect(straddling.value(atNormal: -2, widening: 3) < -1)
    let negative = Prior(low: -5, central: -2, high: -1)
    #expect(negative.value(atNormal: 5, widening: 3) < 0)
    #expect(negative.value(atNormal: -2, widening: 1) == -prior.value(atNormal: 2, widening: 1))
    #expect(Prior(low: 4, central: 4, high: 4).value(atNormal: 2.5, widening: 2) == 4)
  }

  /// The distribution function of Student's t undoes the expansion, within its error.
  @Test(arguments: [-2.5, -1.5, -0.5, 0.25, 1.0, 2.0, 2.5])
  func tailsAreStudentsWithFiveDegrees(z: Double) {
    let unit = Prior(low: -0.7266868438, central: 0, high: 0.7266868438)
    let t = unit.value(atNormal: z, widening: 1)
    let error = abs(Distributions.studentTCDF(t, degreesOfFreedom: 5) - Distributions.normalCDF(z))
    #expect(error < 1e-3)
  }

  @Test func wideningByGrade() throws {
    let rules = try ShippedModel.get().catalog.grades
    #expect(rules.widening(.a) == 1.1)
    #expect(rules.widening(.p) == 1)
    #expect(rules.widening(.d) == 1.5)
    #expect(Grade.allCases.sorted() == [.a, .b, .c, .p, .d])
  }
}
