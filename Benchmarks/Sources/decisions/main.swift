import Foundation
import NumericKernels
import Scenarios

// Decision methods on the functions of rivals/decisions.py (Sobol's g, Ishigami), and on arrays of the sizes that
// `simulate` meets. One thread. With the path of a model folder as argument also the commands' work on a real model,
// on two threads.

func seconds(_ name: String, rounds: Int = 5, _ body: () throws -> Void) rethrows {
  var best = Double.infinity
  for _ in 0..<rounds {
    let (whole, part) = try ContinuousClock().measure(body).components
    best = min(best, Double(whole) + Double(part) * 1e-18)
  }
  print("\(name): \((best * 10000).rounded() / 10) ms")
}

func numbers(_ item: Int, _ count: Int) -> [Double] {
  var values = [Double](repeating: 0, count: count)
  values.withUnsafeMutableBufferPointer {
    RandomStream(seed: 1, id: "decisions", purpose: .model).normals(item: item, firstDraw: 0, into: $0)
  }
  return values
}

/// Sobol's g function of 30 inputs.
let weights = (0..<30).map { Double($0) / 3 }
func g(_ columns: [[Double]]) -> [Double] {
  var result = [Double](repeating: 1, count: columns[0].count)
  for (a, column) in zip(weights, columns) {
    for row in result.indices { result[row] *= (abs(4 * column[row] - 2) + a) / (1 + a) }
  }
  return result
}

func ishigami(_ columns: [[Double]]) -> [Double] {
  columns[0].indices.map { row in
    let x = columns.map { (2 * $0[row] - 1) * Double.pi }
    return sin(x[0]) + 7 * sin(x[1]) * sin(x[1]) + 0.1 * x[2] * x[2] * x[2] * x[2] * sin(x[0])
  }
}

print("== beside SALib (rivals/decisions.py) ==")
try seconds("g, 30 inputs, N = 1,024: points, function, indices, 100 resamples") {
  let design = try SaltelliDesign(inputs: 30, count: 1024, seed: 1)
  _ = try SobolIndices(design, resamples: 100, seed: 1) { g($0) }
}
try seconds("Ishigami, N = 16,384: points, function, indices, 100 resamples") {
  let design = try SaltelliDesign(inputs: 3, count: 16384, seed: 1)
  _ = try SobolIndices(design, resamples: 100, seed: 1) { ishigami($0) }
}

print("== search ==")
let base = numbers(0, 1000)
let effects = [2.0, 1.5, 1, 0.8, 0.6, 0.4]
var asked = (count: 0, cost: 0.0)
func outcome(_ levers: [Double]) -> [[Double]] {
  // Saturating effects.
  let shift = zip(effects, levers).reduce(0) { $0 + $1.0 * (1 - VectorMath.exp(-$1.1)) }
  return [base.map { $0 + shift }]
}
try seconds("cheapest mix of 6 levers, 1,000 draws") {
  let mix = try CheapestMix.find(
    targets: [GoalTarget(value: 3, probability: 0.7)], lower: [Double](repeating: 0, count: 6),
    upper: [Double](repeating: 2, count: 6),
    cost: { $0.enumerated().reduce(0) { $0 + $1.element * (1 + 0.2 * Double($1.offset)) } },
    draws: outcome)
  asked = (mix.optimum.evaluations, mix.optimum.cost)
}
print("  settings looked at: \(asked.count), cost \(asked.cost)")
let costs = (0..<25).map { 1 + abs(numbers(1, 25)[$0]) * 10 }
let gains = (0..<25).map { 1 + abs(numbers(2, 25)[$0]) * 10 }
try seconds("25 projects with 300 interactions, every combination", rounds: 1) {
  var pairs: [ProjectInteraction] = []
  for i in 0..<25 { for j in 0..<i { pairs.append(ProjectInteraction(j, i, gain: 0.01 * Double(i - j))) } }
  _ = try ProjectFront(costs: costs, gains: gains, interactions: pairs)
}
try seconds("value of learning one of 8 unknowns, 3 options x 10,000 draws") {
  let information = try ValueOfInformation((0..<3).map { numbers(10 + $0, 10_000) })
  _ = try information.partial([numbers(20, 10_000)], simulations: 60)
}

if CommandLine.arguments.count > 1 {
  print("== on the model, two threads ==")
  let folder = try DataFolder(path: CommandLine.arguments[1])
  let catalog = try CatalogReader.read(folder)
  let model = try ModelCompiler.compile(catalog, folder: folder, until: 2030)
  let run = DecisionRun(draws: 10_000, seed: 1, threads: 2)
  let scenario = try ScenarioReader(catalog: catalog, until: 2030).read(
    CommandLine.arguments[1] + "/scenarios/combined-programme.yaml")
  for id in ["budget_revenue", "grdp_growth", "tourism_revenue"] {
    let measure = try OutcomeMeasure(id, firstYear: 2030, lastYear: 2030, in: model)
    var inputs = 0
    try seconds("sensitivity of \(id), N = 1,024, tornado and indices", rounds: 3) {
      inputs = try SensitivityStudy.run(
        SensitivityRequest(measure: measure, scenarios: [scenario], isChange: true), model: model, run: run
      ).inputs.count
    }
    print("  inputs beside chance: \(inputs)")
  }
  var plan = LeverPlan()
  plan.levers = [
    "industrial_clusters", "reform_package", "promotion_budget", "investment_promotion", "member_coaching",
    "night_economy",
  ]
  for (id, value) in [("grdp_growth", 8.4), ("tourism_revenue", 72_000)] {
    let measure = try OutcomeMeasure(id, firstYear: 2030, lastYear: 2030, in: model)
    let aim = GoalAim(measure, value: value, direction: .atLeast, probability: nil, in: model)
    var settings = 0
    try seconds("goal with 6 levers, \(id)", rounds: 3) {
      settings = try GoalSolver.solve(GoalRequest(aims: [aim], plan: plan), model: model, run: run).evaluations
    }
    print("  settings looked at: \(settings)")
  }
}
