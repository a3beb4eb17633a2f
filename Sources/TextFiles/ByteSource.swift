import CZlib
import Glibc

/// The bytes of a file or of standard input, unpacked if they are gzip; read in chunks.
final class ByteSource {
  private let descriptor: Int32
  private let closesDescriptor: Bool
  private let file: String
  private var stream: UnsafeMutablePointer<z_stream>?
  private var input: [UInt8]
  private var inputStart = 0
  private var inputEnd = 0
  private var reachedEnd = false
  private var isBetweenMembers = false
  private var packedBytesRead = 0

  /// Opens a file, or standard input for `-`.
  init(path: String) throws(Diagnostic) {
    file = path == "-" ? "standard input" : path
    input = []
    if path == "-" {
      descriptor = STDIN_FILENO
      closesDescriptor = false
    } else {
      let opened = open(path, O_RDONLY | O_CLOEXEC)
      guard opened >= 0 else { throw InputProblem.cannotOpen(path, errno) }
      descriptor = opened
      closesDescriptor = true
      var status = stat()
      if fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
        throw InputProblem.isDirectory(path)
      }
    }
    input = [UInt8](repeating: 0, count: 1 << 16)
    while inputEnd < 2 {
      let count = try readRaw(at: inputEnd)
      if count == 0 { break }
      inputEnd += count
    }
    guard inputEnd >= 2, input[0] == 0x1F, input[1] == 0x8B else { return }
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard czlib_inflate_gzip_init(stream) == Z_OK else {
      stream.deallocate()
      throw Diagnostic(
        .internalError, code: "gzip_memory", at: SourceLocation(file: file), "cannot start unpacking gzip")
    }
    self.stream = stream
  }

  /// Bytes that are in memory already, plain.
  init(bytes: [UInt8], name: String) {
    file = name
    descriptor = -1
    closesDescriptor = false
    input = bytes
    inputEnd = bytes.count
    reachedEnd = true
  }

  deinit {
    if let stream {
      inflateEnd(stream)
      stream.deallocate()
    }
    if closesDescriptor { close(descriptor) }
  }

  /// Fills `bytes[from...]` as far as it can; returns the number of bytes, 0 only at the end.
  func read(into bytes: inout [UInt8], from: Int) throws(Diagnostic) -> Int {
    var filled = from
    while filled < bytes.count {
      let count = try stream == nil ? readPlain(into: &bytes, from: filled) : inflate(into: &bytes, from: filled)
      if count == 0 { break }
      filled += count
    }
    return filled - from
  }

  private func readPlain(into bytes: inout [UInt8], from: Int) throws(Diagnostic) -> Int {
    if inputStart < inputEnd {
      let count = min(inputEnd - inputStart, bytes.count - from)
      bytes.replaceSubrange(from..<from + count, with: input[inputStart..<inputStart + count])
      inputStart += count
      return count
    }
    return try readDescriptor(into: &bytes, from: from)
  }

  private func readRaw(at start: Int) throws(Diagnostic) -> Int {
    var buffer: [UInt8] = []
    swap(&buffer, &input)
    defer { swap(&buffer, &input) }
    return try readDescriptor(into: &buffer, from: start)
  }

  private func readDescriptor(into bytes: inout [UInt8], from: Int) throws(Diagnostic) -> Int {
    if reachedEnd { return 0 }
    while true {
      let count = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress.map { $0 + from }, buffer.count - from)
      }
      if count > 0 {
        packedBytesRead += count
        return count
      }
      if count == 0 {
        reachedEnd = true
        return 0
      }
      let number = errno
      if number == EINTR, !Interruption.isRequested { continue }
      if number == EINTR { throw InputProblem.interrupted(file) }
      if number == EAGAIN {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&waiting, 1, 1000)
        continue
      }
      throw InputProblem.cannotRead(file, number)
    }
  }

  private func inflate(into bytes: inout [UInt8], from: Int) throws(Diagnostic) -> Int {
    guard let stream else { return 0 }
    while true {
      if inputStart == inputEnd {
        inputStart = 0
        inputEnd = try readRaw(at: 0)
        if inputEnd == 0 {
          if isBetweenMembers { return 0 }
          throw InputProblem.gzip(
            file, "the gzip data end too early after \(packedBytesRead) bytes", "copy or download it again")
        }
      }
      if isBetweenMembers {
        // Zeros pad the end of some archives; anything else must be a further member.
        while inputStart < inputEnd, input[inputStart] == 0 { inputStart += 1 }
        if inputStart == inputEnd { continue }
        isBetweenMembers = false
      }
      let (status, consumed, produced) = inflateStep(stream, &bytes, from: from)
      inputStart += consumed
      switch status {
      case Z_STREAM_END:
        isBetweenMembers = true
        guard inflateReset(stream) == Z_OK else { throw InputProblem.gzip(file, "the gzip data are damaged", nil) }
      case Z_OK, Z_BUF_ERROR: break
      default:
        throw InputProblem.gzip(
          file, "the gzip data are damaged near byte \(packedBytesRead - (inputEnd - inputStart))",
          "copy or download it again")
      }
      if produced > 0 { return produced }
    }
  }

  private func inflateStep(
    _ stream: UnsafeMutablePointer<z_stream>, _ bytes: inout [UInt8], from: Int
  ) -> (status: Int32, consumed: Int, produced: Int) {
    let available = inputEnd - inputStart
    return input.withUnsafeMutableBufferPointer { source in
      bytes.withUnsafeMutableBufferPointer { target in
        stream.pointee.next_in = source.baseAddress.map { $0 + inputStart }
        stream.pointee.avail_in = UInt32(available)
        stream.pointee.next_out = target.baseAddress.map { $0 + from }
        stream.pointee.avail_out = UInt32(min(target.count - from, 1 << 30))
        let room = stream.pointee.avail_out
        let status = CZlib.inflate(stream, Z_NO_FLUSH)
        return (status, available - Int(stream.pointee.avail_in), Int(room - stream.pointee.avail_out))
      }
    }
  }
}
