import NumericKernels

/// Series that add up: a list of nodes, the bottom ones last, and which bottom series each node sums.
///
/// ```swift
/// let provinces = try Hierarchy(paths: [["Coast", "Sầm Sơn"], ["Coast", "Nghi Sơn"], ["Hills", "Mường Lát"]])
/// provinces.names     // ["Total", "Coast", "Hills", "Coast/Sầm Sơn", "Coast/Nghi Sơn", "Hills/Mường Lát"]
/// let all = provinces.aggregated([3, 4, 1])
/// ```
///
/// A vector of node values is in the order of ``names``. Sums run over the bottom series in order, always alike, so
/// that two aggregates of the same bottom values have the same bits.
public struct Hierarchy: Equatable, Sendable {
  /// The names of all nodes, aggregates first, then the bottom series.
  public let names: [String]
  /// The number of bottom series.
  public let bottomCount: Int
  /// The non-zero entries of each aggregate's row of the summing matrix, in the order of the bottom series.
  let terms: [[Term]]
  /// The parent of each node, nil at the top; empty if the aggregates do not form one tree.
  let parents: [Int?]

  struct Term: Equatable, Sendable {
    let bottom: Int
    let weight: Double
  }

  /// The number of all nodes.
  public var count: Int { names.count }
  /// The number of aggregates.
  public var aggregateCount: Int { terms.count }
  /// Whether the aggregates form one tree, as top-down methods need.
  public var isTree: Bool { !parents.isEmpty }

  /// A tree from the path of each bottom series, from below the top to its own name.
  ///
  /// - Throws: ``ForecastError/badDesign(model:reason:)`` for no path, an empty one, two equal ones, or one that starts
  ///   another.
  public init(paths: [[String]], top: String = "Total") throws(ForecastError) {
    guard !paths.isEmpty, paths.allSatisfy({ !$0.isEmpty }) else { throw Self.bad("every bottom series needs a path") }
    var prefixes: [[[String]]] = []
    var members: [[String]: [Int]] = [:]
    for (bottom, path) in paths.enumerated() {
      for length in 1..<path.count where path.count > 1 {
        let prefix = Array(path[..<length])
        if members[prefix] == nil {
          while prefixes.count < length { prefixes.append([]) }
          prefixes[length - 1].append(prefix)
        }
        members[prefix, default: []].append(bottom)
      }
    }
    let leaves = Set(paths)
    guard leaves.count == paths.count, !paths.contains(where: { members[$0] != nil }) else {
      throw Self.bad("two bottom series have the same path, or one lies inside the other")
    }
    let aggregates = prefixes.joined()
    try self.init(
      names: [top] + (aggregates + paths).map { $0.joined(separator: "/") },
      terms: [paths.indices.map { Term(bottom: $0, weight: 1) }]
        + aggregates.map { (members[$0] ?? []).map { Term(bottom: $0, weight: 1) } }, bottomCount: paths.count)
  }

  /// A hierarchy, grouped or not, from the members of each aggregate.
  ///
  /// - Parameters:
  ///   - bottom: the names of the bottom series.
  ///   - aggregates: names and members (indices of bottom series), for example the total first.
  public init(bottom: [String], aggregates: [(name: String, members: [Int])]) throws(ForecastError) {
    for aggregate in aggregates {
      guard aggregate.members.allSatisfy(bottom.indices.contains),
        Set(aggregate.members).count == aggregate.members.count
      else { throw Self.bad("\(aggregate.name) has a member that does not exist or is there twice") }
    }
    try self.init(
      names: aggregates.map(\.name) + bottom,
      terms: aggregates.map { $0.members.sorted().map { Term(bottom: $0, weight: 1) } }, bottomCount: bottom.count)
  }

  /// A hierarchy from its summing matrix: a row for every node, a column for every bottom series.
  ///
  /// - Parameter summing: finite; its last rows are the identity matrix.
  public init(names: [String], summing: Matrix) throws(ForecastError) {
    let (rows, columns) = (summing.rowCount, summing.columnCount)
    guard rows == names.count, rows >= columns, summing.storage.allSatisfy(\.isFinite) else {
      throw Self.bad("the summing matrix needs finite entries and a row for each of the \(names.count) names")
    }
    for i in 0..<columns {
      guard (0..<columns).allSatisfy({ summing[rows - columns + i, $0] == (i == $0 ? 1 : 0) }) else {
        throw Self.bad("the last \(columns) rows of the summing matrix must be the identity")
      }
    }
    try self.init(
      names: names,
      terms: (0..<rows - columns).map { row in
        (0..<columns).filter { summing[row, $0] != 0 }.map { Term(bottom: $0, weight: summing[row, $0]) }
      }, bottomCount: columns)
  }

  private init(names: [String], terms: [[Term]], bottomCount: Int) throws(ForecastError) {
    guard bottomCount >= 1, terms.allSatisfy({ !$0.isEmpty }) else {
      throw Self.bad("every node needs at least one bottom series")
    }
    self.names = names
    self.terms = terms
    self.bottomCount = bottomCount
    parents = Self.parents(terms, bottomCount)
  }

  /// Parents by size: a node's parent is the smallest aggregate before it that holds all its members.
  private static func parents(_ terms: [[Term]], _ bottomCount: Int) -> [Int?] {
    guard terms.allSatisfy({ $0.allSatisfy { $0.weight == 1 } }) else { return [] }
    let order = terms.indices.sorted {
      terms[$0].count != terms[$1].count ? terms[$0].count > terms[$1].count : $0 < $1
    }
    guard let top = order.first, terms[top].count == bottomCount else { return [] }
    var parents = [Int?](repeating: nil, count: terms.count + bottomCount)
    var holder = [Int](repeating: top, count: bottomCount)
    for node in order.dropFirst() {
      let parent = holder[terms[node][0].bottom]
      for term in terms[node] {
        guard holder[term.bottom] == parent else { return [] }
        holder[term.bottom] = node
      }
      parents[node] = parent
    }
    for bottom in 0..<bottomCount { parents[terms.count + bottom] = holder[bottom] }
    return parents
  }

  /// The summing matrix: nodes x bottom series.
  public var summing: Matrix {
    var result = Matrix(rowCount: count, columnCount: bottomCount)
    for (row, list) in terms.enumerated() { for term in list { result[row, term.bottom] = term.weight } }
    for i in 0..<bottomCount { result[aggregateCount + i, i] = 1 }
    return result
  }

  /// The values of all nodes from those of the bottom series.
  public func aggregated(_ bottom: [Double]) -> [Double] {
    precondition(bottom.count == bottomCount, "a value is needed for every bottom series")
    return terms.map { list in list.reduce(0) { $0 + $1.weight * bottom[$1.bottom] } } + bottom
  }

  /// How far each aggregate is from the sum of its bottom series.
  public func incoherence(_ values: [Double]) -> [Double] {
    precondition(values.count == count, "a value is needed for every node")
    return terms.enumerated().map { row, list in
      values[row] - list.reduce(0) { $0 + $1.weight * values[aggregateCount + $1.bottom] }
    }
  }

  /// How many bottom series each node sums (the absolute weights' sum): the structural variances.
  var sizes: [Double] {
    terms.map { $0.reduce(0) { $0 + abs($1.weight) } } + [Double](repeating: 1, count: bottomCount)
  }

  static func bad(_ reason: String) -> ForecastError { .badDesign(model: "Hierarchy", reason: reason) }
}
