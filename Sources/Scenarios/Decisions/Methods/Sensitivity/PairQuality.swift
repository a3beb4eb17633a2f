/// How evenly the first 2^m points of two dimensions of Sobol's sequence fill their square.
///
/// The measure is t of a (t, m, 2)-net: every rectangle of area 2^(t - m) made of halves of halves holds exactly 2^t
/// points, so 0 is best and m says nothing. Scrambling does not change it. Found from the rank of the first rows of
/// both generator matrices. Source: Niederreiter, Random Number Generation and Quasi-Monte Carlo Methods (1992),
/// chapter 4.
enum PairQuality {
  /// For each of the first `inputs` dimensions another one of small t: the first free one with t of at most 1, else
  /// the best of all.
  static func partners(inputs: Int, bits: Int) -> [Int] {
    let rows = SobolDirections.all.map { generatorRows($0, bits) }
    var free = Array(inputs..<rows.count)
    var result: [Int] = []
    for input in 0..<inputs {
      var best: (place: Int, t: Int)?
      for (place, candidate) in free.enumerated() {
        let t = t(rows[input], rows[candidate], bits)
        if t < best?.t ?? .max { best = (place, t) }
        if t <= 1 { break }
      }
      if let best { result.append(free.remove(at: best.place)) }
    }
    return result
  }

  /// Row r holds the bits of the point's number that enter its digit r.
  static func generatorRows(_ directions: [UInt32], _ bits: Int) -> [UInt32] {
    (0..<bits).map { row in
      var word: UInt32 = 0
      for column in 0..<bits where directions[column] >> UInt32(31 - row) & 1 == 1 { word |= 1 << UInt32(column) }
      return word
    }
  }

  static func t(_ first: [UInt32], _ second: [UInt32], _ bits: Int) -> Int {
    var independent = bits
    for count in 0...bits {
      var basis = [UInt32](repeating: 0, count: 32)
      for row in first.prefix(count) { _ = add(row, to: &basis) }
      var added = 0
      while count + added < independent, add(second[added], to: &basis) { added += 1 }
      independent = min(independent, count + added)
    }
    return bits - independent
  }

  /// False if the row depends on those before.
  private static func add(_ row: UInt32, to basis: inout [UInt32]) -> Bool {
    var rest = row
    while rest != 0 {
      let lead = 31 - rest.leadingZeroBitCount
      if basis[lead] == 0 {
        basis[lead] = rest
        return true
      }
      rest ^= basis[lead]
    }
    return false
  }
}
