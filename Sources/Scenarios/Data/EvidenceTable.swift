import TextFiles

/// The rows of evidence/lever_evidence.csv, evidence/projects.csv and reference/sources.csv, by id.
public struct EvidenceTable: Sendable {
  public struct Row: Sendable {
    public var id, cause, effect, kind, central, low, high, unit, sample, quality, title, url, note: String
  }

  public struct Source: Sendable {
    public var title, url, publisher, licence: String
  }

  /// A named public project, with the figures that were published.
  public struct Project: Sendable {
    public var name: LocalizedText
    public var size, unit, stage, expectedStart, source, note: String
  }

  public let rows: [String: Row]
  public let projects: [String: Project]
  public let sources: [String: Source]

  /// - Throws: ``DiagnosticList``.
  public static func read(_ folder: DataFolder) throws -> EvidenceTable {
    let evidence = try CSVTable.read(
      path: folder.path + "/evidence/lever_evidence.csv",
      requiredColumns: ["id", "cause", "effect", "effect_kind", "central", "low", "high", "unit", "quality"],
      optionalColumns: ["population_or_sample", "source_title", "source_url", "note"])
    var rows: [String: Row] = [:]
    for row in evidence {
      func text(_ column: String) -> String { row.optionalString(column) ?? "" }
      rows[text("id")] = Row(
        id: text("id"), cause: text("cause"), effect: text("effect"), kind: text("effect_kind"),
        central: text("central"),
        low: text("low"), high: text("high"), unit: text("unit"), sample: text("population_or_sample"),
        quality: text("quality"),
        title: text("source_title"), url: text("source_url"), note: text("note"))
    }
    let table = try CSVTable.read(
      path: folder.path + "/reference/sources.csv", requiredColumns: ["id", "url", "title"],
      optionalColumns: ["publisher", "licence_remark"])
    var sources: [String: Source] = [:]
    for row in table {
      sources[row.optionalString("id") ?? ""] = Source(
        title: row.optionalString("title") ?? "", url: row.optionalString("url") ?? "",
        publisher: row.optionalString("publisher") ?? "", licence: row.optionalString("licence_remark") ?? "")
    }
    return EvidenceTable(rows: rows, projects: try readProjects(folder), sources: sources)
  }

  private static func readProjects(_ folder: DataFolder) throws -> [String: Project] {
    let table = try CSVTable.read(
      path: folder.path + "/evidence/projects.csv", requiredColumns: ["id", "name_vi", "name_en", "source"],
      optionalColumns: ["size", "unit", "stage", "expected_start", "note"])
    var projects: [String: Project] = [:]
    for row in table {
      func text(_ column: String) -> String { row.optionalString(column) ?? "" }
      projects[text("id")] = Project(
        name: LocalizedText(vi: text("name_vi"), en: text("name_en")), size: text("size"), unit: text("unit"),
        stage: text("stage"), expectedStart: text("expected_start"), source: text("source"), note: text("note"))
    }
    return projects
  }
}
