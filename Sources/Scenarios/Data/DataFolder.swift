import Foundation
import TextFiles

/// A folder with observations, evidence and a model: `notebooks-data` in the source tree, or a copy of it anywhere.
public struct DataFolder: Sendable, Equatable {
  public let path: String

  /// - Throws: ``DiagnosticList`` if the folder does not exist or holds no model.
  public init(path: String) throws {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
      throw DiagnosticList([
        Diagnostic(
          .missingInput, code: "no_model_folder", at: SourceLocation(file: path), "there is no such model folder",
          hint: "give one with --model DIR or SIMULATE_HOME")
      ])
    }
    guard FileManager.default.fileExists(atPath: path + "/model/model.yaml") else {
      throw DiagnosticList([
        Diagnostic(
          .missingInput, code: "no_model_folder", at: SourceLocation(file: path),
          "the folder holds no model/model.yaml", hint: "a model folder looks like notebooks-data")
      ])
    }
    self.path = path
  }

  /// The model folder by the usual order: the argument, `$SIMULATE_HOME`, `notebooks-data` here or in a folder above,
  /// `../share/simulate` beside the binary.
  public static func locate(
    argument: String?, environment: [String: String], workingDirectory: String, executable: String?
  ) throws -> DataFolder {
    if let argument { return try DataFolder(path: argument) }
    if let home = environment["SIMULATE_HOME"], !home.isEmpty { return try DataFolder(path: home) }
    var directory = workingDirectory
    while true {
      let candidate = (directory == "/" ? "" : directory) + "/notebooks-data"
      if FileManager.default.fileExists(atPath: candidate + "/model/model.yaml") {
        return try DataFolder(path: candidate)
      }
      guard directory != "/", let slash = directory.lastIndex(of: "/") else { break }
      directory = slash == directory.startIndex ? "/" : String(directory[..<slash])
    }
    if let executable {
      let resolved = URL(fileURLWithPath: executable).resolvingSymlinksInPath().deletingLastPathComponent()
      let candidate = resolved.deletingLastPathComponent().path + "/share/simulate"
      if FileManager.default.fileExists(atPath: candidate + "/model/model.yaml") {
        return try DataFolder(path: candidate)
      }
    }
    throw DiagnosticList([
      Diagnostic(
        .missingInput, code: "no_model_folder",
        "no model folder was found: none named notebooks-data here or above, and none beside the binary",
        hint: "give one with --model DIR or SIMULATE_HOME")
    ])
  }

  /// The model's YAML files in alphabetical order.
  func modelFiles() throws -> [String] { try files("model", suffix: ".yaml") }

  /// The observation files in alphabetical order.
  public func observationFiles() throws -> [String] { try files("observations", suffix: ".csv") }

  /// The scenario files shipped with the model, in alphabetical order.
  public func scenarioFiles() throws -> [String] { try files("scenarios", suffix: ".yaml") }

  private func files(_ name: String, suffix: String) throws -> [String] {
    let folder = path + "/" + name
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw DiagnosticList([
        Diagnostic(
          .missingInput, code: "missing_folder", at: SourceLocation(file: folder), "the folder cannot be read",
          hint: "restore it, or give another model folder with --model DIR")
      ])
    }
    return names.filter { $0.hasSuffix(suffix) && !$0.hasPrefix(".") }.sorted().map { folder + "/" + $0 }
  }
}

/// The bytes of a file.
///
/// - Throws: ``DiagnosticList`` if it is missing, a folder or unreadable.
func readFile(_ path: String) throws -> [UInt8] {
  var isDirectory: ObjCBool = false
  guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
    throw DiagnosticList([InputProblem.cannotOpen(path, ENOENT)])
  }
  guard !isDirectory.boolValue else { throw DiagnosticList([InputProblem.isDirectory(path)]) }
  guard let data = FileManager.default.contents(atPath: path) else {
    throw DiagnosticList([InputProblem.cannotOpen(path, access(path, R_OK) == 0 ? EIO : EACCES)])
  }
  return Array(data)
}
