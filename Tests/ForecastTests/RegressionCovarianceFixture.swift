import Forecast
import Foundation
import ReferenceValues
import Testing

/// Rows of `panel_estimators_sample.csv`: 12 units over 2001-2008, of which `kept` marks an unbalanced part.
struct EstimatorSample {
  var units: [Int] = []
  var periods: [Int] = []
  var values: [String: [Double]] = [:]

  init(unbalanced: Bool = false, maximumUnit: Int = 12) throws {
    let text = try String(contentsOf: ReferenceFile.url("panel_estimators_sample.csv"), encoding: .utf8)
    let lines = text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    let header = lines[0]
    for line in lines.dropFirst() {
      let cells = line.map { Double($0) ?? .nan }
      if unbalanced && cells[7] == 0 || Int(cells[0]) > maximumUnit { continue }
      units.append(Int(cells[0]))
      periods.append(Int(cells[1]))
      for (name, cell) in zip(header, cells).dropFirst(2) { values[name, default: []].append(cell) }
    }
  }

  func column(_ name: String) -> RegressionColumn { RegressionColumn(name: name, values: values[name] ?? []) }
  var outcome: [Double] { values["y"] ?? [] }
  var weights: [Double] { values["w"] ?? [] }

  func panel(_ names: [String]) throws -> PanelSample {
    try PanelSample(outcome: outcome, regressors: names.map(column), units: units, periods: periods)
  }
}

struct CovarianceReference: Decodable {
  typealias Values = [String: Entry]
  /// A number or a list of numbers.
  struct Entry: Decodable {
    var list: [Double]
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let value = try? container.decode(Double.self) {
        list = [value]
      } else {
        list = try container.decode([Double].self)
      }
    }
  }
  struct Pick: Decodable {
    var a: [Double]
    var b: [Double]
    var unfixed: [Double]
    var fixed: [Double]
  }
  struct Wald: Decodable {
    var classical: Double
    var classicalF: Double
    var classicalP: Double
    var classicalChiP: Double
    var hc1: Double
    var hc1P: Double
    var interval99: [[Double]]
  }
  struct Prediction: Decodable {
    var rows: [[Double]]
    var fit: [Double]
    var se: [Double]
    var meanLower: [Double]
    var meanUpper: [Double]
    var lower: [Double]
    var upper: [Double]
    var weightedLower: [Double]
    var weightedUpper: [Double]
  }
  struct Wild: Decodable {
    var null: Double
    var t: Double
    var p: Double
  }
  var ols: Values
  var wls: Values
  var unbalanced: Values
  var absorbed: Values
  var absorbedWeighted: Values
  var notPsd: Pick
  var wald: Wald
  var prediction: Prediction
  var wild: [Wild]
  var wildAbsorbedWeighted: [Wild]
  var durbinWatson: Double

  static func load() throws -> CovarianceReference {
    try ReferenceFile.decode(CovarianceReference.self, from: "covariance.json")
  }
}

/// The lower triangle by column, diagonal included.
func lowerTriangle(_ table: CoefficientTable) -> [Double] {
  table.names.indices.flatMap { j in (j..<table.names.count).map { table.covariance[$0, j] } }
}

/// The largest difference between two lists, relative to the largest expected value.
func listError(_ found: [Double], _ expected: [Double]) -> Double {
  guard found.count == expected.count else { return .infinity }
  let size = expected.map { abs($0) }.max() ?? 1
  let gaps = zip(found, expected).map { abs($0 - $1) / size }
  return gaps.contains(where: \.isNaN) ? .nan : gaps.max() ?? 0
}
