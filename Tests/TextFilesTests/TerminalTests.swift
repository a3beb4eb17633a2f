import Testing
import TextFiles

@Suite struct TerminalTests {
  @Test func theWidthIsSensible() {
    #expect((20...10_000).contains(Terminal.width))
  }

  @Test func progressIsSilentWhenSwitchedOff() {
    var progress = ProgressLine(isEnabled: false)
    var wasAsked = false
    progress.update(
      {
        wasAsked = true
        return "x"
      }())
    progress.finish()
    #expect(!wasAsked)
  }
}
