import CSignals

/// Stopping on Ctrl-C (SIGINT) and on SIGTERM.
///
/// The first signal only sets a flag: long work looks at ``isRequested`` between blocks, or calls ``check()``, and
/// unwinds. A second signal removes the temporary files and leaves at once with the exit code `128 + signal`.
///
///     Interruption.install()
///     for block in blocks {
///       try Interruption.check()
///       ...
///     }
public enum Interruption {
  /// Thrown by ``check()`` after a signal.
  public struct Requested: Error, Sendable, Equatable, CustomStringConvertible {
    public var signal: Int32
    public init(signal: Int32) { self.signal = signal }
    public var exitCode: Int32 { 128 + signal }
    public var description: String { "interrupted" }
  }

  /// Catches both signals from now on. A signal that the parent process had set to be ignored (as `nohup` does) stays
  /// ignored.
  public static func install() { csignals_install() }

  /// Whether a signal has arrived; costs one atomic load.
  public static var isRequested: Bool { csignals_pending() != 0 }

  /// The signal that arrived first, if any.
  public static var signal: Int32? {
    let signal = csignals_pending()
    return signal == 0 ? nil : signal
  }

  /// The exit code to leave with: 130 after SIGINT, 143 after SIGTERM, nil if no signal arrived.
  public static var exitCode: Int32? { signal.map { 128 + $0 } }

  /// Throws if a signal has arrived.
  public static func check() throws(Requested) {
    if let signal { throw Requested(signal: signal) }
  }

  /// Forgets the signal: for a server that goes on after an interrupted run, and for tests.
  public static func reset() { csignals_reset() }
}

/// Makes a write to a closed pipe report an error instead of ending the process. Call once, early in the command.
///
/// Programs started by this process are not affected.
public func ignoreClosedPipes() { csignals_ignore_closed_pipes() }
