import Forecast
import NumericKernels

// Least squares with 1e6 rows x 20 columns, and two-way fixed effects with 1e6 rows and 1e4 x 10 groups: the shapes of
// rivals/regression.py, on data of their own.

setBlasThreadCount(1)
let rows = 1_000_000

func normals(_ item: Int) -> [Double] {
  var values = [Double](repeating: 0, count: rows)
  values.withUnsafeMutableBufferPointer {
    RandomStream(seed: 1, id: "regression", purpose: .innovation).normals(item: item, firstDraw: 0, into: $0)
  }
  return values
}

func seconds(_ name: String, rounds: Int = 3, _ body: () throws -> Void) rethrows {
  var best = Double.infinity
  for _ in 0..<rounds {
    let (whole, part) = try ContinuousClock().measure(body).components
    best = min(best, Double(whole) + Double(part) * 1e-18)
  }
  print("\(name): \(Double(Int(best * 1000)) / 1000) s")
}

let columns = (0..<20).map { RegressionColumn(name: "x\($0)", values: normals($0)) }
var outcome = normals(20)
for row in 0..<rows { for k in 0..<20 { outcome[row] += columns[k].values[row] * Double(k) } }

try seconds("ols") { _ = try LinearRegression(outcome: outcome, regressors: columns).table(.classical) }
try seconds("ols hc1") {
  _ = try LinearRegression(outcome: outcome, regressors: columns).table(.heteroskedastic(.hc1))
}

let units = (0..<rows).map { ($0 * 7919) % 10_000 }
let periods = (0..<rows).map { ($0 * 31) % 10 }
let sample = try PanelSample(
  outcome: outcome, regressors: Array(columns.prefix(2)), units: units, periods: periods)
try seconds("two-way effects, clustered") {
  _ = try LinearRegression(sample).table(.clustered(by: sample.units, correction: .groupsAndParameters))
}
