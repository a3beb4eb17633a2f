import CZlib
import Foundation

/// Bytes packed with zlib.
enum Deflated {
  /// Level 1: twice as fast as level 3 and hardly larger on these tables.
  static func pack(_ bytes: [UInt8]) -> Data? {
    var packed = [UInt8](repeating: 0, count: Int(compressBound(UInt(bytes.count))))
    var length = UInt(packed.count)
    guard compress2(&packed, &length, bytes, UInt(bytes.count), 1) == Z_OK else { return nil }
    return Data(packed.prefix(Int(length)))
  }

  /// Nil if the bytes are damaged or do not give exactly `size` bytes.
  static func unpack(_ packed: Data, size: Int) -> [UInt8]? {
    guard size >= 0, size < 1 << 31 else { return nil }
    // One byte more than expected, so that a longer content is noticed (and an empty one has an address).
    var bytes = [UInt8](repeating: 0, count: size + 1)
    var length = UInt(bytes.count)
    guard uncompress(&bytes, &length, Array(packed), UInt(packed.count)) == Z_OK, length == UInt(size) else {
      return nil
    }
    bytes.removeLast()
    return bytes
  }
}
