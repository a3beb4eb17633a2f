/// Shifts sub-indices together, in proportion to how they move with the score, until their weighted sum is a given score.
///
/// Everything is on logit scales: z[k][d] of sub-index k in draw d, and the score of draw d. With sub-index k at
/// 10 / (1 + exp(-z)), the score is 100 times the weighted mean of 1 / (1 + exp(-z - shift loading)), increasing in the shift:
/// Newton's method, all draws at once, until every score is met to 1e-11 points.
struct SubIndexShift {
  let weights: [Double]
  let loading: [Double]

  func move(_ z: inout [[Double]], toScores logits: [Double]) {
    let count = logits.count
    let targets = PCIRace.probabilities(logits)
    var shift = [Double](repeating: 0, count: count)
    var shifted = shift
    for _ in 0..<50 {
      var score = [Double](repeating: 0, count: count)
      var slope = score
      for k in weights.indices {
        for d in 0..<count { shifted[d] = z[k][d] + shift[d] * loading[k] }
        let p = PCIRace.probabilities(shifted)
        let (weight, steepness) = (weights[k], weights[k] * loading[k])
        for d in 0..<count {
          score[d] += weight * p[d]
          slope[d] += steepness * p[d] * (1 - p[d])
        }
      }
      // A draw that has arrived stays: what it becomes does not depend on the other draws of its block.
      var moving = false
      for d in 0..<count {
        let missing = targets[d] - score[d]
        guard abs(missing) >= 1e-13 else { continue }
        shift[d] += min(max(missing / slope[d], -2), 2)
        moving = true
      }
      if !moving { break }
    }
    for k in weights.indices { for d in 0..<count { z[k][d] += shift[d] * loading[k] } }
  }
}
