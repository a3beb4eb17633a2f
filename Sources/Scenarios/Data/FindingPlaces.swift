import TextFiles

/// Looks up the columns of findings that were made across rows.
///
/// Such checks remember files and lines only. The few files with findings are read once more, which is cheaper than
/// keeping the place of every field of every row.
enum FindingPlaces {
  static func resolve(_ findings: [DataCheckFinding]) -> [DataCheckFinding] {
    var findings = findings
    var wanted: [String: [Int: [Int]]] = [:]
    for (index, finding) in findings.enumerated() where finding.pendingColumn != nil {
      guard let place = finding.diagnostic.location, let line = place.line else { continue }
      wanted[place.file, default: [:]][line, default: []].append(index)
    }
    for (file, lines) in wanted {
      do {
        var reader = try CSVReader(path: file)
        while try reader.next() {
          for index in lines[reader.line] ?? [] {
            guard let name = findings[index].pendingColumn, let column = reader.column(name) else { continue }
            findings[index].diagnostic.location = reader.location(column)
            findings[index].pendingColumn = nil
          }
        }
      } catch {
        // Its problems are among the findings already; the lines stay without columns.
        continue
      }
    }
    return findings
  }
}
