import Forecast
import NumericKernels

/// The rivals' side of the race: one normal per rival and year (``InnovationsForm``).
extension PCIRaceSampler {
  /// Rivals that share an innovations form.
  private struct Group {
    let members: [Int]
    let form: InnovationsForm
  }

  /// The deviations of all rivals.
  ///
  /// Paths through editions that published only the top are drawn again, with numbers of their own, until they stay below
  /// the bounds: exact given the turbulence of the draw, which all provinces share and which is not drawn again. After 32
  /// attempts the last one is kept, its signal clipped to the bound.
  package func rivals(into table: RivalTable) {
    for group in groups() {
      for rival in group.members { draw(rival, group.form, into: table) }
    }
  }

  private func groups() -> [Group] {
    var members: [[Int]] = []
    for (index, rival) in fit.rivals.enumerated() {
      let known = members.firstIndex { group in
        let other = fit.rivals[group[0]]
        return other.bounds.count == rival.bounds.count && InnovationsForm.isShared(other.state, rival.state)
      }
      if let known { members[known].append(index) } else { members.append([index]) }
    }
    return members.map { group in
      let first = fit.rivals[group[0]]
      let years = (fit.lastYear - first.bounds.count + 1)...lastYear
      return Group(members: group, form: InnovationsForm(first.state, scales: years.map { volatility.variances($0) }))
    }
  }

  private func draw(_ index: Int, _ form: InnovationsForm, into table: RivalTable) {
    let rival = fit.rivals[index]
    let phi = rival.state.model.persistence
    let stream = RandomStream(seed: seed, id: "pci_score/" + rival.province, purpose: .innovation)
    var level = [Double](repeating: rival.state.levelMean, count: count)
    var shock = [Double](repeating: rival.state.shockMean, count: count)
    let start = fit.lastYear - rival.bounds.count + 1
    var isBelow = [Bool](repeating: true, count: count)
    for (t, bound) in rival.bounds.enumerated() {
      let z = normals(stream, item: start + t)
      for d in 0..<count {
        shock[d] *= phi
        if level[d] + shock[d] + form.deviation[t][d] * z[d] > bound { isBelow[d] = false }
        level[d] += form.levelGain[t][d] * z[d]
        shock[d] += form.shockGain[t][d] * z[d]
      }
    }
    for d in 0..<count where !isBelow[d] { (level[d], shock[d]) = redrawn(rival, form, stream, position: d) }
    for year in (fit.lastYear + 1)...lastYear {
      let z = normals(stream, item: year)
      let t = year - start
      let row = grid.firstIndex(of: year)
      let output = row.map { table.draws(year: $0, row: index, range) }
      form.deviation[t].withUnsafeBufferPointer { deviation in
        form.levelGain[t].withUnsafeBufferPointer { levelGain in
          form.shockGain[t].withUnsafeBufferPointer { shockGain in
            for d in 0..<count {
              let faded = phi * shock[d]
              output?[d] = Float(level[d] + faded + deviation[d] * z[d])
              level[d] += levelGain[d] * z[d]
              shock[d] = faded + shockGain[d] * z[d]
            }
          }
        }
      }
    }
  }

  /// Level and shock in the last edition of a rival whose first path did not stay below the bounds.
  private func redrawn(
    _ rival: PCIRaceFit.Rival, _ form: InnovationsForm, _ stream: RandomStream, position d: Int
  ) -> (level: Double, shock: Double) {
    let phi = rival.state.model.persistence
    let start = fit.lastYear - rival.bounds.count + 1
    var (level, shock) = (0.0, 0.0)
    for attempt in 1...32 {
      (level, shock) = (rival.state.levelMean, rival.state.shockMean)
      var isBelow = true
      for (t, bound) in rival.bounds.enumerated() {
        let z = stream.normal(item: start + t, substream: attempt, draw: range.lowerBound + d)
        shock *= phi
        if level + shock + form.deviation[t][d] * z > bound {
          isBelow = false
          // What follows is of no use, unless this is the attempt that is kept.
          if attempt < 32 { break }
        }
        level += form.levelGain[t][d] * z
        shock += form.shockGain[t][d] * z
      }
      if isBelow { return (level, shock) }
    }
    let bound = rival.bounds.last { $0.isFinite } ?? .infinity
    return (level, min(shock, bound - level))
  }

  /// A merged province: the weighted mean of its parts' deviations plus noise.
  func merged(_ parts: [(rival: Int, weight: Double)], row: Int, noise: Double, table: RivalTable) {
    let stream = RandomStream(seed: seed, id: "pci_merged/" + fit.rivals[parts[0].rival].province, purpose: .innovation)
    for (index, year) in grid.enumerated() {
      var total = normals(stream, item: year)
      for d in total.indices { total[d] *= noise }
      for part in parts {
        let values = table.draws(year: index, row: part.rival, range)
        for d in total.indices { total[d] += part.weight * Double(values[d]) }
      }
      let output = table.draws(year: index, row: row, range)
      for d in total.indices { output[d] = Float(total[d]) }
    }
  }
}
