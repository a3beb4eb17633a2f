import NumericKernels

/// What an option costs the budget beyond the baseline, in billion VND, as decided: a project that fails or slips is paid for as planned.
///
/// A lever's cost is what the scenario states for it, else what the model does. With ranges it is the mean cost, with rules the cost of
/// what each rule adds times the share of the draws in which it acts. A lever without a cost is never free: it is named, and the
/// amounts are then those of the other levers only.
public struct OptionCost: Sendable, Equatable {
  /// The years of the projection.
  public let years: [Int]
  /// Once, by year.
  public private(set) var capital: [Double]
  /// Running cost by year.
  public private(set) var yearly: [Double]
  /// Levers whose cost nobody has stated.
  public private(set) var uncosted: [String] = []
  /// Levers whose cost is the planner's own statement in the scenario file (grade D).
  public private(set) var stated: [String] = []

  /// Nothing is spent.
  public static func none(_ years: [Int]) -> OptionCost { OptionCost(years: years) }

  private init(years: [Int]) {
    self.years = years
    capital = years.map { _ in 0 }
    yearly = capital
  }

  init(_ variants: [EvaluatedScenario.Variant], _ model: CompiledModel) {
    self.init(years: model.grid)
    for variant in variants where variant.share > 0 {
      for choice in variant.definition.levers { add(choice, variant, model) }
    }
  }

  public var isKnown: Bool { uncosted.isEmpty }
  public var total: Double { Reductions.sum(capital) + Reductions.sum(yearly) }
  public var totalCapital: Double { Reductions.sum(capital) }
  public var totalYearly: Double { Reductions.sum(yearly) }
  /// Running cost of a year: the mean from the first year in which anything is spent to the last of the projection.
  public var meanYearly: Double {
    guard let first = yearly.firstIndex(where: { $0 != 0 }) else { return 0 }
    return Reductions.mean(Array(yearly[first...]))
  }
  /// The largest amount of one year.
  public var largestYear: Double { zip(capital, yearly).map { $0 + $1 }.max() ?? 0 }

  /// The value in the first year of the projection: an amount of year t counts 1 / (1 + rate)^(t - first).
  public func discounted(rate: Double) -> Double {
    var (sum, factor) = (0.0, 1.0)
    for (once, running) in zip(capital, yearly) {
      sum += factor * (once + running)
      factor /= 1 + rate
    }
    return sum
  }

  /// Years in which more is spent than the budget holds.
  public func yearsAbove(budget: Double) -> [Int] {
    years.indices.filter { capital[$0] + yearly[$0] > budget * (1 + 1e-12) }.map { years[$0] }
  }

  private mutating func add(
    _ choice: ScenarioDefinition.LeverChoice, _ variant: EvaluatedScenario.Variant, _ model: CompiledModel
  ) {
    guard let index = model.catalog.levers.firstIndex(where: { $0.id == choice.lever }),
      variant.scenario.moves(index)
    else { return }
    let lever = model.catalog.levers[index]
    let bases = variant.scenario.leverBaselines[index]
    var deviations = zip(variant.scenario.leverValues[index], bases).map { $0 - $1 }
    if let spread = choice.doubt?.spread {
      let ones = choice.path.naming(1)
      for (position, year) in years.enumerated() {
        deviations[position] +=
          ones.value(in: year, baseline: { _ in 0 }) * spread.scale(base: bases[position])
          * (spread.mean - spread.central)
      }
    }
    if let cost = choice.cost {
      if !stated.contains(lever.id) { stated.append(lever.id) }
      if let first = deviations.firstIndex(where: { $0 != 0 }) { capital[first] += variant.share * cost.capital }
      for (position, deviation) in deviations.enumerated() where deviation != 0 {
        yearly[position] += variant.share * cost.yearly
      }
      return
    }
    let price: Double
    switch lever.cost {
    case .unknown:
      if !uncosted.contains(lever.id) { uncosted.append(lever.id) }
      return
    case .own: price = 1
    case .perUnit(let amount): price = amount
    }
    var reached = 0.0
    for (position, deviation) in deviations.enumerated() {
      yearly[position] += variant.share * price * deviation
      if let once = lever.capitalPerUnit, deviation > reached {
        capital[position] += variant.share * once * (deviation - reached)
        reached = deviation
      }
    }
  }
}
