/// Shares by which forecasts of anchors go down to the bottom series.
///
/// The top as the only anchor is top-down; a middle level of nodes is middle-out.
///
/// Source: Gross and Sohl, Journal of Forecasting 9 (1990); Athanasopoulos, Ahmed and Hyndman, International Journal of
/// Forecasting 25 (2009) for forecast proportions.
public struct TopDown: Equatable, Sendable {
  /// The anchor of each bottom series, an index of ``Hierarchy/names``.
  public let anchors: [Int]
  /// The share of each bottom series in its anchor; those of an anchor add up to 1.
  public let shares: [Double]

  /// Shares of one's own.
  ///
  /// - Parameter anchors: nodes that together hold every bottom series once; nil for the top.
  public init(_ hierarchy: Hierarchy, shares: [Double], anchors: [Int]? = nil) throws(ForecastError) {
    self.anchors = try Self.anchors(hierarchy, anchors)
    self.shares = shares
    try check(hierarchy)
  }

  /// The averages over time of each bottom series' share in its anchor; times with a missing value or an anchor of 0
  /// are left out.
  public static func averageProportions(
    _ hierarchy: Hierarchy, history: [[Double]], anchors: [Int]? = nil
  ) throws(ForecastError) -> TopDown {
    let chosen = try Self.anchors(hierarchy, anchors)
    let totals = try totals(hierarchy, history, chosen)
    var shares = [Double](repeating: 0, count: history.count)
    for (bottom, series) in history.enumerated() {
      let ratios = zip(series, totals[chosen[bottom]] ?? []).filter { !$1.isNaN && $1 != 0 }.map { $0 / $1 }
      shares[bottom] = ratios.reduce(0, +) / Double(ratios.count)
    }
    return try TopDown(hierarchy, shares: shares, anchors: anchors)
  }

  /// The shares of each bottom series' average in its anchor's average; times with a missing value are left out.
  public static func proportionsOfAverages(
    _ hierarchy: Hierarchy, history: [[Double]], anchors: [Int]? = nil
  ) throws(ForecastError) -> TopDown {
    let chosen = try Self.anchors(hierarchy, anchors)
    let totals = try totals(hierarchy, history, chosen)
    var shares = [Double](repeating: 0, count: history.count)
    for (bottom, series) in history.enumerated() {
      let total = totals[chosen[bottom]] ?? []
      let used = zip(series, total).filter { !$1.isNaN }
      shares[bottom] = used.reduce(0) { $0 + $1.0 } / used.reduce(0) { $0 + $1.1 }
    }
    return try TopDown(hierarchy, shares: shares, anchors: anchors)
  }

  /// Shares from the base forecasts of one step: at every node below an anchor, its forecast over the sum of its
  /// siblings'.
  ///
  /// - Parameter base: one forecast per node.
  /// - Throws: ``ForecastError/badDesign(model:reason:)`` if the hierarchy is no tree or siblings' forecasts add up to
  ///   0.
  public static func forecastProportions(
    _ hierarchy: Hierarchy, base: [Double], anchors: [Int]? = nil
  ) throws(ForecastError) -> TopDown {
    guard hierarchy.isTree else { throw Hierarchy.bad("forecast proportions need a tree") }
    guard base.count == hierarchy.count else { throw Hierarchy.bad("a base forecast is needed for every node") }
    let chosen = try Self.anchors(hierarchy, anchors)
    var siblings = [Double](repeating: 0, count: hierarchy.count)
    for (node, parent) in hierarchy.parents.enumerated() { if let parent { siblings[parent] += base[node] } }
    let shares = (0..<hierarchy.bottomCount).map { bottom in
      var node = hierarchy.aggregateCount + bottom
      var share = 1.0
      while node != chosen[bottom], let parent = hierarchy.parents[node] {
        share *= base[node] / siblings[parent]
        node = parent
      }
      return share
    }
    return try TopDown(hierarchy, shares: shares, anchors: anchors)
  }

  func check(_ hierarchy: Hierarchy) throws(ForecastError) {
    guard shares.count == hierarchy.bottomCount, shares.allSatisfy(\.isFinite) else {
      throw Hierarchy.bad("a finite share is needed for each of the \(hierarchy.bottomCount) bottom series")
    }
    var sums: [Int: Double] = [:]
    for (anchor, share) in zip(anchors, shares) { sums[anchor, default: 0] += share }
    guard sums.values.allSatisfy({ abs($0 - 1) < 1e-9 }) else {
      throw Hierarchy.bad("the shares of an anchor must add up to 1")
    }
  }

  /// The anchor of each bottom series.
  private static func anchors(_ hierarchy: Hierarchy, _ nodes: [Int]?) throws(ForecastError) -> [Int] {
    let top = hierarchy.terms.firstIndex { $0.count == hierarchy.bottomCount }
    let chosen = nodes ?? top.map { [$0] } ?? (hierarchy.bottomCount == 1 ? [hierarchy.aggregateCount] : [])
    var result = [Int?](repeating: nil, count: hierarchy.bottomCount)
    for node in chosen {
      guard node >= 0, node < hierarchy.count else { throw Hierarchy.bad("there is no node \(node)") }
      let isBottom = node >= hierarchy.aggregateCount
      let terms = isBottom ? [.init(bottom: node - hierarchy.aggregateCount, weight: 1)] : hierarchy.terms[node]
      for term in terms {
        guard result[term.bottom] == nil, term.weight == 1 else {
          throw Hierarchy.bad("anchors must hold every bottom series once, with weight 1")
        }
        result[term.bottom] = node
      }
    }
    let found = result.compactMap { $0 }
    guard found.count == hierarchy.bottomCount else {
      throw Hierarchy.bad("anchors must hold every bottom series once")
    }
    return found
  }

  /// The sums of each anchor's bottom series at every time, NaN where one is missing.
  private static func totals(
    _ hierarchy: Hierarchy, _ history: [[Double]], _ anchors: [Int]
  ) throws(ForecastError) -> [Int: [Double]] {
    let times = history.first?.count ?? 0
    guard history.count == hierarchy.bottomCount, times > 0, history.allSatisfy({ $0.count == times }) else {
      throw Hierarchy.bad(
        "a history of the same length is needed for each of the \(hierarchy.bottomCount) bottom series")
    }
    var totals: [Int: [Double]] = [:]
    for (anchor, series) in zip(anchors, history) {
      let sum = totals[anchor] ?? [Double](repeating: 0, count: times)
      totals[anchor] = zip(sum, series).map { $0 + $1 }
    }
    return totals
  }
}
