import NumericKernels
import TextFiles

/// The published PCI of all provinces: scores, ranks and sub-indices by year, with the weights of each edition.
public struct PCIPanel: Sendable {
  /// Slugs in alphabetical order.
  public let provinces: [String]
  public let years: ClosedRange<Int>
  /// Ids of the sub-indices in the order of the model.
  public let subIndices: [String]
  public let weights: [PCIWeights]
  private var scores: [Double]
  private var ranks: [Double]
  private var subs: [Double]
  /// Published national medians, by year.
  public let publishedMedians: [Int: Double]

  /// The ids of observations that the panel needs.
  static func indicators(score: String, rank: String, subIndices: [String]) -> Set<String> {
    Set(subIndices + [score, rank, "pci_median_published"])
  }

  /// - Throws: ``DiagnosticList`` if the weights cannot be read, ``ScenarioError`` if there are no scores.
  public init(store: ObservationStore, folder: DataFolder, score: String, rank: String, subIndices: [String]) throws {
    weights = try PCIWeights.read(folder, subIndices: subIndices)
    self.subIndices = subIndices
    let rows = store.observations.filter { $0.isPreferred && $0.period.calendarYear != nil && $0.area != "vietnam" }
    let names = Set(rows.filter { $0.indicator == score }.map(\.area))
    let allYears = rows.filter { $0.indicator == score }.compactMap(\.period.calendarYear)
    guard let first = allYears.min(), let last = allYears.max() else {
      throw ScenarioError.badProcess(process: "pci_race", reason: "there is no observation of '\(score)'")
    }
    provinces = names.sorted()
    years = first...last
    let cells = provinces.count * (last - first + 1)
    scores = [Double](repeating: .nan, count: cells)
    ranks = scores
    subs = [Double](repeating: .nan, count: cells * subIndices.count)
    let index = Dictionary(uniqueKeysWithValues: provinces.enumerated().map { ($1, $0) })
    let subIndex = Dictionary(uniqueKeysWithValues: subIndices.enumerated().map { ($1, $0) })
    for row in rows {
      guard let province = index[row.area], let year = row.period.calendarYear, years.contains(year) else { continue }
      let cell = province * years.count + year - first
      if row.indicator == score { scores[cell] = row.value }
      if row.indicator == rank { ranks[cell] = row.value }
      if let k = subIndex[row.indicator] { subs[cell * subIndices.count + k] = row.value }
    }
    publishedMedians = store.annual("pci_median_published", area: "vietnam").mapValues(\.value)
  }

  private func cell(_ province: Int, _ year: Int) -> Int? {
    years.contains(year) ? province * years.count + year - years.lowerBound : nil
  }

  /// The published score; NaN where none was found.
  public func score(_ province: Int, _ year: Int) -> Double { cell(province, year).map { scores[$0] } ?? .nan }
  public func rank(_ province: Int, _ year: Int) -> Double { cell(province, year).map { ranks[$0] } ?? .nan }
  public func sub(_ province: Int, _ year: Int, _ k: Int) -> Double {
    cell(province, year).map { subs[$0 * subIndices.count + k] } ?? .nan
  }

  /// The weighted sum of the published sub-indices under an edition's weights; NaN if one with a weight is missing.
  public func weightedScore(_ province: Int, _ year: Int, weights: PCIWeights) -> Double {
    var total = 0.0
    for k in subIndices.indices where weights.values[k] > 0 { total += 10 * weights.values[k] * sub(province, year, k) }
    return total
  }

  /// The score under the weights of one edition in every year: recomputed from sub-indices before the edition, published since.
  public func fixedWeightScore(_ province: Int, _ year: Int, edition: PCIWeights) -> Double {
    year >= edition.firstYear ? score(province, year) : weightedScore(province, year, weights: edition)
  }

  public func weights(in year: Int) -> PCIWeights? { weights.first { ($0.firstYear...$0.lastYear).contains(year) } }
  public func edition(_ version: String) -> PCIWeights? { weights.first { $0.version == version } }
}

/// The weights of the sub-indices in one edition of the method; they sum to 1.
public struct PCIWeights: Sendable, Equatable {
  public var version: String
  public var firstYear: Int
  public var lastYear: Int
  /// One weight per sub-index, in the order of the model.
  public var values: [Double]

  static func read(_ folder: DataFolder, subIndices: [String]) throws -> [PCIWeights] {
    let names = subIndices.map { $0.hasPrefix("pci_") ? String($0.dropFirst(4)) : $0 }
    let table = try CSVTable.read(
      path: folder.path + "/reference/pci_weights.csv",
      requiredColumns: ["method_version", "first_year", "last_year"] + names)
    var result: [PCIWeights] = []
    for row in table {
      do throws(Diagnostic) {
        var values: [Double] = []
        for name in names { values.append(try row.double(name)) }
        guard abs(values.reduce(0, +) - 1) < 1e-9 else {
          throw row.diagnostic("method_version", code: "out_of_range", "the weights do not add up to 1")
        }
        result.append(
          PCIWeights(
            version: try row.string("method_version"), firstYear: try row.integer("first_year"),
            lastYear: try row.integer("last_year"), values: values))
      } catch { throw DiagnosticList([error]) }
    }
    return result
  }
}
