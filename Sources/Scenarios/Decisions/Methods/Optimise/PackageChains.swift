/// Efficient packages of projects whose gains add up, merged project by project; each remembers the one it was made
/// from.
struct PackageChains {
  private struct Node {
    let cost: Double
    let gain: Double
    let project: Int
    let parent: Int
  }

  private var nodes = [Node(cost: 0, gain: 0, project: -1, parent: -1)]
  private var front = [0]

  init(costs: [Double], gains: [Double], most: Double) throws(DecisionError) {
    // Good projects first keep the lists short.
    let order = costs.indices.filter { gains[$0] > 0 && costs[$0] <= most }
      .sorted { (gains[$0] * costs[$1], $1) > (gains[$1] * costs[$0], $0) }
    for project in order { try add(project, costs[project], gains[project], most) }
  }

  private mutating func add(_ project: Int, _ cost: Double, _ gain: Double, _ most: Double) throws(DecisionError) {
    var merged: [Int] = []
    var best = -Double.infinity
    var (old, new) = (0, 0)
    let before = front
    while old < before.count || new < before.count {
      let added = new < before.count ? nodes[before[new]].cost + cost : .infinity
      if new < before.count, added > most {
        new = before.count
        continue
      }
      let addedGain = new < before.count ? nodes[before[new]].gain + gain : -.infinity
      let isOld =
        old < before.count
        && (nodes[before[old]].cost < added
          || (nodes[before[old]].cost == added && nodes[before[old]].gain >= addedGain))
      if isOld {
        if nodes[before[old]].gain > best {
          best = nodes[before[old]].gain
          merged.append(before[old])
        }
        old += 1
      } else {
        if addedGain > best {
          best = addedGain
          nodes.append(Node(cost: added, gain: addedGain, project: project, parent: before[new]))
          merged.append(nodes.count - 1)
        }
        new += 1
      }
    }
    guard nodes.count <= 4 * ProjectFront.mostPackages, merged.count <= ProjectFront.mostPackages else {
      throw .tooMany(
        method: "the front of projects", what: "efficient packages", allowed: ProjectFront.mostPackages,
        found: max(merged.count, nodes.count / 4))
    }
    front = merged
  }

  func packages(costs: [Double], gains: [Double]) -> [ProjectPackage] {
    front.map { last in
      var projects: [Int] = []
      var node = last
      while node > 0 {
        projects.append(nodes[node].project)
        node = nodes[node].parent
      }
      projects.sort()
      return ProjectPackage(
        projects: projects, cost: projects.reduce(0) { $0 + costs[$1] }, gain: projects.reduce(0) { $0 + gains[$1] })
    }
  }
}
