import Glibc

/// The one writer for everything the toolkit puts out: standard output or a file, buffered (64 kB), every error
/// reported.
///
/// A file is written beside its target under a temporary name and takes its place only in ``commit()``, after the data
/// have reached the disk: there is never a half-written file. Without a commit (an error, an interruption) the
/// temporary file is removed and a file that was there before stays as it was. A symbolic link to a file is followed;
/// the permissions of a replaced file are kept; a device or a named pipe is written directly.
///
///     let output = try CheckedOutput(path: "result.csv")   // "-" is standard output
///     try output.write("a,b\n")
///     try output.commit()
///
/// Errors: ``ClosedPipe`` when the reader has gone away, ``Interruption/Requested`` when a blocked write was
/// interrupted, else a ``Diagnostic`` of kind `cannotWrite` that names the path, the reason and the remedy.
public final class CheckedOutput: TextSink {
  /// The program that reads our output has gone away; the command ends quietly.
  public struct ClosedPipe: Error, Sendable, Equatable {
    public init() {}
  }

  private enum Target {
    case standardOutput
    case direct
    case file(temporary: String, final: String, ticket: TemporaryFiles.Ticket)
  }

  /// The name for messages: the path, or `standard output`.
  public let name: String
  private var descriptor: Int32
  private var target: Target
  private var buffer: [UInt8] = []
  private var isOpen = true
  private var hasFailed = false

  /// Opens the target: `-`, an empty or nil path is standard output.
  public init(path: String?) throws(Diagnostic) {
    guard let path, !path.isEmpty, path != "-", path != "/dev/stdout", path != "/dev/fd/1" else {
      name = "standard output"
      descriptor = STDOUT_FILENO
      target = .standardOutput
      buffer.reserveCapacity(Self.capacity)
      return
    }
    name = path
    (descriptor, target) = try Self.open(path)
    buffer.reserveCapacity(Self.capacity)
  }

  deinit { discard() }

  public func write(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    guard isOpen else { throw closed() }
    if buffer.count + bytes.count <= Self.capacity {
      buffer.append(contentsOf: bytes)
      return
    }
    try flush()
    if bytes.count < Self.capacity {
      buffer.append(contentsOf: bytes)
    } else {
      try send(bytes)
    }
  }

  /// Hands what is buffered to the system, as for a progress of long output.
  public func flush() throws {
    guard isOpen else { throw closed() }
    guard !buffer.isEmpty else { return }
    let pending = buffer
    buffer.removeAll(keepingCapacity: true)
    try pending.withUnsafeBufferPointer { try send($0) }
  }

  /// Writes the rest, waits until it is safe and puts the file in its place. Call it once, when everything went well.
  public func commit() throws {
    try flush()
    isOpen = false
    switch target {
    case .standardOutput:
      // Closing a copy brings out the errors that some file systems keep until then.
      let copy = dup(descriptor)
      if copy >= 0, close(copy) != 0 { throw failure(errno) }
    case .direct:
      if close(descriptor) != 0 { throw failure(errno) }
    case .file(let temporary, let final, let ticket):
      try finish(temporary, final, ticket)
    }
  }

  /// Drops the output: the temporary file is removed. Does nothing after a commit; what already went to standard output
  /// stays there.
  public func discard() {
    guard isOpen else { return }
    isOpen = false
    buffer.removeAll()
    switch target {
    case .standardOutput: break
    case .direct: close(descriptor)
    case .file(let temporary, _, let ticket):
      close(descriptor)
      unlink(temporary)
      TemporaryFiles.forget(ticket)
    }
  }

  private static let capacity = 1 << 16
}

// MARK: - Opening and closing

