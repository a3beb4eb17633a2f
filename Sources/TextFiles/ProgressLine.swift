import Glibc

/// A line on standard error that tells how far long work has come.
///
/// It is shown only if standard error is a terminal and the work has lasted a second, redrawn ten times a second at
/// most, and erased by ``finish()``. Calls cost a look at the clock, so that a loop may call it for every block. Use it
/// from one thread.
public struct ProgressLine {
  private let isEnabled: Bool
  private let start: ContinuousClock.Instant
  private var lastDrawn: ContinuousClock.Instant?

  /// `isEnabled: false` for `--quiet`.
  public init(isEnabled: Bool = true) {
    self.isEnabled = isEnabled && Terminal.isErrorTerminal
    start = .now
  }

  /// Shows a text, cut to the terminal.
  public mutating func update(_ text: @autoclosure () -> String) {
    guard isEnabled else { return }
    let now = ContinuousClock.now
    guard now - start > .seconds(1) else { return }
    if let lastDrawn, now - lastDrawn < .milliseconds(100) { return }
    lastDrawn = now
    put("\r" + DisplayWidth.truncated(text(), to: Terminal.width - 1) + "\u{1B}[K")
  }

  /// Erases the line; call it before anything else is written to the terminal.
  public mutating func finish() {
    guard lastDrawn != nil else { return }
    lastDrawn = nil
    put("\r\u{1B}[K")
  }

  private func put(_ text: String) {
    var text = text
    text.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
