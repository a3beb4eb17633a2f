import CSignals

/// The register of files that must not outlive an interrupted run.
///
/// At most 64 files at a time with paths up to 4095 bytes, in fixed buffers, so that a signal handler may remove them.
public enum TemporaryFiles {
  /// A remembered file.
  public struct Ticket: Sendable, Equatable {
    fileprivate var slot: Int32
  }

  /// Remembers a file. When the register is full the file is simply not removed by a second signal.
  public static func remember(_ path: String) -> Ticket { Ticket(slot: csignals_remember_file(path)) }

  /// Forgets a file, because it has been renamed or removed.
  public static func forget(_ ticket: Ticket) { csignals_forget_file(ticket.slot) }

  /// Removes every remembered file; safe to call from a signal handler.
  public static func removeAll() { csignals_remove_files() }
}
