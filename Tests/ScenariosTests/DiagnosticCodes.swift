import TextFiles

/// The codes of the problems in an error, in order; empty if it is of another kind.
func diagnosticCodes(_ error: any Error) -> [String] { (error as? DiagnosticList)?.diagnostics.map(\.code) ?? [] }
