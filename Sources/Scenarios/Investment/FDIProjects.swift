import Forecast
import NumericKernels

/// Foreign projects of the province as a node kind: counts by inversion, sizes keyed by project number, mega-projects apart.
///
/// A scenario that brings more projects adds them behind the others and leaves those as they were; an effect on sizes shifts the law
/// of ordinary sizes only.
public final class FDIProjects: EngineProcess {
  public let fit: FDIProjectsFit
  public let outputIds: [String]
  let parameters: FDIProjectsParameters

  init(_ definition: ProcessDefinition, store: ObservationStore, area: String) throws {
    parameters = try FDIProjectsParameters(definition)
    fit = try FDIProjectsFit(parameters, store: store, area: area)
    outputIds = [parameters.projects, parameters.ordinary, parameters.mega]
  }

  public var eventIds: [String] { [parameters.mega] }

  public func level(of id: String) -> Double? { id == parameters.projects ? fit.level.predictiveMean : nil }

  /// A year's count departs from its level by the year effect and, on the logarithmic scale, by 1 / sqrt(mean) of Poisson chance.
  public func shockParts(of id: String) -> [CorrelatedShocks.Part]? {
    guard id == parameters.projects else { return nil }
    let (year, count) = (fit.yearDeviation, 1 / max(fit.level.predictiveMean, 1e-6).squareRoot())
    let length = (year * year + count * count).squareRoot()
    return [
      .init(stream: id, substream: 0, weight: year / length), .init(stream: id, substream: 1, weight: count / length),
    ]
  }

  public func drawBaseline(_ block: BlockRun, _ state: any ProcessState) {
    for year in 0..<block.yearCount { evaluate(block, year: year, state) }
  }

  public func evaluate(_ block: BlockRun, year: Int, _ state: any ProcessState) {
    guard let counts = block.model.nodeIndex(parameters.projects),
      let ordinary = block.model.nodeIndex(parameters.ordinary),
      let mega = block.model.nodeIndex(parameters.mega)
    else { return }
    let calendar = block.model.grid[year]
    let countOutput = block.values.draws(counts, year, block.range)
    let ordinaryOutput = block.values.draws(ordinary, year, block.range)
    let megaOutput = block.values.draws(mega, year, block.range)
    guard calendar > fit.lastYear else {
      countOutput.update(repeating: fit.counts[calendar] ?? 0)
      ordinaryOutput.update(repeating: fit.ordinary[calendar] ?? 0)
      megaOutput.update(repeating: fit.mega[calendar] ?? 0)
      return
    }
    // What no effect reaches is the baseline; without an effect on sizes only draws with another count are summed up anew.
    let (countEffect, sizeEffect) = (block.deviation(counts, year), block.deviation(ordinary, year))
    let megaEffect = block.deviation(mega, year)
    if !block.isBaseline { block.copyBaseline(of: outputIds, year) }
    if block.isBaseline || countEffect != nil {
      drawCounts(block, calendar, deviation: countEffect, into: countOutput)
    }
    let before = block.baseline.draws(counts, year, block.range)
    let wanted = countOutput.indices.filter { block.isBaseline || sizeEffect != nil || countOutput[$0] != before[$0] }
    drawSizes(block, calendar, counts: countOutput, deviation: sizeEffect, of: wanted, into: ordinaryOutput)
    if block.isBaseline || megaEffect != nil { drawMega(block, calendar, deviation: megaEffect, into: megaOutput) }
  }

  private func numbers(
    _ block: BlockRun, _ id: String, _ purpose: RandomStream.Purpose, item: Int, substream: Int = 0,
    uniform: Bool = false
  ) -> [Double] {
    let stream = RandomStream(seed: block.seed, id: id, purpose: purpose)
    return [Double](unsafeUninitializedCapacity: block.count) { buffer, filled in
      let output = UnsafeMutableBufferPointer(rebasing: buffer[..<block.count])
      if uniform {
        stream.uniforms(item: item, substream: substream, firstDraw: block.range.lowerBound, into: output)
      } else {
        stream.normals(item: item, substream: substream, firstDraw: block.range.lowerBound, into: output)
      }
      filled = block.count
    }
  }

  /// Level by the Wilson-Hilferty cube of one normal per path, times a lognormal year effect with mean one; then inversion.
  private func drawCounts(
    _ block: BlockRun, _ calendar: Int, deviation: [Double]?, into output: UnsafeMutableBufferPointer<Double>
  ) {
    let (shape, rate) = fit.level.level(steps: calendar - fit.lastYear)
    let levels = numbers(block, parameters.projects, .model, item: 0)
    var years = numbers(block, parameters.projects, .innovation, item: calendar)
    var uniforms = numbers(block, parameters.projects, .innovation, item: calendar, substream: 1, uniform: true)
    if let parts = shockParts(of: parameters.projects),
      let shift = block.model.correlations.shift(
        of: parameters.projects, year: calendar, seed: block.seed, range: block.range)
    {
      // The uniform of the inversion moves through its normal score.
      for d in years.indices {
        years[d] += parts[0].weight * shift[d]
        uniforms[d] = StandardNormal.cumulative(VectorMath.normalQuantile(uniforms[d]) + parts[1].weight * shift[d])
      }
    }
    let s = fit.yearDeviation
    let half = 0.5 * s * s
    let means = VectorMath.exp(output.indices.map { s * years[$0] - half + (deviation?[$0] ?? 0) })
      .enumerated().map { FDIProjects.gammaByCube(shape: shape, z: levels[$0]) / rate * $1 }
    let empty = VectorMath.exp(means.map { -$0 })
    for d in output.indices { output[d] = FDIProjects.poisson(mean: means[d], empty: empty[d], uniform: uniforms[d]) }
  }

