import TextFiles

extension DataCheckAcross {
  /// What rounding of the printed sub-indices and scores can add up to, in points.
  private static let scoreTolerance = 0.04
  /// The distance within which two scores of two decimals may stand in either order.
  private static let rankTolerance = 0.01
  private static let dust = 1e-9

  /// PCI scores against ten times the weighted sub-indices of the edition, where all that carry weight are published.
  mutating func checkWeightedScores() {
    examined(.pciWeightedSum)
    guard let score = rows.indicators.id(of: "pci_score") else { return }
    let editions = tables.scoreWeights.map { edition in
      (
        years: edition.years,
        parts: edition.weights.map { (indicator: rows.indicators.id(of: $0.indicator), weight: $0.weight) }
      )
    }
    for (index, year) in yearly(where: { $0.key.indicator == score }) {
      let row = rows.rows[index]
      guard let edition = editions.first(where: { $0.years.contains(year) }), !edition.parts.isEmpty else { continue }
      var sum = 0.0
      var isKnown = true
      for part in edition.parts {
        guard let value = value(part.indicator, like: row.key) else {
          isKnown = false
          break
        }
        sum += 10 * part.weight * value
      }
      guard isKnown else { continue }
      count(.pciWeightedSum)
      if abs(sum - row.value) > Self.scoreTolerance + Self.dust {
        report(
          .pciWeightedSum, index, "value",
          "the weighted sub-indices give \(rounded(sum)), the score is \(rounded(row.value))",
          hint: "\(rounded(Self.scoreTolerance)) may be missing; compare score and sub-indices with the source")
      }
    }
  }

  /// Yearly ranks of provinces: within the field, doubled only in ties, and in the order of the scores.
  ///
  /// `x_rank` goes with `x_score` if there is such an indicator. Where no score decides, a rank held by several provinces
  /// must leave the next ones free. The order is only tested in years in which every province has a score.
  mutating func checkRanks() {
    for check: DataCheckName in [.rankField, .rankDoubled, .rankOrder] { examined(check) }
    let provinces = Set((tables.areas ?? []).filter { $0.kind == "province" }.map(\.id))
    var years: [Key: [Int]] = [:]
    var order: [Key] = []
    for (index, _) in yearly(where: { rows.entries[Int($0.key.indicator)]?.unit == "rank" }) {
      let key = rows.rows[index].key
      guard provinces.contains(rows.areas.text(key.area)) else { continue }
      let group = Key(indicator: key.indicator, area: 0, period: key.period)
      if years[group] == nil { order.append(group) }
      years[group, default: []].append(index)
    }
    for group in order {
      guard let ranked = years[group], let year = ranked.first.flatMap({ period($0)?.calendarYear }),
        let field = tables.provinceCount(in: year)
      else { continue }
      let scores = scores(for: group, provinces: provinces)
      checkField(ranked, field: field, year: year)
      checkDoubled(ranked, scores: scores)
      if scores.count == field { checkOrder(ranked, scores: scores) }
    }
  }

  private func scores(for group: Key, provinces: Set<String>) -> [Int32: Double] {
    let rank = rows.indicators.text(group.indicator)
    guard rank.hasSuffix("_rank"), let score = rows.indicators.id(of: rank.dropLast(4) + "score") else { return [:] }
    var scores: [Int32: Double] = [:]
    for province in provinces {
      guard let area = rows.areas.id(of: province) else { continue }
      scores[area] = value(score, like: Key(indicator: score, area: area, period: group.period))
    }
    return scores
  }

  private mutating func checkField(_ ranked: [Int], field: Int, year: Int) {
    count(.rankField, ranked.count)
    for index in ranked {
      let rank = rows.rows[index].value
      if rank != rank.rounded() || rank < 1 || rank > Double(field) {
        report(
          .rankField, index, "value", "\(rounded(rank)) is no rank among \(field) provinces in \(year)",
          hint: "a whole number from 1 to \(field) is expected")
      }
    }
  }

  private mutating func checkDoubled(_ ranked: [Int], scores: [Int32: Double]) {
    count(.rankDoubled, ranked.count)
    let holders = Dictionary(grouping: ranked) { rows.rows[$0].value }
    for (rank, group) in holders where group.count > 1 {
      let known = group.compactMap { scores[rows.rows[$0].key.area] }
      let isTie: Bool
      if known.count == group.count, let low = known.min(), let high = known.max() {
        isTie = high - low <= Self.rankTolerance + Self.dust
      } else {
        isTie = (1..<group.count).allSatisfy { holders[rank + Double($0)] == nil }
      }
      guard !isTie else { continue }
      for index in group.dropFirst() {
        report(
          .rankDoubled, index, "value",
          "rank \(rounded(rank)) is held by '\(rows.areas.text(rows.rows[group[0]].key.area))' too, and it is no tie",
          hint: "compare the ranks with the source")
      }
    }
  }

  private mutating func checkOrder(_ ranked: [Int], scores: [Int32: Double]) {
    count(.rankOrder, ranked.count)
    for index in ranked {
      guard let score = scores[rows.rows[index].key.area] else { continue }
      let best = 1 + scores.values.count { $0 > score + Self.rankTolerance + Self.dust }
      let worst = scores.values.count { $0 >= score - Self.rankTolerance - Self.dust }
      let rank = rows.rows[index].value
      if rank < Double(best) || rank > Double(worst) {
        report(
          .rankOrder, index, "value",
          "rank \(rounded(rank)) contradicts the score of \(rounded(score)), which stands at \(best) to \(worst)",
          hint: "compare rank and score with the source")
      }
    }
  }
}
