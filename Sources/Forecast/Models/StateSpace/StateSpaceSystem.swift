/// A linear Gaussian state-space model with scalar observations, stored for fast filtering.
///
///     y[e] = z[e]' a[t] + noise,                      noise ~ N(0, w[e] h)
///     a[t+1] = T[t] a[t] + Σ s[j] η[j],               η[j] ~ N(0, q[j])
///     a[0] = initial mean + Σ p[i] N(0, v[i]) + Σ d[k] δ[k],   δ diffuse
///
/// A period has any number of observations (events), none where it is missing. T[t] is one sparse matrix, except for rows that
/// a period replaces: these are the running sums of the cumulators. All vectors are sparse and lie in one pool, so that the row
/// which observes a sum and the row which carries it on are stored once.
package struct StateSpaceSystem: Sendable {
  package var stateCount: Int
  package var periodCount: Int

  // The pool of sparse vectors: entries `vectorStart[id] ..< vectorStart[id + 1]`.
  package private(set) var vectorStart: [Int] = [0]
  package private(set) var vectorIndex: [Int] = []
  package private(set) var vectorValue: [Double] = []
  /// The smallest index of each vector: its product with the columns of a triangular root before that is 0.
  package private(set) var vectorFirst: [Int] = []

  /// The vector of each row of T.
  package var transitionRows: [Int] = []

  /// Events of period t: `eventStart[t] ..< eventStart[t + 1]`.
  package private(set) var eventStart: [Int] = [0]
  package private(set) var eventVector: [Int] = []
  package private(set) var eventValue: [Double] = []
  package private(set) var eventNoise: [Double] = []

  /// Rows that the transition from t to t + 1 replaces: `replacedStart[t] ..< replacedStart[t + 1]`.
  package private(set) var replacedStart: [Int] = [0]
  package private(set) var replacedRow: [Int] = []
  package private(set) var replacedVector: [Int] = []

  /// h
  package var noiseVariance = 0.0
  package var shockVectors: [Int] = []
  package var shockVariances: [Double] = []
  package var diffuseVectors: [Int] = []
  package var initialVectors: [Int] = []
  package var initialVariances: [Double] = []
  package var initialMean: [Double]

  package init(stateCount: Int) {
    self.stateCount = stateCount
    periodCount = 0
    initialMean = Array(repeating: 0, count: stateCount)
  }

  /// Adds a vector to the pool, without its zeros; its number.
  package mutating func addVector(_ entries: [(index: Int, value: Double)]) -> Int {
    for entry in entries where entry.value != 0 {
      vectorIndex.append(entry.index)
      vectorValue.append(entry.value)
    }
    vectorStart.append(vectorIndex.count)
    vectorFirst.append(entries.reduce(stateCount) { $1.value != 0 ? min($0, $1.index) : $0 })
    return vectorStart.count - 2
  }

  /// Changes one value of a vector, which must already have an entry there.
  package mutating func setValue(_ value: Double, vector: Int, index: Int) {
    for k in vectorStart[vector]..<vectorStart[vector + 1] where vectorIndex[k] == index { vectorValue[k] = value }
  }

  package mutating func addEvent(vector: Int, value: Double, noise: Double) {
    eventVector.append(vector)
    eventValue.append(value)
    eventNoise.append(noise)
  }

  package mutating func addReplacedRow(_ row: Int, vector: Int) {
    replacedRow.append(row)
    replacedVector.append(vector)
  }

  /// Closes a period: what was added since the last one belongs to it.
  package mutating func endPeriod() {
    eventStart.append(eventVector.count)
    replacedStart.append(replacedRow.count)
    periodCount += 1
  }

  /// The product of a vector of the pool and a dense one.
  package func product(_ vector: Int, _ dense: [Double]) -> Double {
    var sum = 0.0
    for k in vectorStart[vector]..<vectorStart[vector + 1] { sum += vectorValue[k] * dense[vectorIndex[k]] }
    return sum
  }

  /// The same model without observations for `periods` periods, from a state with a root of its covariance (by columns).
  package func continued(from state: [Double], root: [Double], periods: Int) -> StateSpaceSystem {
    var result = self
    result.eventStart = Array(repeating: 0, count: periods + 1)
    (result.eventVector, result.eventValue, result.eventNoise) = ([], [], [])
    result.replacedStart = result.eventStart
    (result.replacedRow, result.replacedVector) = ([], [])
    result.periodCount = periods
    result.initialMean = state
    result.diffuseVectors = []
    result.initialVectors = []
    result.initialVariances = Array(repeating: 1, count: stateCount)
    for j in 0..<stateCount {
      result.initialVectors.append(result.addVector((0..<stateCount).map { ($0, root[j * stateCount + $0]) }))
    }
    return result
  }
}
