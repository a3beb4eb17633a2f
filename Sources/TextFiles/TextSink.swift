/// Where text goes: standard output, a file, or memory.
public protocol TextSink: AnyObject {
  func write(_ bytes: UnsafeBufferPointer<UInt8>) throws
}

extension TextSink {
  public func write(_ text: String) throws {
    var text = text
    try text.withUTF8 { try write($0) }
  }

  public func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBufferPointer { try write($0) }
  }
}
