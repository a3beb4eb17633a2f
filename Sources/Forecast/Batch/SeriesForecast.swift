/// What was forecast for one series, and how.
public struct SeriesForecast: Equatable, Sendable {
  /// A central interval of every step.
  public struct Band: Equatable, Sendable {
    /// For example 0.95.
    public var level: Double
    public var lower: [Double]
    public var upper: [Double]

    public init(level: Double, lower: [Double], upper: [Double]) {
      self.level = level
      self.lower = lower
      self.upper = upper
    }
  }

  /// What the forecast is made of, by step of sample and horizon; a forecast's parts add up, or multiply, to its mean.
  public struct Component: Equatable, Sendable {
    /// "level", "trend", "season", "regression" or a member's name.
    public var name: String
    /// One value per observation, NaN where it does not exist; empty if the component exists in the forecast only.
    public var sample: [Double]
    /// One value per step.
    public var forecast: [Double]

    public init(name: String, sample: [Double], forecast: [Double]) {
      self.name = name
      self.sample = sample
      self.forecast = forecast
    }
  }

  public var id: String
  /// Point forecasts of steps 1 ... horizon.
  public var mean: [Double]
  /// Bands in the order of the levels asked for; finite, never crossed, and a wider level contains a narrower one.
  public var bands: [Band]
  /// The model, for example "ETS(M,Ad,N)" or "combination".
  public var model: String
  /// Which model and why, one sentence in both languages.
  public var explanation: BilingualSentence
  /// What had to be done differently than asked (too few observations, missing values, ...); empty if nothing.
  public var notes: [BilingualSentence]
  /// Filled if asked for and if the model has any.
  public var components: [Component]

  public init(
    id: String, mean: [Double], bands: [Band], model: String, explanation: BilingualSentence,
    notes: [BilingualSentence] = [], components: [Component] = []
  ) {
    self.id = id
    self.mean = mean
    self.bands = bands
    self.model = model
    self.explanation = explanation
    self.notes = notes
    self.components = components
  }

  /// Bands of which a wider one contains every narrower one and none is crossed: each bound is moved outwards where needed.
  static func ordered(_ bands: [Band], around mean: [Double]) -> [Band] {
    var result = bands
    let order = bands.indices.sorted { bands[$0].level < bands[$1].level }
    for step in mean.indices {
      var (lowest, highest) = (Double.infinity, -Double.infinity)
      for index in order {
        let (lower, upper) = (result[index].lower[step], result[index].upper[step])
        lowest = min(lowest, lower, upper)
        highest = max(highest, lower, upper)
        result[index].lower[step] = lowest
        result[index].upper[step] = highest
      }
    }
    return result
  }
}
