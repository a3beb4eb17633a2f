/// The sum of squared one-step errors of a theta model as a function of the smoothing level alone.
///
/// With q = 1 - alpha, and steps counted from 1, the one-step error is linear in the initial level and in w = 1 - 1 /
/// theta:
///
///     e[t] = (y[t] - s[t - 1]) - initialLevel q^(t - 1) - w g[t],   g[t] = q^(t - 1) A[t - 1] + (1 - q^t) / alpha B[t - 1]
///
/// with s the level smoothed from 0 and A, B the line, neither of which depends on those two. So both are solved
/// exactly for each alpha (w held to 0 ... 1; the level, counted from the first observation, is 0 when it is anchored),
/// and what is left is a search on one interval: a grid, then a bracket divided by five at each round, four alphas at a
/// time, then a parabola. That finds the best of several minima, which a descent from one start does not.
struct ThetaProfile {
  static let smallestAlpha = 0.1
  static let largestAlpha = 0.99

  let y: [Double]
  let lines: ThetaLines
  /// Whether the error of a step counts.
  let counts: [Bool]
  let estimation: ThetaEstimation
  /// nil to estimate the weight of the line.
  let fixedWeight: Double?

  struct Optimum {
    var alpha: Double
    var weight: Double
    /// The initial level times q^skipped, which is what the counted errors see.
    var carriedLevel: Double
    var squares: Double
  }

  func optimum() -> Optimum {
    let (low, high) = (Self.smallestAlpha, Self.largestAlpha)
    let cells = 16
    let width = (high - low) / Double(cells - 1)
    var best = solve(SIMD4(repeating: low)).0
    for block in 0..<(cells / 4) {
      let index = SIMD4<Double>(0, 1, 2, 3) + Double(4 * block)
      best = better(best, solve(low + width * index))
    }
    var radius = width
    for _ in 0..<6 {
      let offsets = SIMD4<Double>(-0.6, -0.2, 0.2, 0.6) * radius
      let alphas = (best.alpha + offsets).clamped(lowerBound: SIMD4(repeating: low), upperBound: SIMD4(repeating: high))
      best = better(best, solve(alphas))
      radius *= 0.4
    }
    // Two parabolas through the lowest point and its neighbours; the second on a shorter base.
    for _ in 0..<2 {
      let alphas = SIMD4(best.alpha - radius, best.alpha, best.alpha + radius, best.alpha)
        .clamped(lowerBound: SIMD4(repeating: low), upperBound: SIMD4(repeating: high))
      let (a, b, c, _) = solve(alphas)
      best = better(best, (a, b, c, b))
      let curvature = a.squares - 2 * b.squares + c.squares
      if curvature > 0, alphas[0] < alphas[1], alphas[1] < alphas[2] {
        let vertex = alphas[1] + 0.5 * radius * (a.squares - c.squares) / curvature
        if vertex > alphas[0], vertex < alphas[2] { best = better(best, solve(SIMD4(repeating: vertex))) }
      }
      radius *= 0.05
    }
    return best
  }

  /// The optimum at one given alpha.
  func optimum(alpha: Double) -> Optimum { solve(SIMD4(repeating: alpha)).0 }

  private func better(_ best: Optimum, _ four: (Optimum, Optimum, Optimum, Optimum)) -> Optimum {
    var best = best
    if four.0.squares < best.squares { best = four.0 }
    if four.1.squares < best.squares { best = four.1 }
    if four.2.squares < best.squares { best = four.2 }
    if four.3.squares < best.squares { best = four.3 }
    return best
  }

  /// Second moments of the level's errors r, the decay p = q^(t - 1 - skipped) and the line's regressor g over the
  /// counted steps.
  private struct Moments {
    var rr = SIMD4<Double>.zero
    var rp = SIMD4<Double>.zero
    var rg = SIMD4<Double>.zero
    var pp = SIMD4<Double>.zero
    var pg = SIMD4<Double>.zero
    var gg = SIMD4<Double>.zero
  }

  private func solve(_ alphas: SIMD4<Double>) -> (Optimum, Optimum, Optimum, Optimum) {
    let moments = moments(alphas)
    return (
      solve(moments, alphas, 0), solve(moments, alphas, 1), solve(moments, alphas, 2), solve(moments, alphas, 3)
    )
  }

  private func moments(_ alpha: SIMD4<Double>) -> Moments {
    let q = 1 - alpha
    let inverse = 1 / alpha
    // Powers stop here: lower ones change no sum, and numbers near the end of the range are slow.
    let floor = SIMD4<Double>(repeating: 1e-150)
    var result = Moments()
    let n = y.count
    let skipped = estimation.skipped
    y.withUnsafeBufferPointer { y in
      lines.intercepts.withUnsafeBufferPointer { intercepts in
        lines.slopes.withUnsafeBufferPointer { slopes in
          counts.withUnsafeBufferPointer { counts in
            var level = SIMD4<Double>.zero
            var power = SIMD4<Double>(repeating: 1)
            var decay = power
            for t in 0..<n {
              let error = y[t] - level
              let next = pointwiseMax(power * q, floor)
              if t >= skipped {
                if counts[t] {
                  let g = power * intercepts[t - 1] + (1 - next) * inverse * slopes[t - 1]
                  result.rr += error * error
                  result.rp += error * decay
                  result.rg += error * g
                  result.pp += decay * decay
                  result.pg += decay * g
                  result.gg += g * g
                }
                decay = pointwiseMax(decay * q, floor)
              }
              level += alpha * error
              power = next
            }
          }
        }
      }
    }
    return result
  }

  private func solve(_ m: Moments, _ alphas: SIMD4<Double>, _ lane: Int) -> Optimum {
    // The pull adds pull (w - 1/2)^2.
    let pull = estimation.pull
    let (rr, rp, rg) = (m.rr[lane] + 0.25 * pull, m.rp[lane], m.rg[lane] + 0.5 * pull)
    let (pp, pg, gg) = (m.pp[lane], m.pg[lane], m.gg[lane] + pull)
    let inverse = estimation == .leastSquares && pp > 0 ? 1 / pp : 0
    // What the decay leaves of r and g.
    let rest = rg - rp * pg * inverse
    let size = gg - pg * pg * inverse
    var weight = fixedWeight ?? 0.5
    if fixedWeight == nil, size > 1e-13 * gg { weight = min(max(rest / size, 0), 1) }
    let level = (rp - weight * pg) * inverse
    let squares = (rr - rp * rp * inverse) - 2 * weight * rest + weight * weight * size
    return Optimum(alpha: alphas[lane], weight: weight, carriedLevel: level, squares: max(squares, 0))
  }
}
