import TextFiles

/// Which provinces were merged on 1 July 2025.
struct ProvinceCrosswalk: Sendable {
  /// New province by old one.
  let after: [String: String]

  static func read(_ folder: DataFolder) throws -> ProvinceCrosswalk {
    let table = try CSVTable.read(
      path: folder.path + "/reference/province_crosswalk.csv",
      requiredColumns: ["province_before", "province_from_2025_07"])
    var after: [String: String] = [:]
    for row in table {
      if let before = row.optionalString("province_before"), let new = row.optionalString("province_from_2025_07") {
        after[before] = new
      }
    }
    return ProvinceCrosswalk(after: after)
  }

  /// The latest number of newly registered firms of each province: the weights of a merged score.
  static func firms(_ store: ObservationStore) -> [String: Double] {
    var latest: [String: (year: Int, value: Double)] = [:]
    for row in store.observations where row.indicator == "firms_newly_registered" && row.isPreferred {
      guard let year = row.period.calendarYear, year > latest[row.area]?.year ?? 0 else { continue }
      latest[row.area] = (year, row.value)
    }
    return latest.mapValues(\.value)
  }

  /// Groups positions of `provinces` by the new province, with weights that sum to one (equal where firms are unknown).
  func groups(of provinces: [String], firms: [String: Double]) -> [[(rival: Int, weight: Double)]] {
    var members: [String: [Int]] = [:]
    var order: [String] = []
    for (index, province) in provinces.enumerated() {
      let new = after[province] ?? province
      if members[new] == nil { order.append(new) }
      members[new, default: []].append(index)
    }
    return order.map { new in
      let group = members[new] ?? []
      let known = group.map { firms[provinces[$0]] ?? 0 }
      let total = known.allSatisfy { $0 > 0 } ? known.reduce(0, +) : 0
      return zip(group, known).map { (rival: $0, weight: total > 0 ? $1 / total : 1 / Double(group.count)) }
    }
  }
}
