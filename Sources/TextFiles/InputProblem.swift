import Glibc

/// The wording of problems with opening and reading files, the same everywhere.
package enum InputProblem {
  package static func cannotOpen(_ path: String, _ number: Int32) -> Diagnostic {
    let location = SourceLocation(file: path)
    switch number {
    case ENOENT, ENOTDIR:
      if path.isEmpty { return Diagnostic(.missingInput, code: "missing_file", "the file name is empty") }
      let hint = neighbour(of: path).map { "did you mean '\($0)'?" } ?? "check the name and the folder"
      return Diagnostic(.missingInput, code: "missing_file", at: location, "no such file", hint: hint)
    case EACCES, EPERM:
      return Diagnostic(
        .missingInput, code: "unreadable_file", at: location, "the file may not be read (permission denied)",
        hint: "ask its owner for the right to read it")
    default: return cannotRead(path, number)
    }
  }

  package static func isDirectory(_ path: String) -> Diagnostic {
    Diagnostic(
      .missingInput, code: "is_directory", at: SourceLocation(file: path), "a file is expected, this is a directory",
      hint: "name a file in it")
  }

  static func cannotRead(_ file: String, _ number: Int32) -> Diagnostic {
    Diagnostic(
      .missingInput, code: "unreadable_file", at: SourceLocation(file: file),
      "cannot read (\(SystemError.text(number)))")
  }

  static func interrupted(_ file: String) -> Diagnostic {
    Diagnostic(.busy, code: "interrupted", at: SourceLocation(file: file), "reading was interrupted")
  }

  static func gzip(_ file: String, _ message: String, _ hint: String?) -> Diagnostic {
    Diagnostic(.badData, code: "damaged_gzip", at: SourceLocation(file: file), message, hint: hint)
  }

  /// The file of the same folder with the nearest name.
  private static func neighbour(of path: String) -> String? {
    let cut = path.lastIndex(of: "/")
    let folder = cut.map { String(path[...$0]) } ?? ""
    let name = cut.map { String(path[path.index(after: $0)...]) } ?? path
    guard let directory = opendir(folder.isEmpty ? "." : folder) else { return nil }
    defer { closedir(directory) }
    var names: [String] = []
    while names.count < 2000, let entry = readdir(directory) {
      let found = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if !found.hasPrefix(".") { names.append(found) }
    }
    return Suggestion.nearest(to: name, among: names).map { folder + $0 }
  }
}
