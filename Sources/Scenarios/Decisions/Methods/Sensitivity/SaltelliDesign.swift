import NumericKernels

/// The points at which a model is run for first-order and total Sobol indices.
///
/// Two independent samples A and B of n points, from different dimensions of one Sobol sequence, and for each group g
/// of inputs the sample AB_g: A with the columns of g taken from B. That makes n (groups + 2) runs. Inputs are
/// uniforms in (0, 1), one column per input; the caller maps them to its own distributions. Inputs of one group (all
/// noise of a simulation, say) are treated as one unknown.
///
/// Usually A takes the first dimensions and B the next ones, as they come. But some sets of few dimensions fill their
/// space badly unless n is very large, and where an input's A and B belong to one, its indices are off by several
/// times the error that the bootstrap shows (seen with 20 inputs: four standard errors, whatever the seed). Up to ten
/// inputs B's dimensions are therefore picked: each input gets, of those still free, the dimension that fills the
/// square with its own best for this n (``PairQuality``). With more inputs there are too many such sets to be
/// avoided, and the points of B are put in random order: A and B stay even by themselves, what they have to do with
/// each other is as random as the bootstrap takes it to be.
///
/// Source: Saltelli et al., Computer Physics Communications 181 (2010).
public struct SaltelliDesign: Sendable {
  public enum Block: Equatable, Sendable {
    /// A.
    case base
    /// B.
    case alternate
    /// A with the columns of one group from B.
    case mixed(group: Int)
  }

  /// How B goes with A.
  public enum Pairing: Sendable {
    /// Up to ten inputs: for each the free dimension that goes best with the input's own. Beyond: B's points in
    /// random order.
    case automatic
    /// The next dimensions in their own order, as in SALib.
    case following
  }

  /// The most inputs for which A and B together keep the evenness of the points.
  static let mostForPairs = 10

  public let inputs: Int
  /// Input positions by group; one group per input unless told otherwise.
  public let groups: [[Int]]
  /// n, a power of two.
  public let count: Int
  private let base: [[Double]]
  private let alternate: [[Double]]

  /// - Parameters:
  ///   - inputs: 1 ... 128.
  ///   - groups: disjoint, none empty; inputs in no group keep their A values in all AB_g, so only their own effect
  ///     is left out.
  ///   - count: a power of two, at least 2: other numbers lose the balance of the points.
  /// - Throws: `tooFew`, `tooMany`, `outside`.
  public init(
    inputs: Int, groups: [[Int]]? = nil, count: Int, isScrambled: Bool = true, pairing: Pairing = .automatic,
    seed: UInt64 = 0, id: String = ""
  ) throws(DecisionError) {
    let name = "a Saltelli design"
    guard inputs > 0 else { throw .tooFew(method: name, what: "inputs", needed: 1, found: inputs) }
    guard inputs <= SobolSequence.maximumDimensions / 2 else {
      throw .tooMany(method: name, what: "inputs", allowed: SobolSequence.maximumDimensions / 2, found: inputs)
    }
    guard count >= 2, count <= 1 << 24, count & (count - 1) == 0 else {
      throw .outside(method: name, what: "the number of points (\(count))", expected: "a power of two from 2 to 2^24")
    }
    let groups = groups ?? (0..<inputs).map { [$0] }
    let members = groups.flatMap { $0 }
    guard !groups.contains(where: \.isEmpty), Set(members).count == members.count,
      members.allSatisfy({ $0 >= 0 && $0 < inputs }), !groups.isEmpty
    else { throw .outside(method: name, what: "the groups", expected: "disjoint lists of inputs 0 to \(inputs - 1)") }
    self.inputs = inputs
    self.groups = groups
    self.count = count
    let isPaired = pairing == .automatic && inputs <= SaltelliDesign.mostForPairs
    let partners =
      isPaired ? PairQuality.partners(inputs: inputs, bits: count.trailingZeroBitCount) : Array(inputs..<2 * inputs)
    let columns = SobolSequence(picked: Array(0..<inputs) + partners, isScrambled: isScrambled, seed: seed, id: id)
      .columns(count: count)
    base = Array(columns[..<inputs])
    let others = Array(columns[inputs...])
    guard pairing == .automatic, !isPaired else {
      alternate = others
      return
    }
    let stream = RandomStream(seed: seed, id: "saltelli/" + id, purpose: .model)
    let keys = (0..<count).map { stream.uniform(item: 0, draw: $0) }
    let order = (0..<count).sorted { (keys[$0], $0) < (keys[$1], $1) }
    alternate = others.map { column in order.map { column[$0] } }
  }

  /// The blocks to run, A and B first.
  public var blocks: [Block] { [.base, .alternate] + groups.indices.map { .mixed(group: $0) } }

  /// The number of model runs.
  public var runs: Int { count * (groups.count + 2) }

  /// The points of a block, by input; a group that does not exist gives A.
  public func columns(_ block: Block) -> [[Double]] {
    switch block {
    case .base: return base
    case .alternate: return alternate
    case .mixed(let group):
      var columns = base
      if groups.indices.contains(group) { for input in groups[group] { columns[input] = alternate[input] } }
      return columns
    }
  }
}
