import Glibc

/// What the command may assume about the terminal.
public enum Terminal {
  /// The columns of standard output: of the terminal, else `COLUMNS`, else 100. Never below 20.
  public static var width: Int {
    var size = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return max(Int(size.ws_col), 20) }
    if let columns = getenv("COLUMNS").flatMap({ Int(String(cString: $0)) }), columns > 0 {
      return min(max(columns, 20), 10_000)
    }
    return 100
  }

  public static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
  public static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}
