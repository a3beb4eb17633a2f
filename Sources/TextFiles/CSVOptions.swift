/// How a CSV file is read.
public struct CSVOptions: Sendable {
  public var delimiter: UInt8
  /// The longest field accepted; a longer one is most often a quote that is never closed.
  public var maximumFieldBytes: Int
  /// The longest record accepted, and so the bound of the memory a reader takes.
  public var maximumRecordBytes: Int
  /// The most bytes that ``CSVTable`` takes into memory.
  public var maximumTableBytes: Int

  public init(
    delimiter: UInt8 = UInt8(ascii: ","), maximumFieldBytes: Int = 1 << 20, maximumRecordBytes: Int = 1 << 24,
    maximumTableBytes: Int = 1 << 30
  ) {
    self.delimiter = delimiter
    self.maximumFieldBytes = max(maximumFieldBytes, 1)
    self.maximumRecordBytes = max(maximumRecordBytes, 1024)
    self.maximumTableBytes = min(max(maximumTableBytes, 1), 1 << 31)
  }
}
