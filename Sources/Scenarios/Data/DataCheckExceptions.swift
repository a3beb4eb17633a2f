import TextFiles

/// The known exceptions of a data folder, and what they excused.
struct DataCheckExceptions {
  private let entries: [(check: DataCheckName, entry: ReferenceTables.Exception)]
  private var excusedBy: [Int]
  private let byCheck: [DataCheckName: [Int]]
  let remarkCount: Int

  init(_ exceptions: [ReferenceTables.Exception]) {
    entries = exceptions.compactMap { entry in DataCheckName(rawValue: entry.check).map { ($0, entry) } }
    excusedBy = Array(repeating: 0, count: entries.count)
    byCheck = Dictionary(grouping: entries.indices) { [entries] in entries[$0].check }
    remarkCount = exceptions.count { DataCheckRemark(rawValue: $0.check) != nil }
  }

  /// Takes out the findings that an exception names; two exceptions for the same finding both count as used.
  mutating func judge(
    _ findings: [DataCheckFinding]
  ) -> (remaining: [DataCheckFinding], excused: [DataCheckName: Int]) {
    var remaining: [DataCheckFinding] = []
    var excused: [DataCheckName: Int] = [:]
    for finding in findings {
      let matches = (byCheck[finding.check] ?? []).filter { Self.matches(entries[$0].entry, finding) }
      for index in matches { excusedBy[index] += 1 }
      if matches.isEmpty { remaining.append(finding) } else { excused[finding.check, default: 0] += 1 }
    }
    return (remaining, excused)
  }

  /// A warning for every exception that excused nothing.
  var unused: [DataCheckFinding] {
    zip(entries, excusedBy).filter { $0.1 == 0 }.map { item, _ in
      let name = [item.entry.indicator, item.entry.area, item.entry.period].compactMap(\.self).joined(separator: ", ")
      return DataCheckFinding(
        check: .unusedException, isWarning: true,
        diagnostic: Diagnostic(
          .badData, code: DataCheckName.unusedException.rawValue, at: item.entry.location,
          "check: no finding of '\(item.entry.check)' is excused by the exception for \(name.isEmpty ? "anything" : name)",
          hint: "remove the row, or correct what it names"),
        indicator: item.entry.indicator, area: item.entry.area, period: item.entry.period)
    }
  }

  var applied: [DataCheckReport.AppliedException] {
    zip(entries, excusedBy).filter { $0.1 > 0 }.map { item, count in
      DataCheckReport.AppliedException(
        check: item.check, indicator: item.entry.indicator, area: item.entry.area, period: item.entry.period,
        reason: item.entry.reason, source: item.entry.source, location: item.entry.location, excused: count)
    }
  }

  private static func matches(_ exception: ReferenceTables.Exception, _ finding: DataCheckFinding) -> Bool {
    (exception.indicator == nil || exception.indicator == finding.indicator)
      && (exception.area == nil || exception.area == finding.area)
      && (exception.period == nil || exception.period == finding.period)
  }
}
