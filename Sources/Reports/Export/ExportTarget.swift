import Foundation
import TextFiles

/// Where an export goes: a folder, or one file (standard output for nil).
public enum ExportTarget: Sendable, Equatable {
  case folder(String)
  case csv(String?)
  case json(String?)

  /// - Parameters:
  ///   - path: a folder (one that exists, ends in a slash or has no ending), a file that ends in `.csv` or `.json`, or nil.
  ///   - format: `csv` or `json`; wins over the ending.
  /// - Throws: ``Diagnostic`` of kind `wrongUse` for another ending.
  public init(_ path: String?, format: String?) throws(Diagnostic) {
    guard let path, !path.isEmpty, path != "-" else {
      self = format == "json" ? .json(nil) : .csv(nil)
      return
    }
    var status = stat()
    let exists = stat(path, &status) == 0
    let isFolder = exists && status.st_mode & S_IFMT == S_IFDIR
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let ending = name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() }
    if isFolder || path.hasSuffix("/") || (ending == nil && !exists && format == nil) {
      self = .folder(path)
    } else if let form = format ?? (exists && ending == nil ? "csv" : ending), ["csv", "json"].contains(form) {
      self = form == "json" ? .json(path) : .csv(path)
    } else {
      throw Diagnostic(
        .wrongUse, code: "unknown_ending", at: SourceLocation(file: path),
        "an export is a folder, or a file that ends in .csv or .json", hint: "end a folder's name in /, or add --format"
      )
    }
  }
}
