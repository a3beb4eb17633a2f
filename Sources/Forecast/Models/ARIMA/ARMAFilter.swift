import NumericKernels

/// The innovations of ARMA processes through several series at once, at four parameter points at once.
///
/// Exact: for a stationary process the predictor's covariance changes from step to step by a matrix of rank one, so its gain K,
/// variance F and that rank-one factor Y suffice (Morf, Sidhu and Kailath, IEEE Transactions on Automatic Control 19, 1974). For
/// one observed series the recursion simplifies to a lattice, with rho = Y_1 / F and a = T Y (T the companion matrix of phi):
///
///     F' = F - rho Y_1     K' = K - rho a     Y' = a - rho K     start: K_i = cov(state i of the next step, w), Y = K, F = var w
///
/// which costs 5 r multiplications a step instead of r^2, and stops as soon as Y has died out. Conditional: F = 1 and K = phi +
/// theta from the start, errors before ``ARMAStructure/arOrder`` counted as zero (R's "CSS").
///
/// A working space that belongs to one fit: all its memory is taken once.
final class ARMAFilter {
  typealias Lanes = SIMD4<Double>

  let structure: ARMAStructure
  /// The length of each column.
  let count: Int
  let columnCount: Int
  /// The columns one after the other; the first is the series, the others are regressors.
  private let data: UnsafePointer<Double>
  private let memory: UnsafeMutablePointer<Lanes>
  private let phi: UnsafeMutablePointer<Lanes>
  private let theta: UnsafeMutablePointer<Lanes>
  private let gain: UnsafeMutablePointer<Lanes>
  private let rankOne: UnsafeMutablePointer<Lanes>
  private let states: UnsafeMutablePointer<Lanes>
  private let scratch: UnsafeMutablePointer<Lanes>
  /// Standardised innovations: column c, step t at `innovations[c * count + t]`.
  let innovations: UnsafeMutablePointer<Lanes>
  private(set) var variance = Lanes(repeating: 1)
  /// The sum of the logarithms of F.
  private(set) var logDeterminant = Lanes.zero
  private var isSteady = false

  /// - Parameter data: `columnCount` columns of `count`; must outlive the filter.
  init(_ structure: ARMAStructure, data: UnsafePointer<Double>, count: Int, columnCount: Int) {
    self.structure = structure
    self.count = count
    self.columnCount = columnCount
    self.data = data
    let r = structure.stateCount
    let scratchCount = Self.scratchCount(structure)
    let total = 4 * (r + 1) + columnCount * (r + 1) + scratchCount + columnCount * count
    memory = UnsafeMutablePointer<Lanes>.allocate(capacity: max(total, 1))
    memory.initialize(repeating: .zero, count: max(total, 1))
    phi = memory
    theta = phi + (r + 1)
    gain = theta + (r + 1)
    rankOne = gain + (r + 1)
    states = rankOne + (r + 1)
    scratch = states + columnCount * (r + 1)
    innovations = scratch + scratchCount
  }

  deinit { memory.deallocate() }

  private static func scratchCount(_ s: ARMAStructure) -> Int {
    let (p, q) = (s.arOrder, s.maOrder)
    return p * (p + 1) / 2 + (p + q + 1) + (q + 1) * 2 + p + 8
  }

