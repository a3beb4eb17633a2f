/// A 64-bit hash that is the same in every process, version and machine: FNV-1a over bytes, finished with the SplitMix64 mixer.
///
/// Not for security; it addresses random streams and names runs. Strings are hashed as UTF-8 followed by their length, so
/// `["ab", "c"]` and `["a", "bc"]` differ.
public struct StableHash: Sendable {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  public init() {}

  public mutating func combine(byte: UInt8) {
    state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
  }

  public mutating func combine<Bytes: Sequence>(bytes: Bytes) where Bytes.Element == UInt8 {
    for byte in bytes { combine(byte: byte) }
  }

  /// Combines a long buffer, eight bytes at a time (little-endian, the last word filled with zeros), then its length.
  public mutating func combine(buffer: UnsafeRawBufferPointer) {
    var index = 0
    while index + 8 <= buffer.count {
      let word = UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      state = (state ^ word) &* 0x0000_0100_0000_01b3
      // The multiplication moves bits only upwards: without this the high bytes of a word would hardly count.
      state ^= state >> 29
      index += 8
    }
    var rest: UInt64 = 0
    for (position, byte) in buffer[index...].enumerated() { rest |= UInt64(byte) << UInt64(8 * position) }
    combine(rest)
    combine(UInt64(buffer.count))
  }

  public mutating func combine(_ number: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) { combine(byte: UInt8(truncatingIfNeeded: number >> UInt64(shift))) }
  }

  public mutating func combine(_ text: String) {
    combine(bytes: text.utf8)
    combine(UInt64(text.utf8.count))
  }

  /// The hash of everything combined so far.
  public var value: UInt64 {
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
