import TextFiles

/// Reads all observation files and reference tables of a data folder and reports everything that is wrong at once.
///
///     let report = DataCheck.run(folder)
///     for finding in report.findings { print(finding.diagnostic) }
///
/// What is tested:
/// - every field of every row: known ids, the indicator's unit and range, periods, dates, words (see ``DataCheckName``);
/// - rows against each other: duplicates, two preferred figures, one vintage per series of years;
/// - arithmetic: PCI scores and ranks, reference/identities.csv, totals of several years.
///
/// Rows of reference/exceptions.csv excuse findings of the check, indicator, area and period they name (an empty field
/// stands for anything); one that excuses nothing is a warning. A deviation that is real is thus data, never code.
///
/// A table or file that cannot be read is a finding, and what depends on it is left out. The cost is one pass over the
/// files, a few microseconds a row.
public enum DataCheck {
  public static func run(_ folder: DataFolder) -> DataCheckReport {
    let (tables, tableFindings) = ReferenceTables.read(folder)
    var rows = DataCheckRows(tables: tables)
    var findings = tableFindings
    do {
      let files = try folder.observationFiles()
      for path in files { rows.read(path) }
      if files.isEmpty {
        let diagnostic = Diagnostic(
          .missingInput, code: "no_files", at: SourceLocation(file: folder.path + "/observations"),
          "the folder holds no CSV file", hint: "add observations, or give another model folder with --model DIR")
        findings.append(DataCheckFinding(check: .file, diagnostic: diagnostic))
      }
    } catch let list as DiagnosticList {
      findings += list.diagnostics.map { DataCheckFinding(check: .file, diagnostic: $0) }
    } catch {
      let diagnostic = Diagnostic(
        .internalError, code: "unreadable_folder", at: SourceLocation(file: folder.path), "\(error)")
      findings.append(DataCheckFinding(check: .file, diagnostic: diagnostic))
    }
    findings += rows.findings

    var across = DataCheckAcross(rows)
    across.checkVintages()
    across.checkIdentities()
    across.checkMultiYearTotals()
    across.checkWeightedScores()
    across.checkRanks()
    findings += across.findings

    var exceptions = DataCheckExceptions(tables.exceptions)
    let judged = exceptions.judge(findings)
    // Exceptions are only blamed for excusing nothing when everything they could excuse was looked at.
    let isComplete = !findings.contains { $0.check == .file }
    let remaining = FindingPlaces.resolve(judged.remaining + (isComplete ? exceptions.unused : []))

    var examined = across.examined
    for check in DataCheckName.allCases where examined[check] == nil {
      examined[check] = rows.examined(check, tables: tables)
    }
    return DataCheckReport(
      findings: sorted(remaining),
      counts: DataCheckName.allCases.map { check in
        DataCheckReport.Count(
          check: check, examined: examined[check] ?? 0, findings: remaining.count { $0.check == check },
          excused: judged.excused[check] ?? 0)
      },
      appliedExceptions: exceptions.applied, remarkCount: exceptions.remarkCount, fileCount: rows.files.count,
      rowCount: rows.rowCount)
  }

  /// By file, line and column.
  private static func sorted(_ findings: [DataCheckFinding]) -> [DataCheckFinding] {
    findings.enumerated().sorted { a, b in
      let (first, second) = (a.element.diagnostic.location, b.element.diagnostic.location)
      return (first?.file ?? "", first?.line ?? 0, first?.column ?? 0, a.offset)
        < (second?.file ?? "", second?.line ?? 0, second?.column ?? 0, b.offset)
    }.map(\.element)
  }
}
