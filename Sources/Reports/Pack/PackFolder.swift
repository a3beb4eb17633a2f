import CFolders
import Foundation
import TextFiles

/// A folder that appears whole or not at all: files are written into a hidden folder beside it, which takes its place at the end.
///
/// An existing folder is replaced only if it is empty or an untouched pack of ours, or if that is forced; never the working folder,
/// one above it, the model folder, the home folder or the root.
public final class PackFolder {
  public let path: String
  /// Where files are written until ``commit()``.
  public let partial: String
  private var isOpen = true

  /// - Parameters:
  ///   - force: replaces a folder with other or edited files too.
  ///   - protected: folders that may not be replaced, nor any above them.
  /// - Throws: ``Diagnostic``.
  public init(path: String, force: Bool, protected: [String]) throws {
    let full = Self.resolved(path)
    self.path = full
    try Self.check(path, full, force: force, protected: protected)
    let parent = Self.parent(full)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: parent, isDirectory: &isFolder), isFolder.boolValue else {
      throw Diagnostic(
        .cannotWrite, code: "cannot_write", at: SourceLocation(file: path), "the folder above does not exist",
        hint: "create \(parent) first")
    }
    Self.removeLeftovers(in: parent)
    var made: String?
    for attempt in 0..<1000 {
      let candidate = "\(parent)/\(Self.prefix)\(getpid())-\(attempt)"
      if mkdir(candidate, 0o777) == 0 {
        made = candidate
        break
      }
      guard errno == EEXIST else { throw Self.failure(path, errno) }
    }
    guard let made else { throw Self.failure(path, EEXIST) }
    partial = made
  }

  deinit { discard() }

  private static let prefix = ".partial-pack-"

  /// Makes a folder within the pack.
  func makeFolder(_ name: String) throws {
    if mkdir(partial + "/" + name, 0o777) != 0, errno != EEXIST { throw Self.failure(partial + "/" + name, errno) }
  }

  /// Writes a file of the pack.
  func write(_ name: String, _ body: (CheckedOutput) throws -> Void) throws {
    let output = try CheckedOutput(path: partial + "/" + name)
    do {
      try body(output)
      try output.commit()
    } catch {
      output.discard()
      throw error
    }
  }

  func write(_ name: String, _ text: String) throws { try write(name) { try $0.write(text) } }

  func remove(_ name: String) { try? FileManager.default.removeItem(atPath: partial + "/" + name) }

  /// Puts the folder in its place; what was there before is removed after that.
  public func commit() throws {
    try Interruption.check()
    guard FileManager.default.fileExists(atPath: path) else {
      guard rename(partial, path) == 0 else { throw Self.failure(path, errno) }
      isOpen = false
      return
    }
    // Both names exist at any moment: whoever looks finds the old pack or the new one.
    switch cfolders_exchange(partial, path) {
    case 0: break
    case EINVAL, ENOSYS: try swapInSteps()
    case let number: throw Self.failure(path, number)
    }
    isOpen = false
    try? FileManager.default.removeItem(atPath: partial)
  }

  /// Where the file system knows no exchange: the old folder steps aside, and back if the new one cannot take its place.
  private func swapInSteps() throws {
    let aside = partial + "-old"
    guard rename(path, aside) == 0 else { throw Self.failure(path, errno) }
    guard rename(partial, path) == 0 else {
      let number = errno
      _ = rename(aside, path)
      throw Self.failure(path, number)
    }
    try? FileManager.default.removeItem(atPath: aside)
  }

  /// Removes what was written; does nothing after a commit.
  public func discard() {
    guard isOpen else { return }
    isOpen = false
    try? FileManager.default.removeItem(atPath: partial)
  }

  // MARK: Checks

  private static func check(_ name: String, _ full: String, force: Bool, protected: [String]) throws {
    let home = NSHomeDirectory()
    let here = FileManager.default.currentDirectoryPath
    for folder in ["/", home, here] + protected {
      let kept = resolved(folder)
      guard kept == full || kept.hasPrefix(full == "/" ? "/" : full + "/") else { continue }
      throw Diagnostic(
        .cannotWrite, code: "protected_folder", at: SourceLocation(file: name),
        "this folder cannot become a pack: it is, or holds, \(kept)", hint: "name a new folder with --output")
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: full, isDirectory: &isFolder) else { return }
    guard isFolder.boolValue else {
      throw Diagnostic(
        .cannotWrite, code: "not_a_folder", at: SourceLocation(file: name), "a folder is expected, this is a file",
        hint: "name a new folder with --output")
    }
    guard !force else { return }
    guard let manifest = PackManifest.read(full) else {
      if PackManifest.paths(in: full).isEmpty { return }
      throw Diagnostic(
        .cannotWrite, code: "not_a_pack", at: SourceLocation(file: name),
        "the folder exists and was not made by simulate report", hint: "name another folder, or replace it with --force"
      )
    }
    if let foreign = manifest.firstForeign(in: full) {
      throw Diagnostic(
        .cannotWrite, code: "edited_pack", at: SourceLocation(file: name),
        foreign.isEdited
          ? "'\(foreign.path)' was edited since the pack was made"
          : "'\(foreign.path)' was not made by simulate report",
        hint: "save it elsewhere, name another folder, or replace it with --force")
    }
  }

  /// Folders of runs that were killed: their process is gone.
  private static func removeLeftovers(in parent: String) {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: parent) else { return }
    for name in names where name.hasPrefix(prefix) {
      let owner = name.dropFirst(prefix.count).split(separator: "-").first.flatMap { Int32($0) }
      guard let owner, owner > 0, kill(owner, 0) != 0, errno == ESRCH else { continue }
      try? FileManager.default.removeItem(atPath: parent + "/" + name)
    }
  }

  private static func resolved(_ path: String) -> String {
    let url = URL(fileURLWithPath: path).standardizedFileURL
    if FileManager.default.fileExists(atPath: url.path) { return trimmed(url.resolvingSymlinksInPath().path) }
    let above = url.deletingLastPathComponent().resolvingSymlinksInPath().path
    return trimmed((above == "/" ? "" : above) + "/" + url.lastPathComponent)
  }

  private static func trimmed(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  private static func parent(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
    return String(path[..<slash])
  }

  private static func failure(_ path: String, _ number: Int32) -> Diagnostic {
    Diagnostic(
      .cannotWrite, code: number == ENOSPC ? "disk_full" : "cannot_write", at: SourceLocation(file: path),
      "cannot write (\(String(cString: strerror(number))))", hint: "choose another place with --output")
  }
}