  /// Filters all columns. Lanes outside of the stationary region get NaN.
  ///
  /// - Parameters:
  ///   - coefficients: `structure.parameterCount` of them, in R's order.
  ///   - isExact: the exact innovations, else the conditional ones.
  func run(_ coefficients: UnsafePointer<Lanes>, isExact: Bool) {
    let r = structure.stateCount
    structure.expand(coefficients, phi: phi, theta: theta)
    for i in 0..<columnCount * (r + 1) { states[i] = .zero }
    logDeterminant = .zero
    if isExact {
      start()
      isSteady = r == 0
    } else {
      variance = Lanes(repeating: 1)
      for i in 0..<r { gain[i] = phi[i] + theta[i] }
      isSteady = true
    }
    var product = Lanes(repeating: 1)
    var t = isExact ? 0 : conditionalStart()
    while t < count && !isSteady {
      let inverse = 1 / variance
      let root = inverse.squareRoot()
      product *= variance
      if t & 7 == 7 {
        add(logarithmOf: product)
        product = Lanes(repeating: 1)
      }
      step(t, inverse: inverse, root: root)
      advance(inverse: inverse)
      t += 1
      if t & 7 == 0 || t == structure.arOrder { isSteady = hasDiedOut() }
    }
    add(logarithmOf: product)
    if t < count {
      let inverse = 1 / variance
      let root = inverse.squareRoot()
      if isExact {
        for lane in 0..<4 where variance[lane] != 1 {
          logDeterminant[lane] += Double(count - t) * VectorMath.log(variance[lane])
        }
      }
      while t < count {
        step(t, inverse: inverse, root: root)
        t += 1
      }
    }
  }

  /// The errors of the first steps are taken as zero; their observations enter the states.
  private func conditionalStart() -> Int {
    let r = structure.stateCount
    let steps = min(structure.arOrder, count)
    for t in 0..<steps {
      for c in 0..<columnCount {
        let state = states + c * (r + 1)
        let value = Lanes(repeating: data[c * count + t])
        for i in 0..<r { state[i] = state[i + 1] + phi[i] * value }
        innovations[c * count + t] = .zero
      }
    }
    return steps
  }

  @inline(__always)
  private func step(_ t: Int, inverse: Lanes, root: Lanes) {
    let r = structure.stateCount
    for c in 0..<columnCount {
      let state = states + c * (r + 1)
      let predicted = state[0]
      let error = Lanes(repeating: data[c * count + t]) - predicted
      innovations[c * count + t] = error * root
      let scaled = error * inverse
      for i in 0..<r { state[i] = state[i + 1] + phi[i] * predicted + gain[i] * scaled }
    }
  }

  @inline(__always)
  private func advance(inverse: Lanes) {
    let r = structure.stateCount
    let first = rankOne[0]
    let rho = first * inverse
    for i in 0..<r {
      let a = phi[i] * first + rankOne[i + 1]
      let k = gain[i]
      rankOne[i] = a - rho * k
      gain[i] = k - rho * a
    }
    variance -= rho * first
  }

  /// Whether the gain will not change any more: its next changes are of the square of this size.
  private func hasDiedOut() -> Bool {
    var largest = Lanes.zero
    for i in 0..<structure.stateCount {
      largest.replace(with: rankOne[i], where: rankOne[i] .> largest)
      largest.replace(with: -rankOne[i], where: -rankOne[i] .> largest)
    }
    return largest.max() < 1e-9
  }

  private func add(logarithmOf product: Lanes) {
    for lane in 0..<4 where product[lane] != 1 { logDeterminant[lane] += VectorMath.log(product[lane]) }
  }

