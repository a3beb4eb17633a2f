import Foundation
import NumericKernels
import TextFiles

/// The file `pack.json` of a pack: what it was made from, and its files with their hashes, so that a folder is replaced only if
/// everything in it was made by us and nobody has edited it since.
struct PackManifest {
  struct File {
    var path: String
    var bytes: Int
    var hash: String
  }

  static let name = "pack.json"
  static let maker = "simulate report"

  var files: [File]

  /// The manifest of a folder; nil if it has none, or not one of ours.
  static func read(_ folder: String) -> PackManifest? {
    guard let data = FileManager.default.contents(atPath: folder + "/" + name), data.count < 1 << 24,
      let root = try? JSONSerialization.jsonObject(with: data) as? [String: Any], root["made_by"] as? String == maker,
      let entries = root["files"] as? [[String: Any]]
    else { return nil }
    return PackManifest(
      files: entries.compactMap { entry in
        guard let path = entry["path"] as? String, let hash = entry["hash"] as? String else { return nil }
        return File(path: path, bytes: entry["bytes"] as? Int ?? 0, hash: hash)
      })
  }

  /// Lists the files of a folder.
  init(of folder: String) {
    files = Self.paths(in: folder).filter { $0 != Self.name }.compactMap { path in
      FileManager.default.contents(atPath: folder + "/" + path).map { data in
        File(path: path, bytes: data.count, hash: Self.hash(data))
      }
    }
  }

  private init(files: [File]) { self.files = files }

  /// The first file of a folder that is not as the manifest says: added, or edited.
  func firstForeign(in folder: String) -> (path: String, isEdited: Bool)? {
    for path in Self.paths(in: folder) where path != Self.name {
      guard let known = files.first(where: { $0.path == path }) else { return (path, false) }
      guard let data = FileManager.default.contents(atPath: folder + "/" + path), Self.hash(data) == known.hash else {
        return (path, true)
      }
    }
    return nil
  }

  /// All files below a folder, sorted; a link counts as a file.
  static func paths(in folder: String) -> [String] {
    guard let walk = FileManager.default.enumerator(atPath: folder) else { return [] }
    var paths: [String] = []
    while let path = walk.nextObject() as? String {
      if walk.fileAttributes?[.type] as? FileAttributeType != .typeDirectory { paths.append(path) }
    }
    return paths.sorted()
  }

  private static func hash(_ data: Data) -> String {
    var hash = StableHash()
    data.withUnsafeBytes { hash.combine(buffer: $0) }
    let digits = String(hash.value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
