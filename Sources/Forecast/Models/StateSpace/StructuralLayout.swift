/// The state-space form of a ``StructuralModel`` for given data.
///
/// States are, in this order: cumulators, irregular (only with sums), level, slope, seasonal effects, cycle, coefficients. Sums are
/// dense rows of the transition; being first they leave it almost upper triangular, which the square-root filter exploits.
struct StructuralLayout: Sendable {
  let form: StructuralForm
  private(set) var system: StateSpaceSystem
  let hasIrregularState: Bool
  let irregular: Int
  let level: Int
  let slope: Int
  let season: Int
  let cycle: Int
  let coefficients: Int
  let regressors: [[Double]]
  private var seasonShocks: Range<Int> = 0..<0
  private var shockPlaces = (irregular: -1, level: -1, slope: -1, cycle: -1)
  private var slopeRow = -1
  private var cycleRows = (-1, -1)
  /// For each sum asked for, the period at whose end it is known and the vector that reads it from the states.
  private(set) var queries: [(period: Int, vector: Int)] = []

  /// - Parameters:
  ///   - periodCount: may go beyond the data.
  ///   - asking: spans of periods whose sums are wanted.
  init(
    _ form: StructuralForm, _ data: StructuralData, periodCount: Int, asking spans: [(first: Int, last: Int)] = []
  ) {
    self.form = form
    regressors = data.regressors
    let periodCount = max(periodCount, data.periodCount)
    let events = data.events
    var repeated = false
    for (a, b) in zip(events, events.dropFirst()) where a.first == b.first && a.last == b.last { repeated = true }
    hasIrregularState = repeated || !spans.isEmpty || events.contains { $0.first != $0.last }

    // Sums that start together share a cumulator from their first period to the last that any of them needs.
    var ends: [Int: Int] = [:]
    for event in events where event.first < event.last { ends[event.first] = max(ends[event.first] ?? 0, event.last) }
    for span in spans where span.first < span.last { ends[span.first] = max(ends[span.first] ?? 0, span.last) }
    var slotOfStart: [Int: Int] = [:]
    var slotEnds: [Int] = []
    let groups = ends.sorted { $0.key < $1.key }
    for (start, end) in groups {
      // The period that ends one sum may start the next: the slot is read before it is written.
      if let free = slotEnds.firstIndex(where: { $0 <= start }) {
        slotOfStart[start] = free
        slotEnds[free] = end
      } else {
        slotOfStart[start] = slotEnds.count
        slotEnds.append(end)
      }
    }

    irregular = slotEnds.count
    level = irregular + (hasIrregularState ? 1 : 0)
    slope = level + 1
    season = slope + (form.hasSlope ? 1 : 0)
    cycle = season + form.season.period - 1
    coefficients = cycle + (form.hasCycle ? 2 : 0)
    let m = coefficients + regressors.count
    system = StateSpaceSystem(stateCount: m)
    addTransition()
    addShocks()
    for state in level..<cycle { addDiffuse(state) }
    for k in regressors.indices { addDiffuse(coefficients + k) }

    let empty = system.addVector([])
    let plain = regressors.isEmpty ? system.addVector(signal(0)) : -1
    var next = 0
    var asked = spans.indices.sorted { spans[$0].last < spans[$1].last }[...]
    queries = spans.map { _ in (0, empty) }
    for t in 0..<periodCount {
      let value = plain >= 0 ? plain : system.addVector(signal(t))
      // Cumulators at work in this period, with the vectors that read and carry them.
      var running: [Int: Int] = [:]
      for (start, end) in groups where start <= t && t <= end {
        guard let slot = slotOfStart[start] else { continue }
        let vector = start < t ? system.addVector([(slot, 1)] + signal(t)) : value
        running[start] = vector
        if t < end { system.addReplacedRow(slot, vector: vector) }
      }
      while next < events.count, events[next].last == t {
        let event = events[next]
        let vector = event.first < event.last ? running[event.first] ?? value : value
        system.addEvent(vector: vector, value: event.value, noise: hasIrregularState ? 0 : 1)
        next += 1
      }
      while let index = asked.first, spans[index].last == t {
        queries[index] = (t, spans[index].first < t ? running[spans[index].first] ?? value : value)
        asked = asked.dropFirst()
      }
      system.endPeriod()
    }
  }

  /// The row that reads the value of a period from the states.
  func signal(_ t: Int) -> [(index: Int, value: Double)] {
    var entries: [(index: Int, value: Double)] = hasIrregularState ? [(irregular, 1)] : []
    entries.append((level, 1))
    entries += seasonEntries
    if form.hasCycle { entries.append((cycle, 1)) }
    for (k, column) in regressors.enumerated() where t < column.count { entries.append((coefficients + k, column[t])) }
    return entries
  }

  var seasonEntries: [(index: Int, value: Double)] {
    switch form.season {
    case .none: return []
    case .dummy(let period): return period > 1 ? [(season, 1)] : []
    case .trigonometric(let period): return stride(from: 0, to: period - 1, by: 2).map { (season + $0, 1) }
    }
  }

  private mutating func addDiffuse(_ state: Int) {
    system.diffuseVectors.append(system.addVector([(state, 1)]))
  }

