import Scenarios
import TextFiles

/// Names of provinces and regions, from reference/areas.csv.
public enum AreaNames {
  /// - Throws: ``DiagnosticList``.
  public static func read(_ folder: DataFolder) throws -> [String: LocalizedText] {
    let table = try CSVTable.read(
      path: folder.path + "/reference/areas.csv", requiredColumns: ["area", "name_vi", "name_en"])
    var names: [String: LocalizedText] = [:]
    for row in table {
      names[row.optionalString("area") ?? ""] = LocalizedText(
        vi: row.optionalString("name_vi") ?? "", en: row.optionalString("name_en") ?? "")
    }
    return names
  }
}
