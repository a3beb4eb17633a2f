import Forecast
import NumericKernels

/// What the panel of provinces says about the own shocks of the model's indicators: their correlations within a year, and how the
/// years themselves go with the macro factor.
///
/// Every pair of listed indicators: normal scores of the innovations (``PanelInnovations``), their correlation with an error that is
/// clustered by province and by year (``PairCorrelation``), shrunk by Schaefer and Strimmer's intensity over all pairs with those
/// errors. One intensity for all, because a factor of each pair's own would be estimated from that pair alone and is largest just
/// where chance made the correlation large. Then a pair stays only if it is told from zero among all pairs tested (Benjamini and
/// Hochberg): a wrong correlation is worse than none.
public struct DependenceEstimate: Sendable {
  /// A listed indicator that the panel could say something about.
  public struct Series: Sendable {
    public let indicator: String
    public let observed: String
    /// Years and province-years of its innovations, and how much of last year's deviation stays.
    public let years: [Int]
    public let rows: Int
    public let persistence: Double
    public let macro: YearEffectCorrelation
  }

  public enum Verdict: String, Sendable {
    case kept
    /// Told from zero neither alone nor among all pairs.
    case notDistinguishable = "not_distinguishable"
    case tooFewRows = "too_few_rows"
  }

  public struct Pair: Sendable {
    public let first: String
    public let second: String
    /// As measured; nil where no row is common.
    public let measured: PairCorrelation?
    public let verdict: Verdict
    /// As drawn: shrunk, and 0 unless kept.
    public let value: Double
  }

  public let definition: DependenceDefinition
  public let series: [Series]
  /// Listed indicators without enough panel data for innovations.
  public let withoutData: [String]
  /// Each pair once, by the place of its `second` in `series`, then of its `first`.
  public let pairs: [Pair]
  /// What is taken off every correlation.
  public let intensity: Double
  /// A further factor that makes the matrix positive definite; 1 where none is needed.
  public let repair: Double
  /// Symmetric, ones on the diagonal, in the order of `series`.
  package let matrix: Matrix

  /// - Parameters:
  ///   - definition: only indicators that the compiled model has.
  ///   - provinces: the units of the panel.
  /// - Throws: ``LinearAlgebraError`` if the eigenvalues cannot be found.
  init(_ definition: DependenceDefinition, catalog: ModelCatalog, store: ObservationStore, provinces: [String]) throws {
    self.definition = definition
    let layout = PanelLayout(
      provinces: provinces,
      years: (definition.series.map(\.from).min() ?? 0)...(definition.series.map(\.to).max() ?? 0))
    var shocks: [Int: Double] = [:]
    if case .series(let driver)? = catalog.indicator(definition.driver)?.source {
      shocks = YearEffectCorrelation.shocks(driver, id: definition.driver, store: store, area: catalog.area)
    }
    var (series, scores, without) = ([Series](), [[Double]](), [String]())
    for item in definition.series {
      guard let indicator = catalog.indicator(item.indicator) else { continue }
      let values = layout.values(item, RangeTransform(indicator.range), store)
      guard let news = PanelInnovations(values, layout: layout) else {
        without.append(item.indicator)
        continue
      }
      scores.append(news.scores)
      series.append(
        Series(
          indicator: item.indicator, observed: item.observed, years: news.years, rows: news.count,
          persistence: news.persistence,
          macro: YearEffectCorrelation(news.yearEffects, shocks, fewestYears: definition.fewestDriverYears)))
    }
    self.series = series
    withoutData = without
    let (units, periods) = (layout.units, layout.periods)
    var places: [(Int, Int)] = []
    var measured: [PairCorrelation?] = []
    for j in series.indices {
      for i in 0..<j {
        places.append((i, j))
        measured.append(PairCorrelation(scores[i], scores[j], units: units, periods: periods))
      }
    }
    let isTested = measured.map { pair in
      pair.map { $0.rows >= definition.fewestRows && $0.periods >= definition.fewestYears } ?? false
    }
    let tested = measured.indices.filter { isTested[$0] }
    let found = tested.compactMap { measured[$0] }
    intensity = CorrelationShrinkage.intensity(found.map { ($0.value, $0.standardError * $0.standardError) })
    let isKept = CorrelationShrinkage.rejected(
      found.map(\.pValue), falseDiscoveryRate: definition.falseDiscoveryRate)
    let kept = Set(zip(tested, isKept).filter(\.1).map(\.0))
    var raw = Matrix.identity(series.count)
    for place in kept {
      let value = (1 - intensity) * (measured[place]?.value ?? 0)
      raw[places[place].0, places[place].1] = value
      raw[places[place].1, places[place].0] = value
    }
    let (matrix, repair) = try CorrelationShrinkage.positiveDefinite(raw)
    self.matrix = matrix
    self.repair = repair
    pairs = places.indices.map { place in
      let (i, j) = places[place]
      return Pair(
        first: series[i].indicator, second: series[j].indicator, measured: measured[place],
        verdict: kept.contains(place) ? .kept : isTested[place] ? .notDistinguishable : .tooFewRows,
        value: kept.contains(place) ? matrix[i, j] : 0)
    }
  }

  /// The pairs of one indicator, in the order of the list.
  public func pairs(of indicator: String) -> [Pair] {
    pairs.filter { $0.first == indicator || $0.second == indicator }
  }

  public func series(_ indicator: String) -> Series? { series.first { $0.indicator == indicator } }
}