  private mutating func addTransition() {
    var rows = [[(index: Int, value: Double)]](repeating: [], count: system.stateCount)
    rows[level] = form.hasSlope ? [(level, 1), (slope, 1)] : [(level, 1)]
    if form.hasSlope { rows[slope] = [(slope, 1)] }
    switch form.season {
    case .none: break
    case .dummy(let period):
      guard period > 1 else { break }
      rows[season] = (0..<period - 1).map { (season + $0, -1) }
      for k in 1..<max(period - 1, 1) { rows[season + k] = [(season + k - 1, 1)] }
    case .trigonometric(let period):
      for j in 0..<(period - 1) / 2 {
        let (cosine, sine) = Rotation.harmonic(j + 1, of: period)
        let i = season + 2 * j
        rows[i] = [(i, cosine), (i + 1, sine)]
        rows[i + 1] = [(i, -sine), (i + 1, cosine)]
      }
      if period > 1, period % 2 == 0 { rows[season + period - 2] = [(season + period - 2, -1)] }
    }
    if form.hasCycle {
      rows[cycle] = [(cycle, 1), (cycle + 1, 1)]
      rows[cycle + 1] = [(cycle, -1), (cycle + 1, 1)]
    }
    for k in regressors.indices { rows[coefficients + k] = [(coefficients + k, 1)] }
    for row in rows { system.transitionRows.append(system.addVector(row)) }
    slopeRow = form.hasSlope ? system.transitionRows[slope] : -1
    if form.hasCycle { cycleRows = (system.transitionRows[cycle], system.transitionRows[cycle + 1]) }
  }

  private mutating func addShocks() {
    func add(_ state: Int) -> Int {
      system.shockVectors.append(system.addVector([(state, 1)]))
      system.shockVariances.append(1)
      return system.shockVectors.count - 1
    }
    if hasIrregularState {
      shockPlaces.irregular = add(irregular)
      // The first irregular is drawn like all others.
      system.initialVectors.append(system.addVector([(irregular, 1)]))
      system.initialVariances.append(1)
    }
    if form.hasLevelVariance { shockPlaces.level = add(level) }
    if form.hasSlopeVariance { shockPlaces.slope = add(slope) }
    if form.hasSeason {
      let start = system.shockVectors.count
      switch form.season {
      case .trigonometric(let period): for k in 0..<period - 1 { _ = add(season + k) }
      default: _ = add(season)
      }
      seasonShocks = start..<system.shockVectors.count
    }
    if form.hasCycle {
      shockPlaces.cycle = add(cycle)
      _ = add(cycle + 1)
      for k in 0..<2 {
        system.initialVectors.append(system.addVector([(cycle + k, 1)]))
        system.initialVariances.append(1)
      }
    }
  }

  /// Puts parameters, in the normalised unit, in their places.
  mutating func set(_ parameters: StructuralParameters) {
    if hasIrregularState {
      system.shockVariances[shockPlaces.irregular] = parameters.irregularVariance
      system.initialVariances[0] = parameters.irregularVariance
    } else {
      system.noiseVariance = parameters.irregularVariance
    }
    if form.hasLevelVariance { system.shockVariances[shockPlaces.level] = parameters.levelVariance }
    if form.hasSlopeVariance { system.shockVariances[shockPlaces.slope] = parameters.slopeVariance }
    for k in seasonShocks { system.shockVariances[k] = parameters.seasonalVariance }
    if form.trend == .damped { system.setValue(parameters.damping, vector: slopeRow, index: slope) }
    if form.hasCycle {
      system.shockVariances[shockPlaces.cycle] = parameters.cycleVariance
      system.shockVariances[shockPlaces.cycle + 1] = parameters.cycleVariance
      let stationary = parameters.cycleVariance / (1 - parameters.cycleDamping * parameters.cycleDamping)
      let first = system.initialVariances.count - 2
      system.initialVariances[first] = stationary
      system.initialVariances[first + 1] = stationary
      let (cosine, sine) = Rotation.by(parameters.cycleFrequency)
      let rho = parameters.cycleDamping
      system.setValue(rho * cosine, vector: cycleRows.0, index: cycle)
      system.setValue(rho * sine, vector: cycleRows.0, index: cycle + 1)
      system.setValue(-rho * sine, vector: cycleRows.1, index: cycle)
      system.setValue(rho * cosine, vector: cycleRows.1, index: cycle + 1)
    }
  }

  /// The score by variance in the order irregular, level, slope, seasonal, cycle; 0 for what the form does not have.
  func scores(_ score: KalmanScore, _ parameters: StructuralParameters) -> [Double] {
    var result = [Double](repeating: 0, count: 5)
    result[0] = hasIrregularState ? score.shocks[shockPlaces.irregular] + score.initial[0] : score.noise
    if shockPlaces.level >= 0 { result[1] = score.shocks[shockPlaces.level] }
    if shockPlaces.slope >= 0 { result[2] = score.shocks[shockPlaces.slope] }
    for k in seasonShocks { result[3] += score.shocks[k] }
    if shockPlaces.cycle >= 0 {
      let k = score.initial.count - 2
      result[4] =
        score.shocks[shockPlaces.cycle] + score.shocks[shockPlaces.cycle + 1]
        + (score.initial[k] + score.initial[k + 1]) / (1 - parameters.cycleDamping * parameters.cycleDamping)
    }
    return result
  }

  /// Replaces the diffuse start of trend, season and coefficients by known states.
  mutating func start(at states: [Double]) {
    for i in states.indices where (level..<cycle).contains(i) || i >= coefficients { system.initialMean[i] = states[i] }
    system.diffuseVectors = []
  }
}
