import Testing
import TextFiles

@Suite struct DiagnosticTests {
  @Test func descriptionNamesPlaceProblemAndRemedy() {
    let diagnostic = Diagnostic(
      .badData, code: "unknown_id", at: SourceLocation(file: "a.yaml", line: 3, column: 5), "no lever 'x'",
      hint: "try 'y'")
    #expect(diagnostic.description == "a.yaml:3:5: no lever 'x'; try 'y'")
  }
}
