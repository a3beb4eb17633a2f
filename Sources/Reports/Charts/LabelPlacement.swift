/// Moves labels that would lie on each other apart, along one axis.
package enum LabelPlacement {
  /// Positions at least `gap` apart, in the order of the wanted ones and as near to them as pushing in pairs gets; kept inside
  /// `span` as long as they fit.
  package static func spread(_ wanted: [Double], gap: Double, in span: ClosedRange<Double>) -> [Double] {
    let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
    // Clusters of labels that touch: each lies about the mean of what its members wanted.
    var clusters: [(members: [Int], middle: Double)] = []
    for index in order {
      clusters.append(([index], wanted[index]))
      while clusters.count > 1 {
        let (low, high) = (clusters[clusters.count - 2], clusters[clusters.count - 1])
        let room = gap * Double(low.members.count + high.members.count) / 2
        guard high.middle - low.middle < room else { break }
        let members = low.members + high.members
        clusters.removeLast(2)
        let half = gap * Double(members.count - 1) / 2
        var middle = members.reduce(0) { $0 + wanted[$1] } / Double(members.count)
        middle = max(min(middle, span.upperBound - half), min(span.lowerBound + half, span.upperBound - half))
        clusters.append((members, middle))
      }
    }
    var placed = wanted
    for cluster in clusters {
      for (position, index) in cluster.members.enumerated() {
        placed[index] = cluster.middle + gap * (Double(position) - Double(cluster.members.count - 1) / 2)
      }
    }
    return placed
  }
}
