import NumericKernels
import ReferenceValues
import Testing

@Suite struct PhiloxTests {
  /// Known answers published with Random123 (kat_vectors, philox4x32 10 rounds).
  @Test func knownAnswers() {
    let zero = Philox4x32.block(counter: (0, 0, 0, 0), key: (0, 0))
    #expect(zero == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let ones = Philox4x32.block(counter: (.max, .max, .max, .max), key: (.max, .max))
    #expect(ones == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    let pi = Philox4x32.block(
      counter: (0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: (0xa409_3822, 0x299f_31d0))
    #expect(pi == (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  /// Published and derived vectors of ten rounds: `Tests/Fixtures/philox.json`.
  @Test func vectorsOfTheFixture() throws {
    let fixture = try ReferenceTree("philox").root
    var compared = 0
    for vector in fixture["published"].list + fixture["derived"].list where vector["rounds"].number == 10 {
      func words(_ key: String) -> [UInt32] { vector[key].list.compactMap { UInt32($0.text, radix: 16) } }
      let (counter, key, output) = (words("counter"), words("key"), words("output"))
      try #require(counter.count == 4 && key.count == 2 && output.count == 4)
      let found = Philox4x32.block(counter: (counter[0], counter[1], counter[2], counter[3]), key: (key[0], key[1]))
      #expect([found.0, found.1, found.2, found.3] == output)
      compared += 1
    }
    #expect(compared == 13)
  }
}
