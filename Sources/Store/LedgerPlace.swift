import TextFiles

/// Where the ledger is kept: `$XDG_STATE_HOME/simulate/ledger.sqlite`, else `~/.local/state/simulate/ledger.sqlite`.
public enum LedgerPlace {
  /// Whether `SIMULATE_LEDGER` switches the ledger off (`off`, `no`, `0`).
  public static func isSwitchedOff(_ environment: [String: String]) -> Bool {
    ["off", "no", "0"].contains((environment["SIMULATE_LEDGER"] ?? "").lowercased())
  }

  /// The path of the ledger's file. A relative `XDG_STATE_HOME` does not count, as its specification demands.
  ///
  /// - Throws: a ``Diagnostic`` when neither variable says where.
  public static func path(_ environment: [String: String]) throws(Diagnostic) -> String {
    if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return state + "/simulate/ledger.sqlite" }
    if let home = environment["HOME"], home.hasPrefix("/") { return home + "/.local/state/simulate/ledger.sqlite" }
    throw Diagnostic(
      .cannotWrite, code: "no_state_folder", "there is no folder for the ledger: HOME and XDG_STATE_HOME are not set",
      hint: "set one of them")
  }
}
