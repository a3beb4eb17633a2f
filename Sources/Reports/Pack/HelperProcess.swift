import Foundation
import TextFiles

/// A program at work beside us: what it is given to read, and how it ended.
final class HelperProcess {
  enum Problem: Error {
    case missing(String)
    case failed(String)
  }

  private let process = Process()
  private let input = Pipe()
  private let log: String

  /// Starts a program; what it says goes to a file in the folder `log`.
  init(_ program: String, _ arguments: [String], log: String, folder: String? = nil) throws {
    self.log = log
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    var environment = ProcessInfo.processInfo.environment
    // Dates in documents are the same in every run; no code is left beside the script.
    environment["SOURCE_DATE_EPOCH"] = "1735689600"
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    environment["PYTHONUTF8"] = "1"
    process.environment = environment
    guard FileManager.default.createFile(atPath: log, contents: nil),
      let handle = FileHandle(forWritingAtPath: log)
    else { throw Problem.failed("its messages cannot be written") }
    process.standardInput = input
    process.standardOutput = handle
    process.standardError = handle
    do { try process.run() } catch {
      try? FileManager.default.removeItem(atPath: log)
      throw Problem.missing(program)
    }
    try? handle.close()
  }

  deinit { stop() }

  /// Hands it a line of work; a program that has ended already is found out by ``finish()``.
  func send(_ line: String) { try? input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8)) }

  /// Waits for its end. An interruption ends it.
  ///
  /// - Throws: ``Problem``, or ``Interruption/Requested``.
  func finish() throws {
    try? input.fileHandleForWriting.close()
    while process.isRunning {
      if Interruption.isRequested { process.terminate() }
      usleep(4000)
    }
    let text = FileManager.default.contents(atPath: log).map { String(decoding: $0, as: UTF8.self) } ?? ""
    try? FileManager.default.removeItem(atPath: log)
    try Interruption.check()
    let lastLine = text.split(separator: "\n").last.map(String.init) ?? ""
    switch process.terminationStatus {
    case 0: return
    case 3: throw Problem.missing(lastLine)
    default: throw Problem.failed(lastLine.isEmpty ? "exit code \(process.terminationStatus)" : lastLine)
    }
  }

  /// Ends it without waiting for work.
  func stop() {
    try? input.fileHandleForWriting.close()
    if process.isRunning {
      process.terminate()
      process.waitUntilExit()
    }
    try? FileManager.default.removeItem(atPath: log)
  }
}
