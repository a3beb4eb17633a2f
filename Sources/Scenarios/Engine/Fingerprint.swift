import NumericKernels

/// Names a run: same model, data, scenarios, seed and draws give the same fingerprint and the same result.
public struct Fingerprint: Sendable, Equatable {
  public var version: String
  public var model: String
  public var data: String
  public var scenarios: String
  public var seed: UInt64
  public var draws: Int
  public var until: Int
  public var asOf: String?
  /// Fits may differ in their last bits between kernels of the linear algebra library.
  public var blasKernel: String

  public static let toolkitVersion = "0.1.0"

  public init(folder: DataFolder, scenarioPaths: [String], settings: RunSettings) throws {
    version = Fingerprint.toolkitVersion
    model = try Fingerprint.hash(try folder.modelFiles())
    data = try Fingerprint.hash(try Fingerprint.dataFiles(of: folder))
    scenarios = try Fingerprint.hash(scenarioPaths)
    seed = settings.seed
    draws = settings.draws
    until = settings.until
    asOf = settings.asOf?.description
    blasKernel = blasKernelName
  }

  /// The files beside the model's own that a result depends on.
  static func dataFiles(of folder: DataFolder) throws -> [String] {
    let others = [
      "/evidence/targets.csv", "/reference/pci_weights.csv", "/reference/province_crosswalk.csv",
      "/reference/release_rules.csv",
    ]
    return try folder.observationFiles() + others.map { folder.path + $0 }
  }

  private static func hash(_ paths: [String]) throws -> String {
    var hash = StableHash()
    for path in paths {
      // The name without its folder: an installed copy in another place is the same model.
      hash.combine(String(path.split(separator: "/").last ?? ""))
      try readFile(path).withUnsafeBytes { hash.combine(buffer: $0) }
    }
    return hexadecimal(hash.value)
  }

  /// All parts in one word of 16 hexadecimal digits.
  public var combined: String {
    var hash = StableHash()
    for part in [version, model, data, scenarios, asOf ?? "", blasKernel] { hash.combine(part) }
    hash.combine(seed)
    hash.combine(UInt64(draws))
    hash.combine(UInt64(until))
    return Fingerprint.hexadecimal(hash.value)
  }

  static func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
