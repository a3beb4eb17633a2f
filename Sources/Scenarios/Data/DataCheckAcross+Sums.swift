import TextFiles

extension DataCheckAcross {
  /// reference/identities.csv, wherever the total and all parts are known.
  mutating func checkIdentities() {
    examined(.identity)
    for identity in tables.identities {
      let parts = identity.parts.map { rows.indicators.id(of: $0) }
      let leader: Int32?
      let constant: Double?
      switch identity.total {
      case .indicator(let id): (leader, constant) = (rows.indicators.id(of: id), nil)
      case .number(let number): (leader, constant) = (parts.first ?? nil, number)
      }
      guard let leader else { continue }
      for (index, row) in rows.rows.enumerated() where row.key.indicator == leader && preferred[row.key] == index {
        if let area = identity.area, rows.areas.text(row.key.area) != area { continue }
        var sum = 0.0
        var isKnown = true
        for part in parts {
          guard let value = value(part, like: row.key) else {
            isKnown = false
            break
          }
          sum += value
        }
        guard isKnown else { continue }
        count(.identity)
        let total = constant ?? row.value
        let allowed = identity.isRelative ? identity.tolerance * abs(total) : identity.tolerance
        // Sums of decimals carry rounding of their own.
        if abs(sum - total) > allowed + 1e-9 * max(1, abs(total)) {
          report(
            .identity, index, "value",
            "identity '\(identity.id)': the parts add up to \(rounded(sum)), the total is \(rounded(total))",
            hint: "\(rounded(allowed)) may be missing; the parts are \(identity.parts.joined(separator: ", "))")
        }
      }
    }
  }

  /// A figure of several years against the sum of the preferred years, if all are known. Averages (`*_average`) and
  /// ratios, scores, ranks and indices do not add up and are left out. A ten-thousandth may be missing.
  mutating func checkMultiYearTotals() {
    examined(.multiYearTotal)
    let kinds = Dictionary((tables.units ?? []).map { ($0.id, $0.kind) }) { first, _ in first }
    let additive: Set<String> = ["count", "money", "mass", "volume", "area"]
    for (index, row) in rows.rows.enumerated() where row.isPreferred && preferred[row.key] == index {
      guard let period = period(index), period.kind == .years, let entry = entry(index),
        !entry.id.hasSuffix("_average"), additive.contains(kinds[entry.unit] ?? "")
      else { continue }
      var sum = 0.0
      var isKnown = true
      for year in period.firstYear...period.lastYear {
        guard let id = rows.periods.id(of: String(year)),
          let other = preferred[Key(indicator: row.key.indicator, area: row.key.area, period: id)]
        else {
          isKnown = false
          break
        }
        sum += rows.rows[other].value
      }
      guard isKnown else { continue }
      count(.multiYearTotal)
      if abs(sum - row.value) > 1e-4 * abs(row.value) + 1e-9 {
        report(
          .multiYearTotal, index, "value",
          "the years \(period.description) add up to \(rounded(sum)), here stands \(rounded(row.value))",
          hint: "correct the total or a year, or name the deviation in reference/exceptions.csv")
      }
    }
  }

  /// One vintage per series: adjacent preferred years of an indicator in an area may not carry different labels. Rows
  /// without a label are passed over. An exception names the two years, such as `2022/2023`.
  mutating func checkVintages() {
    examined(.mixedVintage)
    var series: [Key: [(year: Int, index: Int)]] = [:]
    for (index, year) in yearly(where: { $0.vintage != 0 }) {
      let key = rows.rows[index].key
      series[Key(indicator: key.indicator, area: key.area, period: 0), default: []].append((year, index))
    }
    for years in series.values {
      let years = years.sorted { $0.year < $1.year }
      for (before, after) in zip(years, years.dropFirst()) {
        count(.mixedVintage)
        let (old, new) = (rows.rows[before.index].vintage, rows.rows[after.index].vintage)
        guard old != new else { continue }
        report(
          .mixedVintage, after.index, "vintage",
          "the series changes from vintage '\(rows.vintages.text(old))' (\(before.year)) to '\(rows.vintages.text(new))' (\(after.year))",
          hint: "prefer the rows of one vintage, or name the change in reference/exceptions.csv",
          period: "\(before.year)/\(after.year)")
      }
    }
  }

  /// For messages: rounded to six decimals, so that sums show no binary dust.
  func rounded(_ value: Double) -> String {
    NumberText.shortest(abs(value) < 1e9 ? (value * 1e6).rounded() / 1e6 : value)
  }

  /// Makes sure that a check appears among the counts even if it finds nothing to look at.
  mutating func examined(_ check: DataCheckName) { count(check, 0) }
}