  /// Sets K, Y and F of the first step from the autocovariances of the process.
  ///
  /// Those of the autoregression follow from its partial autocorrelations (downward, then upward Levinson recursion); the
  /// moving average then adds them up.
  private func start() {
    let (p, q, r) = (structure.arOrder, structure.maOrder, structure.stateCount)
    // Row k (0-based) holds the coefficients of order k + 1.
    let rows = scratch
    let gamma = rows + p * (p + 1) / 2
    let psi = gamma + (p + q + 1)
    let products = psi + (q + 1)
    let covariances = products + (q + 1)
    var start = Lanes(repeating: 1)
    if p > 0 {
      var row = rows + p * (p - 1) / 2
      for i in 0..<p { row[i] = phi[i] }
      for k in stride(from: p - 1, through: 0, by: -1) {
        let partial = row[k]
        let scale = (1 - partial) * (1 + partial)
        start *= scale
        let inverse = 1 / scale
        start.replace(with: Lanes(repeating: .nan), where: .!(scale .> Lanes.zero))
        if k > 0 {
          let below = rows + k * (k - 1) / 2
          for i in 0..<k { below[i] = (row[i] + partial * row[k - 1 - i]) * inverse }
          row = below
        }
      }
    }
    gamma[0] = 1 / start
    var rest = gamma[0]
    for h in 1..<max(p + q, 1) where p > 0 {
      if h <= p {
        let row = rows + h * (h - 1) / 2
        var value = row[h - 1] * rest
        rest *= (1 - row[h - 1]) * (1 + row[h - 1])
        if h > 1 {
          let below = rows + (h - 1) * (h - 2) / 2
          for i in 0..<h - 1 { value += below[i] * gamma[h - 1 - i] }
        }
        gamma[h] = value
      } else {
        var value = Lanes.zero
        for i in 0..<p { value += phi[i] * gamma[h - 1 - i] }
        gamma[h] = value
      }
    }
    // Autocovariances of the moving average.
    for k in 0...q {
      var value = k == 0 ? Lanes(repeating: 1) : theta[k - 1]
      for i in 1..<max(q - k + 1, 1) { value += theta[i - 1] * theta[i + k - 1] }
      products[k] = value
    }
    if p == 0 {
      variance = products[0]
    } else {
      for h in 0..<p {
        var value = products[0] * gamma[h]
        for k in 1..<q + 1 { value += products[k] * (gamma[h + k] + gamma[abs(h - k)]) }
        covariances[h] = value
      }
      variance = covariances[0]
    }
    psi[0] = Lanes(repeating: 1)
    for j in 1..<max(q, 1) {
      var value = theta[j - 1]
      for i in 1...j where i <= p { value += phi[i - 1] * psi[j - i] }
      psi[j] = value
    }
    for i in 0..<r {
      var value = Lanes.zero
      for k in i..<max(p, i) { value += phi[k] * covariances[k - i] }
      for j in i..<max(q, i) { value += theta[j] * psi[j - i] }
      gain[i] = value
      rankOne[i] = value
    }
    gain[r] = .zero
    rankOne[r] = .zero
  }

  /// Steps whose gain is followed one by one; the change of later ones is left out.
  private static let followedSteps = 256

  /// After ``run(_:isExact:)``: predicted values of the columns beyond their end, and the responses to the errors to come.
  ///
  /// - Returns: per column the means of steps 1...horizon; `responses[s][j]`, what an innovation of standard deviation 1 (times
  ///   the innovation's scale) at step s + 1 adds to step s + 1 + j. Of lane 0. Responses beyond the last are like the last: a
  ///   single one if the gain has settled.
  func continued(horizon: Int) -> (means: [[Double]], responses: [[Double]]) {
    let r = structure.stateCount
    var means: [[Double]] = []
    for c in 0..<columnCount {
      let state = states + c * (r + 1)
      var mean: [Double] = []
      for _ in 0..<horizon {
        let first = state[0]
        mean.append(first[0])
        for i in 0..<r { state[i] = state[i + 1] + phi[i] * first }
      }
      means.append(mean)
    }
    var responses: [[Double]] = []
    var state = [Double](repeating: 0, count: r + 1)
    for s in 0..<(isSteady ? 1 : min(horizon, Self.followedSteps)) {
      let deviation = variance[0].squareRoot()
      var response = [deviation]
      for i in 0..<r { state[i] = gain[i][0] / deviation }
      state[r] = 0
      for _ in (s + 1)..<max(horizon, s + 1) {
        let first = state[0]
        response.append(first)
        for i in 0..<r { state[i] = state[i + 1] + phi[i][0] * first }
      }
      responses.append(response)
      if !isSteady { advance(inverse: 1 / variance) }
    }
    return (means, responses)
  }
}
