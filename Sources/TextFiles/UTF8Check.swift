/// Looks for bytes that are not UTF-8.
enum UTF8Check {
  /// The index of the first byte that does not belong to well-formed UTF-8 (overlong forms, surrogates and values
  /// beyond U+10FFFF are refused too), or nil.
  static func firstInvalid(_ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>) -> Int? {
    var index = range.lowerBound
    while index < range.upperBound {
      let first = bytes[index]
      if first < 0x80 {
        index += 1
        continue
      }
      let (length, lowest, highest): (Int, UInt8, UInt8)
      switch first {
      case 0xC2...0xDF: (length, lowest, highest) = (2, 0x80, 0xBF)
      case 0xE0: (length, lowest, highest) = (3, 0xA0, 0xBF)
      case 0xED: (length, lowest, highest) = (3, 0x80, 0x9F)
      case 0xE1...0xEF: (length, lowest, highest) = (3, 0x80, 0xBF)
      case 0xF0: (length, lowest, highest) = (4, 0x90, 0xBF)
      case 0xF1...0xF3: (length, lowest, highest) = (4, 0x80, 0xBF)
      case 0xF4: (length, lowest, highest) = (4, 0x80, 0x8F)
      default: return index
      }
      guard index + length <= range.upperBound, (lowest...highest).contains(bytes[index + 1]) else { return index }
      for offset in 2..<max(length, 2) where bytes[index + offset] & 0xC0 != 0x80 { return index }
      index += length
    }
    return nil
  }
}
