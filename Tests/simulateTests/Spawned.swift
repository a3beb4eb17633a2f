import Foundation
import Testing

/// The command as users run it: the built binary in a process of its own.
///
/// Signals are reset to their defaults and unblocked (a test's thread may block some), standard input is empty, and
/// output goes to files, so that no pipe of one process is held open by another.
struct Spawned {
  /// How a process ended and what it wrote.
  struct Outcome {
    /// The exit code; nil if a signal ended the process.
    var code: Int32?
    var signal: Int32?
    var bytes: [UInt8]
    var errors: String
    var text: String { String(decoding: bytes, as: UTF8.self) }
    var lines: [String] { text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
  }

  let process: pid_t
  private let folder: TemporaryFolder

  /// The binary beside the test's own executable.
  static let binary: String = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    let products = URL(fileURLWithPath: own).deletingLastPathComponent()
    return products.appendingPathComponent("simulate").path
  }()

  /// The folder of the package.
  static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  static let modelFolder = package + "/notebooks-data"

  /// An environment that says nothing about language, terminal or model.
  static let cleanEnvironment = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"]

  /// Starts a process.
  ///
  /// - Parameter output: a path for standard output; a file to be read later when nil.
  init(
    _ executable: String, _ arguments: [String], environment: [String: String], directory: String,
    output: String? = nil
  ) throws {
    folder = try TemporaryFolder()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let create = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(
      &actions, 1, output ?? folder.path + "/out", output == nil ? create : O_WRONLY, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, folder.path + "/err", create, 0o600)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGINT, SIGTERM, SIGPIPE] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    // The ledger goes beside the output unless the test says where: never into the home of who runs the tests.
    var environment = environment
    if environment["XDG_STATE_HOME"] == nil { environment["XDG_STATE_HOME"] = folder.path + "/state" }
    // `env` changes the folder and becomes the program.
    let words = ["env", "-C", directory, executable] + arguments
    var pointers = words.map { strdup($0) } + [nil]
    var variables = environment.sorted { $0.key < $1.key }.map { strdup($0.key + "=" + $0.value) } + [nil]
    defer { for text in pointers + variables { free(text) } }
    var identifier: pid_t = 0
    let error = posix_spawn(&identifier, "/usr/bin/env", &actions, &attributes, &pointers, &variables)
    try #require(error == 0, "cannot start \(executable): error \(error)")
    process = identifier
  }

  /// Waits for the end; a process that takes longer than `timeout` seconds is killed and the test fails.
  func wait(timeout: Double = 120) throws -> Outcome {
    let end = ContinuousClock.now + .seconds(timeout)
    var status: Int32 = 0
    var isLate = false
    while waitpid(process, &status, isLate ? 0 : WNOHANG) == 0 {
      if ContinuousClock.now > end {
        isLate = true
        kill(process, SIGKILL)
      }
      usleep(2000)
    }
    try #require(!isLate, "the process took longer than \(timeout) s")
    let signal = status & 0x7f
    let output = FileManager.default.contents(atPath: folder.path + "/out") ?? Data()
    let errors = FileManager.default.contents(atPath: folder.path + "/err") ?? Data()
    return Outcome(
      code: signal == 0 ? (status >> 8) & 0xff : nil, signal: signal == 0 ? nil : signal, bytes: Array(output),
      errors: String(decoding: errors, as: UTF8.self))
  }
}

/// Runs `simulate` to its end.
///
/// - Parameters:
///   - environment: added to a clean environment.
///   - directory: the working directory; the package's folder when nil.
func simulate(
  _ arguments: [String], environment: [String: String] = [:], in directory: String? = nil, output: String? = nil
) throws -> Spawned.Outcome {
  try Spawned(
    Spawned.binary, arguments,
    environment: Spawned.cleanEnvironment.merging(environment) { $1 }, directory: directory ?? Spawned.package,
    output: output
  ).wait()
}

/// Runs a line of the shell in which `$simulate` is the binary.
func shell(_ line: String, environment: [String: String] = [:], in directory: String? = nil) throws -> Spawned.Outcome {
  var environment = Spawned.cleanEnvironment.merging(environment) { $1 }
  environment["simulate"] = Spawned.binary
  return try Spawned(
    "/bin/bash", ["-c", line], environment: environment, directory: directory ?? Spawned.package
  ).wait()
}
