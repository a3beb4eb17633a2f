import Testing
import TextFiles

@Suite struct DiagnosticCollectorTests {
  let problem = Diagnostic(.badData, code: "x", at: SourceLocation(file: "f", line: 1), "wrong")

  @Test func attemptsGatherProblems() throws {
    var problems = DiagnosticCollector(limit: 2)
    try problems.throwIfAny()
    #expect(problems.attempt { () throws(Diagnostic) in 1 } == 1)
    for _ in 0..<3 {
      let none = problems.attempt { () throws(Diagnostic) -> Int in throw problem }
      #expect(none == nil)
    }
    #expect(problems.count == 3 && problems.omitted == 1)
    let error = #expect(throws: DiagnosticList.self) { try problems.throwIfAny() }
    #expect(error?.description == "f:1: wrong\nf:1: wrong\nf: and 1 more")
  }

  @Test func collectorsJoin() {
    var first = DiagnosticCollector(limit: 2)
    var second = DiagnosticCollector(limit: 1)
    second.add(problem)
    second.add(problem)
    first.add(DiagnosticList([problem]))
    first.add(second)
    #expect(first.count == 3)
    #expect(first.diagnostics.count == 2)
  }
}
