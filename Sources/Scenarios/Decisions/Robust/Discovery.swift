import NumericKernels

/// In which futures does an option fail (or, where it mostly fails, succeed)? In words of the uncertain inputs.
///
/// PRIM with bumping looks for a box that holds most cases (coverage) and little else (density); limits that could be chance (quasi-p
/// above 5%) are dropped again. A short decision tree asks the same question in another way. Cases are whichever of failing and
/// meeting is rarer, so that the sentence says something.
public struct Discovery: Sendable {
  public enum Outcome: Sendable, Equatable {
    case found
    /// Fewer than 1% of the futures are cases.
    case tooRare
    /// No box is at least a fifth denser than all futures: the named inputs do not decide.
    case unexplained
    /// Nothing named is uncertain.
    case noInputs
  }

  public struct Limit: Sendable, Equatable {
    /// Position in ``inputs``.
    public let input: Int
    public let lower: Double?
    public let upper: Double?
  }

  public struct Region: Sendable {
    public let limits: [Limit]
    public let quality: BoxQuality
  }

  public let option: String
  /// Whether the cases are futures that miss the goal.
  public let isFailure: Bool
  /// The share of the futures that are cases.
  public let share: Double
  public let inputs: [UncertainInput]
  public let outcome: Outcome
  /// The box; nil unless one was found.
  public let box: Region?
  /// Leaves of the tree of at most two questions in which most futures are cases, by falling coverage, from a tenth of all cases on;
  /// empty where no box was found, because a tree always finds something to split.
  public let leaves: [Region]

  static let rarest = 0.01
  static let leastLift = 1.2
  static let questions = 2
  static let leastCoverage = 0.1

  /// - Parameter isMet: by draw.
  init(_ option: String, isMet: [Bool], inputs: [UncertainInput], seed: UInt64, threads: Int) throws {
    self.option = option
    self.inputs = inputs
    let failing = Double(isMet.count { !$0 }) / Double(max(isMet.count, 1))
    isFailure = failing <= 0.5
    share = min(failing, 1 - failing)
    let wanted = !isFailure
    let cases = isMet.map { $0 == wanted }
    guard share >= Discovery.rarest, isMet.count >= 100 else {
      (outcome, box, leaves) = (.tooRare, nil, [])
      return
    }
    guard !inputs.isEmpty else {
      (outcome, box, leaves) = (.noInputs, nil, [])
      return
    }
    let columns = inputs.map(\.values)
    let prim = try PRIM(inputs: columns, isCase: cases)
    let steps = try prim.bump(seed: seed, id: option, threads: threads)
    let chosen = steps.isEmpty ? ScenarioBox.everything : steps[prim.recommended(steps)].box
    let pruned = Discovery.pruned(chosen, prim)
    let quality = prim.quality(pruned)
    guard !pruned.limits.isEmpty, quality.density >= Discovery.leastLift * share else {
      (outcome, box, leaves) = (.unexplained, nil, [])
      return
    }
    (outcome, box) = (.found, Region(limits: Discovery.limits(pruned), quality: quality))
    let tree = try DecisionTree(inputs: columns, isCase: cases, depth: Discovery.questions)
    leaves = tree.leaves.filter {
      $0.isCase && $0.quality.coverage >= Discovery.leastCoverage && !$0.box.limits.isEmpty
    }
    .sorted { $0.quality.coverage > $1.quality.coverage }.map {
      Region(limits: Discovery.limits($0.box), quality: $0.quality)
    }
  }

  private static func limits(_ box: ScenarioBox) -> [Limit] {
    box.limits.map { Limit(input: $0.input, lower: $0.lower, upper: $0.upper) }
  }

  /// The box without limits that chance explains, the weakest first.
  private static func pruned(_ box: ScenarioBox, _ prim: PRIM) -> ScenarioBox {
    var box = box
    while true {
      guard let weakest = prim.significance(box).max(by: { $0.quasiP < $1.quasiP }), weakest.quasiP > 0.05 else {
        return box
      }
      let own = box.limits.first { $0.input == weakest.input }
      box = ScenarioBox(
        box.limits.filter { $0.input != weakest.input } + [
          .init(
            input: weakest.input, lower: weakest.isUpper ? own?.lower : nil,
            upper: weakest.isUpper ? nil : own?.upper)
        ])
    }
  }
}