  /// Sums of truncated lognormal sizes: number k of a draw and year has the same uniform in every scenario.
  ///
  /// - Parameter wanted: the draws whose sums are made.
  private func drawSizes(
    _ block: BlockRun, _ calendar: Int, counts: UnsafeMutableBufferPointer<Double>, deviation: [Double]?,
    of wanted: [Int], into output: UnsafeMutableBufferPointer<Double>
  ) {
    let stream = RandomStream(seed: block.seed, id: parameters.ordinary, purpose: .size)
    // A count that is no count is reported by the engine with its draw; there is nothing to sum up.
    guard counts.allSatisfy({ $0 < FDIProjects.mostProjects }) else { return output.update(repeating: .nan) }
    guard !wanted.isEmpty else { return }
    let errors = numbers(block, parameters.ordinary, .model, item: 0)
    let locations = wanted.map { fit.location + fit.locationError * errors[$0] + (deviation?[$0] ?? 0) }
    let largest = VectorMath.log(parameters.megaThreshold)
    let shares = VectorMath.normalCumulative(locations.map { (largest - $0) / fit.sigma })
    let total = wanted.reduce(0) { $0 + Int(counts[$1]) }
    let sizes = UnsafeMutableBufferPointer<Double>.allocate(capacity: max(total, 1))
    defer { sizes.deallocate() }
    let all = UnsafeMutableBufferPointer(rebasing: sizes[..<total])
    var start = 0
    for (d, share) in zip(wanted, shares) {
      let own = UnsafeMutableBufferPointer(rebasing: sizes[start..<start + Int(counts[d])])
      start += own.count
      stream.uniforms(item: calendar, numbersOf: block.range.lowerBound + d, into: own)
      for k in own.indices { own[k] *= share }
    }
    VectorMath.normalQuantile(UnsafeBufferPointer(all), into: all)
    start = 0
    for (d, location) in zip(wanted, locations) {
      for k in start..<start + Int(counts[d]) { sizes[k] = location + fit.sigma * sizes[k] }
      start += Int(counts[d])
    }
    VectorMath.exp(UnsafeBufferPointer(all), into: all)
    start = 0
    for d in wanted {
      var sum = 0.0
      for k in start..<start + Int(counts[d]) { sum += sizes[k] }
      output[d] = sum
      start += Int(counts[d])
    }
  }

  private func drawMega(
    _ block: BlockRun, _ calendar: Int, deviation: [Double]?, into output: UnsafeMutableBufferPointer<Double>
  ) {
    let rates = numbers(block, parameters.mega, .model, item: 0)
    let uniforms = numbers(block, parameters.mega, .innovation, item: calendar, uniform: true)
    let (shape, years) = (Double(fit.megaCount) + 0.5, Double(max(fit.megaYears, 1)))
    let (low, high, exponent) = (parameters.megaThreshold, parameters.megaLargest, parameters.megaShape)
    let ratio = 1 - VectorMath.exp(exponent * VectorMath.log(low / high))
    var means = rates.map { FDIProjects.gammaByCube(shape: shape, z: $0) / years }
    if let deviation { for (d, factor) in VectorMath.exp(deviation).enumerated() { means[d] *= factor } }
    let empty = VectorMath.exp(means.map { -$0 })
    for d in output.indices {
      let drawn = FDIProjects.poisson(mean: means[d], empty: empty[d], uniform: uniforms[d])
      output[d] = drawn < FDIProjects.mostProjects ? 0 : .nan
      guard drawn > 0, drawn < FDIProjects.mostProjects else { continue }
      let count = Int(drawn)
      let stream = RandomStream(seed: block.seed, id: parameters.mega, purpose: .size)
      for number in 1...count {
        let u = stream.uniform(item: calendar, substream: number, draw: block.range.lowerBound + d)
        output[d] += low * VectorMath.exp(-VectorMath.log(1 - u * ratio) / exponent)
      }
    }
  }

  /// More projects than this in one year are an error of the model, not a draw.
  private static let mostProjects = 100_000.0

  /// A gamma variable of scale 1 by Wilson and Hilferty (1931): within 1% for the shapes met here, and a function of one normal.
  package static func gammaByCube(shape: Double, z: Double) -> Double {
    let cube = 1 - 1 / (9 * shape) + z / (3 * shape.squareRoot())
    return shape * max(cube, 0) * max(cube, 0) * max(cube, 0)
  }

  /// The smallest k with P(N <= k) >= uniform for a Poisson count, by summation; large means go to the general function.
  package static func poisson(mean: Double, uniform: Double) -> Double {
    poisson(mean: mean, empty: VectorMath.exp(-mean), uniform: uniform)
  }

  /// ``poisson(mean:uniform:)`` with the probability of no event, exp(-mean), at hand.
  private static func poisson(mean: Double, empty: Double, uniform: Double) -> Double {
    guard mean < 500 else { return Distributions.poissonQuantile(mean: mean, uniform: uniform) }
    var probability = empty
    var (cumulated, k) = (probability, 0.0)
    while cumulated < uniform && k < 2000 {
      k += 1
      probability *= mean / k
      cumulated += probability
    }
    return k
  }
}