extension CheckedOutput {
  private static func open(_ path: String) throws(Diagnostic) -> (Int32, Target) {
    var status = stat()
    var final = path
    var mode: mode_t?
    if stat(path, &status) == 0 {
      let kind = status.st_mode & S_IFMT
      if kind == S_IFDIR {
        throw Diagnostic(
          .cannotWrite, code: "is_directory", at: SourceLocation(file: path), "cannot write, this is a directory",
          hint: "name a file in it")
      }
      guard access(path, W_OK) == 0 else { throw failure(path, errno) }
      if kind != S_IFREG {
        let descriptor = Glibc.open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, errno) }
        return (descriptor, .direct)
      }
      mode = status.st_mode & 0o7777
      if let resolved = realpath(path, nil) {
        final = String(cString: resolved)
        free(resolved)
      }
    } else if errno != ENOENT {
      throw failure(path, errno)
    } else if path.hasSuffix("/") {
      throw failure(path, EISDIR)
    }
    let folder = final.lastIndex(of: "/").map { String(final[...$0]) } ?? ""
    for attempt in 0..<1000 {
      let temporary = "\(folder).partial-\(getpid())-\(attempt)"
      let ticket = TemporaryFiles.remember(temporary)
      let descriptor = Glibc.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 {
        if let mode { fchmod(descriptor, mode) }
        return (descriptor, .file(temporary: temporary, final: final, ticket: ticket))
      }
      let number = errno
      TemporaryFiles.forget(ticket)
      if number != EEXIST { throw failure(path, number) }
    }
    throw failure(path, EEXIST)
  }

  private func finish(_ temporary: String, _ final: String, _ ticket: TemporaryFiles.Ticket) throws {
    defer { TemporaryFiles.forget(ticket) }
    if fsync(descriptor) != 0, errno != EINVAL, errno != ENOTSUP, errno != EROFS {
      let number = errno
      close(descriptor)
      unlink(temporary)
      throw failure(number)
    }
    if close(descriptor) != 0 {
      let number = errno
      unlink(temporary)
      throw failure(number)
    }
    if rename(temporary, final) != 0 {
      let number = errno
      unlink(temporary)
      throw failure(number)
    }
    // The name itself is safe only once the folder is; where a folder cannot be synchronised nothing is lost but that.
    let folder = final.lastIndex(of: "/").map { String(final[...$0]) } ?? "."
    let directory = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if directory >= 0 {
      fsync(directory)
      close(directory)
    }
  }
}

// MARK: - Writing and errors

extension CheckedOutput {
  private func send(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    guard !hasFailed else { throw closed() }
    var sent = 0
    while sent < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent)
      if count >= 0 {
        sent += count
        // A signal cuts a blocked write short: the next one would block again.
        if sent < bytes.count { try stopIfInterrupted() }
        continue
      }
      let number = errno
      switch number {
      case EINTR: try stopIfInterrupted()
      case EAGAIN:
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&waiting, 1, 1000)
      default:
        hasFailed = true
        throw number == EPIPE ? ClosedPipe() : failure(number)
      }
    }
  }

  private func stopIfInterrupted() throws {
    do { try Interruption.check() } catch {
      hasFailed = true
      throw error
    }
  }

  private func failure(_ number: Int32) -> any Error { Self.failure(name, number) }

  private func closed() -> any Error {
    Diagnostic(
      .internalError, code: "output_closed", at: SourceLocation(file: name), "written to after the output was closed")
  }

  private static func failure(_ name: String, _ number: Int32) -> Diagnostic {
    let hint: String? =
      switch number {
      case ENOSPC, EDQUOT: "free some space or choose another place with --output"
      case ENOENT, ENOTDIR: "create the folder first"
      case EACCES, EPERM, EROFS: "choose a place that you may write to"
      case EISDIR: "name a file in it"
      case ENAMETOOLONG: "choose a shorter name"
      default: nil
      }
    let code = number == ENOSPC || number == EDQUOT ? "disk_full" : "cannot_write"
    return Diagnostic(
      .cannotWrite, code: code, at: SourceLocation(file: name), "cannot write (\(SystemError.text(number)))", hint: hint
    )
  }
}
