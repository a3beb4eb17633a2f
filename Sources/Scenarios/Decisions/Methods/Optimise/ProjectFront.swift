/// The efficient packages of yes/no projects: for every budget, the best that can be had.
///
/// Exact in three ways: by going through all 2^n packages (up to 25 projects, any objective or pairwise
/// interactions), in the order of the Gray code so that neighbours differ in one project; or, where gains simply add
/// up, by merging efficient packages project by project (Nemhauser and Ullmann, Management Science 15, 1969), for
/// which the number of projects matters less than the number of efficient packages. A bigger budget is never worse,
/// since a package that fits a budget fits every larger one.
///
/// Costs are compared with a tolerance of 1e-12 of their sum, so that 0.1 + 0.2 fits a budget of 0.3.
public struct ProjectFront: Sendable {
  public static let mostForEnumeration = 25
  /// Efficient packages that are kept at most when gains add up.
  public static let mostPackages = 2_000_000

  /// By rising cost and gain, from the best package that costs nothing.
  public let packages: [ProjectPackage]
  private let tolerance: Double
  private static let name = "the choice of projects"

  /// Any objective.
  ///
  /// - Parameters:
  ///   - costs: not negative.
  ///   - limit: costlier packages are not looked at; nil for all.
  ///   - objective: the gain of a package given as bits (project 0 in the lowest); nil if it is not allowed (projects
  ///     that exclude or need each other). Called for every package within the limit.
  /// - Throws: `tooMany`, `outside`, `nonFinite`. There are no packages if none is allowed.
  public init(costs: [Double], limit: Double? = nil, objective: @escaping (UInt32) -> Double?) throws(DecisionError) {
    try self.init(costs, limit, CalledGain(objective: objective))
  }

  /// Gains with pairwise interactions: the sum of the chosen projects' gains and of the interactions of chosen pairs.
  ///
  /// - Throws: `tooMany`, `lengths`, `outside`, `nonFinite`.
  public init(
    costs: [Double], gains: [Double], interactions: [ProjectInteraction], limit: Double? = nil
  ) throws(DecisionError) {
    try self.init(costs, limit, try PairwiseGain(costs: costs, gains: gains, interactions: interactions))
  }

  private init<State: PackageGain>(_ costs: [Double], _ limit: Double?, _ start: State) throws(DecisionError) {
    let count = costs.count
    guard count <= ProjectFront.mostForEnumeration else {
      throw .tooMany(
        method: ProjectFront.name, what: "projects", allowed: ProjectFront.mostForEnumeration, found: count)
    }
    tolerance = try ProjectFront.tolerance(costs)
    let most = (limit ?? .infinity) + tolerance
    var front = GrowingFront()
    var state = start
    let bits = min(count, 12)
    for block in 0..<UInt32(1) << UInt32(count - bits) {
      // Each block starts from fresh sums, so that rounding does not build up along the Gray code.
      var mask = (block ^ (block >> 1)) << UInt32(bits)
      if block & 1 == 1, bits > 0 { mask |= UInt32(1) << UInt32(bits - 1) }
      var cost = ProjectFront.sum(costs, mask)
      state.start(mask)
      for step in 1...UInt32(1) << UInt32(bits) {
        if cost <= most, let gain = state.gain(mask) {
          guard gain.isFinite else {
            throw .nonFinite(method: ProjectFront.name, what: "the gain of package", position: Int(mask))
          }
          front.offer(mask, cost: cost, gain: gain)
        }
        guard step < UInt32(1) << UInt32(bits) else { break }
        let project = step.trailingZeroBitCount
        mask ^= UInt32(1) << UInt32(project)
        let isIn = mask >> UInt32(project) & 1 == 1
        cost += isIn ? costs[project] : -costs[project]
        state.flip(project, isIn: isIn)
      }
    }
    packages = ProjectFront.cleaned(
      front.entries.map { entry in
        state.start(entry.mask)
        return ProjectPackage(
          projects: (0..<count).filter { entry.mask >> UInt32($0) & 1 == 1 },
          cost: ProjectFront.sum(costs, entry.mask), gain: state.gain(entry.mask) ?? entry.gain)
      })
  }

  /// Gains that add up, any number of projects.
  ///
  /// - Throws: `tooMany` (efficient packages), `lengths`, `outside`, `nonFinite`.
  public init(costs: [Double], gains: [Double], limit: Double? = nil) throws(DecisionError) {
    guard costs.count == gains.count else {
      throw .lengths(method: ProjectFront.name, what: "the gains", expected: costs.count, found: gains.count)
    }
    try DecisionError.requireFinite(gains, "the gains", method: ProjectFront.name)
    tolerance = try ProjectFront.tolerance(costs)
    let chains = try PackageChains(costs: costs, gains: gains, most: (limit ?? .infinity) + tolerance)
    packages = ProjectFront.cleaned(chains.packages(costs: costs, gains: gains))
  }

  /// The best package within a budget; nil if none fits.
  public func best(budget: Double) -> ProjectPackage? { packages.last { $0.cost <= budget + tolerance } }

  /// The cheapest package that brings more than the best within a budget: how much more money it takes, and what for.
  public func next(budget: Double) -> ProjectPackage? { packages.first { $0.cost > budget + tolerance } }

  /// What one more unit of budget is worth: the slope of the smallest concave curve above the front, to the right of
  /// the budget.
  ///
  /// Projects come in lumps, so the next unit may buy nothing; this is the price at which, spread over lumps, it
  /// pays. 0 when everything worth having is bought; nil when no package fits.
  public func shadowPrice(budget: Double) -> Double? {
    guard let first = packages.first, first.cost <= budget + tolerance else { return nil }
    var hull: [ProjectPackage] = []
    for package in packages {
      while hull.count >= 2 {
        let (a, b) = (hull[hull.count - 2], hull[hull.count - 1])
        guard (b.gain - a.gain) * (package.cost - b.cost) <= (package.gain - b.gain) * (b.cost - a.cost) else { break }
        hull.removeLast()
      }
      hull.append(package)
    }
    guard let end = hull.firstIndex(where: { $0.cost > budget + tolerance }), end > 0 else { return 0 }
    return (hull[end].gain - hull[end - 1].gain) / (hull[end].cost - hull[end - 1].cost)
  }

  static func tolerance(_ costs: [Double]) throws(DecisionError) -> Double {
    try DecisionError.requireFinite(costs, "the costs", method: name)
    guard costs.allSatisfy({ $0 >= 0 }) else { throw .outside(method: name, what: "costs", expected: "not negative") }
    return 1e-12 * costs.reduce(0, +)
  }

  private static func sum(_ values: [Double], _ mask: UInt32) -> Double {
    values.indices.reduce(0) { mask >> UInt32($1) & 1 == 1 ? $0 + values[$1] : $0 }
  }

  /// Sums made afresh may show that two packages differ by rounding only.
  private static func cleaned(_ packages: [ProjectPackage]) -> [ProjectPackage] {
    let scale = 1e-12 * packages.reduce(0) { max($0, abs($1.gain)) }
    var result: [ProjectPackage] = []
    for package in packages.sorted(by: { ($0.cost, -$0.gain) < ($1.cost, -$1.gain) }) {
      if let last = result.last, package.gain <= last.gain + scale { continue }
      result.append(package)
    }
    return result
  }
}
