import NumericKernels

/// A file that a run was made from, with the hash of its bytes.
public struct InputFile: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    case model, data, scenario
  }

  public var kind: Kind
  /// Of the model folder: relative to it. Of a scenario: absolute.
  public var path: String
  /// 16 hexadecimal digits; not for security.
  public var hash: String
  /// The file's bytes; kept of scenarios only, which are small.
  public var content: [UInt8]?

  public init(kind: Kind, path: String, hash: String, content: [UInt8]? = nil) {
    self.kind = kind
    self.path = path
    self.hash = hash
    self.content = content
  }

  /// The files of a model folder that a result depends on: those of the ``Fingerprint``, in its order.
  ///
  /// - Throws: ``DiagnosticList`` if one cannot be read.
  public static func all(of folder: DataFolder) throws -> [InputFile] {
    func file(_ kind: Kind, _ path: String) throws -> InputFile {
      InputFile(kind: kind, path: String(path.dropFirst(folder.path.count + 1)), hash: hash(of: try readFile(path)))
    }
    return try folder.modelFiles().map { try file(.model, $0) }
      + Fingerprint.dataFiles(of: folder).map { try file(.data, $0) }
  }

  /// A scenario file with its text.
  ///
  /// - Throws: ``DiagnosticList`` if it cannot be read.
  public static func scenario(_ path: String, workingDirectory: String) throws -> InputFile {
    let bytes = try readFile(path)
    let absolute = path.hasPrefix("/") ? path : workingDirectory + "/" + path
    return InputFile(kind: .scenario, path: absolute, hash: hash(of: bytes), content: bytes)
  }

  /// The hash of a file's bytes, as it stands in ``hash``; nil if the file cannot be read.
  public static func hash(ofFile path: String) -> String? { (try? readFile(path)).map { hash(of: $0) } }

  /// The hash of bytes.
  public static func hash(of bytes: [UInt8]) -> String {
    var hash = StableHash()
    bytes.withUnsafeBytes { hash.combine(buffer: $0) }
    return Fingerprint.hexadecimal(hash.value)
  }
}
