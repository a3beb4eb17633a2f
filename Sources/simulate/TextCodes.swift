/// Distinct texts with a number each, found by their bytes: no string is made for a text that was seen before.
struct TextCodes {
  private var pool: [UInt8] = []
  private var ends: [Int] = []
  private var slots = [Int32](repeating: -1, count: 64)

  var texts: [String] { ends.indices.map(text) }
  var count: Int { ends.count }

  func text(_ code: Int) -> String {
    String(decoding: pool[(code == 0 ? 0 : ends[code - 1])..<ends[code]], as: UTF8.self)
  }

  /// The number of a text without the spaces around it; -1 for an empty one.
  mutating func code(_ field: UnsafeBufferPointer<UInt8>) -> Int32 {
    var bytes = field[...]
    while let first = bytes.first, first == 0x20 || first == 0x09 { bytes = bytes.dropFirst() }
    while let last = bytes.last, last == 0x20 || last == 0x09 { bytes = bytes.dropLast() }
    if bytes.isEmpty { return -1 }
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    var slot = Int(truncatingIfNeeded: hash ^ (hash >> 32)) & (slots.count - 1)
    while slots[slot] >= 0 {
      let code = Int(slots[slot])
      if pool[(code == 0 ? 0 : ends[code - 1])..<ends[code]].elementsEqual(bytes) { return Int32(code) }
      slot = (slot + 1) & (slots.count - 1)
    }
    let code = Int32(ends.count)
    pool.append(contentsOf: bytes)
    ends.append(pool.count)
    slots[slot] = code
    if 2 * ends.count > slots.count { grow() }
    return code
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: 2 * slots.count)
    for code in ends.indices {
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      for byte in pool[(code == 0 ? 0 : ends[code - 1])..<ends[code]] {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
      }
      var slot = Int(truncatingIfNeeded: hash ^ (hash >> 32)) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(code)
    }
  }
}
