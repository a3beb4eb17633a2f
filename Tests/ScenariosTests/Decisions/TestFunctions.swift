import Foundation
import NumericKernels

/// Functions of uniforms in (0, 1) whose sensitivity indices are known in closed form.
enum TestFunctions {
  static func map(_ columns: [[Double]], _ function: ([Double]) -> Double) -> [Double] {
    (columns.first ?? []).indices.map { row in function(columns.map { $0[row] }) }
  }

  /// Ishigami and Homma (1990) with a = 7 and b = 0.1.
  static func ishigami(_ u: [Double]) -> Double {
    let x = u.map { (2 * $0 - 1) * Double.pi }
    return sin(x[0]) + 7 * sin(x[1]) * sin(x[1]) + 0.1 * x[2] * x[2] * x[2] * x[2] * sin(x[0])
  }

  static let ishigamiIndices: (first: [Double], total: [Double]) = {
    let pi4 = Double.pi * Double.pi * Double.pi * Double.pi
    let both = 0.01 * pi4 * pi4 * (1.0 / 18 - 1.0 / 50)
    let one = 0.5 * (1 + 0.1 * pi4 / 5) * (1 + 0.1 * pi4 / 5)
    let two = 49.0 / 8
    let all = one + two + both
    return ([one / all, two / all, 0], [(one + both) / all, two / all, both / all])
  }()

  /// Sobol's g function.
  static func g(_ a: [Double]) -> @Sendable ([Double]) -> Double {
    { u in zip(u, a).reduce(1) { $0 * (abs(4 * $1.0 - 2) + $1.1) / (1 + $1.1) } }
  }

  static func gIndices(_ a: [Double]) -> (first: [Double], total: [Double]) {
    let parts = a.map { 1 / (3 * (1 + $0) * (1 + $0)) }
    let all = parts.reduce(1) { $0 * (1 + $1) } - 1
    return (parts.map { $0 / all }, parts.map { $0 * (1 + all) / (1 + $0) / all })
  }

  /// Morris (1991), the coefficients that he leaves to chance set to 0: a polynomial that is linear in each w.
  private static let morrisTerms: [(set: [Int], coefficient: Double)] = {
    var terms: [(set: [Int], coefficient: Double)] = []
    for i in 0..<10 { terms.append(([i], 20)) }
    for i in 0..<6 { for j in i + 1..<6 { terms.append(([i, j], -15)) } }
    for i in 0..<5 { for j in i + 1..<5 { for k in j + 1..<5 { terms.append(([i, j, k], -10)) } } }
    return terms + [([0, 1, 2, 3], 5)]
  }()

  static func morris(_ u: [Double]) -> Double {
    let w = u.enumerated().map { i, x in
      [2, 4, 6].contains(i) ? 2 * (1.1 * x / (x + 0.1) - 0.5) : 2 * (x - 0.5)
    }
    return morrisTerms.reduce(0) { $0 + $1.set.reduce($1.coefficient) { $0 * w[$1] } }
  }

  /// From the decomposition of the polynomial in w - E[w].
  static func morrisIndices(inputs: Int) -> (first: [Double], total: [Double]) {
    let curvedMean = 2 * (1.1 * (1 - 0.1 * log(11)) - 0.5)
    // E[(x / (x + c))^2] = 1 - 2 c ln((1 + c) / c) + c^2 (1 / c - 1 / (1 + c)).
    let square = 1 - 0.2 * log(11) + 0.01 * (10 - 1 / 1.1)
    let plain = 1 - 0.1 * log(11)
    let curvedVariance = 4 * 1.21 * (square - plain * plain)
    let mean = (0..<inputs).map { [2, 4, 6].contains($0) ? curvedMean : 0 }
    let variance = (0..<inputs).map { [2, 4, 6].contains($0) ? curvedVariance : 1.0 / 3 }
    var parts: [Set<Int>: Double] = [:]
    for (set, coefficient) in morrisTerms {
      for bits in 1..<(1 << set.count) {
        let kept = set.indices.filter { bits >> $0 & 1 == 1 }.map { set[$0] }
        let rest = set.filter { !kept.contains($0) }
        parts[Set(kept), default: 0] += rest.reduce(coefficient) { $0 * mean[$1] }
      }
    }
    let shares = parts.map { (set: $0.key, part: $0.key.reduce($0.value * $0.value) { $0 * variance[$1] }) }
    let all = shares.reduce(0) { $0 + $1.part }
    return (
      (0..<inputs).map { i in shares.filter { $0.set == [i] }.reduce(0) { $0 + $1.part } / all },
      (0..<inputs).map { i in shares.filter { $0.set.contains(i) }.reduce(0) { $0 + $1.part } / all }
    )
  }

  static func uniforms(_ count: Int, item: Int, id: String) -> [Double] {
    let stream = RandomStream(seed: 11, id: id, purpose: .model)
    return (0..<count).map { stream.uniform(item: item, draw: $0) }
  }

  static func normals(_ count: Int, item: Int, id: String) -> [Double] {
    uniforms(count, item: item, id: id).map { VectorMath.normalQuantile($0) }
  }
}
