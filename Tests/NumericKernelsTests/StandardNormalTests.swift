import NumericKernels
import ReferenceValues
import Testing

/// Against mpmath with 40 digits: `Tests/Fixtures/standard_normal.json`.
@Suite struct StandardNormalTests {
  private struct Fixture: Decodable {
    let z: [Double]
    let cumulative: [Double]
  }

  @Test func theTailIsPreciseEverywhere() throws {
    let fixture = try ReferenceFile.decode(Fixture.self, from: "standard_normal.json")
    #expect(fixture.z.count == fixture.cumulative.count && fixture.z.count > 300)
    for (z, expected) in zip(fixture.z, fixture.cumulative) {
      #expect(relativeDistance(StandardNormal.cumulative(z), expected) < 1e-14, "at \(z)")
    }
  }

  @Test func ends() {
    #expect(StandardNormal.cumulative(0) == 0.5)
    #expect(StandardNormal.cumulative(.infinity) == 1 && StandardNormal.cumulative(-.infinity) == 0)
    #expect(StandardNormal.cumulative(.nan).isNaN)
    // Symmetric, and rising across the places where the approximation changes.
    for z in [0.3, 0.67448975, 1, 3, 5.65685424949238] {
      #expect(abs(StandardNormal.cumulative(z) + StandardNormal.cumulative(-z) - 1) < 1e-15)
      #expect(StandardNormal.cumulative(-z.nextUp) <= StandardNormal.cumulative(-z) * (1 + 1e-15))
    }
  }
}
