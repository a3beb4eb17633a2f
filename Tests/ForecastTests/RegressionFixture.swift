import Foundation
import ReferenceValues

/// The sample of the panel regressions: 63 provinces, 2015-2023.
struct ProvinceSample {
  struct Row {
    var province: String
    var year: Int
    var values: [String: Double]
  }
  var rows: [Row]

  init() throws {
    let text = try String(contentsOf: ReferenceFile.url("panel_regression_sample.csv"), encoding: .utf8)
    let lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let header = lines[0].map(String.init)
    rows = lines.dropFirst().map { cells in
      var values: [String: Double] = [:]
      for (name, cell) in zip(header, cells).dropFirst(2) { values[name] = Double(cell) ?? .nan }
      return Row(province: String(cells[0]), year: Int(cells[1]) ?? 0, values: values)
    }
  }
}

struct PanelReference: Decodable {
  struct Fit: Decodable {
    var sample: String
    var estimator: String
    var outcome: String
    var regressors: [String]
    var n: Int
    var clusters: Int
    var parameters: Int
    var years: [Int]
    var droppedProvinces: [String]
    var coefficients: [Double]
    var seClusterUncorrected: [Double]
    var seClusterG: [Double]
    var seClusterGNk: [Double]
    var seClassical: [Double]?
    var seModel: [Double]?
    var loglik: Double
    var deviance: Double?
    var residualSumOfSquares: Double?
    var residualSd: Double?
    var rSquared: Double?
    var allNames: [String]?
    var allCoefficients: [Double]?
  }
  var fits: [Fit]
}

func relativeError(_ found: Double, _ expected: Double) -> Double { abs(found - expected) / abs(expected) }
