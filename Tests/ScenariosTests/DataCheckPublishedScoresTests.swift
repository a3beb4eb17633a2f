import Scenarios
import Testing
import TextFiles

/// Scores and ranks of the shipped data, computed here without the checks.
@Suite struct DataCheckPublishedScoresTests {
  private struct Cell: Hashable {
    var indicator: String
    var area: String
    var year: Int
  }

  private let values: [Cell: Double]
  private let provinces: Set<String>

  init() throws {
    let store = try ObservationStore.read(try DataFolder(path: DataCheckFolder.shipped))
    var values: [Cell: Double] = [:]
    var provinces: Set<String> = []
    for row in store.observations where row.isPreferred && row.indicator.hasPrefix("pci_") && row.area != "vietnam" {
      guard let year = row.period.calendarYear else { continue }
      values[Cell(indicator: row.indicator, area: row.area, year: year)] = row.value
      provinces.insert(row.area)
    }
    self.values = values
    self.provinces = provinces
  }

  private func value(_ indicator: String, _ area: String, _ year: Int) -> Double? {
    values[Cell(indicator: indicator, area: area, year: year)]
  }

  @Test func scoresEqualTheWeightedSubIndices() throws {
    let weights = try CSVTable.read(path: DataCheckFolder.shipped + "/reference/pci_weights.csv")
    let exceptions = try CSVTable.read(path: DataCheckFolder.shipped + "/reference/exceptions.csv")
    let known = Set(
      exceptions.filter { $0.optionalString("check") == "pci_weighted_sum" }.map {
        "\($0.optionalString("area") ?? "") \($0.optionalString("period") ?? "")"
      })
    #expect(known.count == 61)
    let subIndices = weights.columns.filter { !$0.contains("_year") && $0 != "method_version" }.prefix(10)
    var missed: Set<String> = []
    var tested = 0
    for edition in weights {
      let years = stride(from: try edition.integer("first_year"), through: try edition.integer("last_year"), by: 1)
      for year in years where year <= 2021 {
        for province in provinces {
          guard let score = value("pci_score", province, year) else { continue }
          var sum = 0.0
          for name in subIndices {
            let weight = try edition.double(name)
            if weight > 0 { sum += 10 * weight * (try #require(value("pci_" + name, province, year))) }
          }
          tested += 1
          if abs(sum - score) > 0.04 + 1e-9 { missed.insert("\(province) \(year)") }
        }
      }
    }
    #expect(tested == 3 * 64 + 13 * 63)
    #expect(missed == known)
  }

  @Test func ranksFollowTheScores() throws {
    for year in 2006...2022 {
      let scores = provinces.compactMap { value("pci_score", $0, year) }
      #expect(scores.count == (year < 2009 ? 64 : 63))
      for province in provinces {
        guard let score = value("pci_score", province, year) else { continue }
        let rank = try #require(value("pci_rank", province, year))
        let interval = 1 + scores.count { $0 > score + 0.01 + 1e-9 }...scores.count { $0 >= score - 0.01 - 1e-9 }
        #expect(interval.contains(Int(rank)), "\(province) \(year)")
      }
    }
  }
}
