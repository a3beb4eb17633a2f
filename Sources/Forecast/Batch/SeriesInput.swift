/// One series of a file.
public struct SeriesInput: Equatable, Sendable {
  public var id: String
  /// Observations in time order, equally spaced, NaN where missing.
  public var values: [Double]
  /// Known regressors by name: each covers the sample and then the horizon; empty for none.
  public var regressors: [Regressor]

  public struct Regressor: Equatable, Sendable {
    public var name: String
    /// Values of the sample followed by those of the horizon, all finite.
    public var values: [Double]

    public init(name: String, values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  public init(id: String, values: [Double], regressors: [Regressor] = []) {
    self.id = id
    self.values = values
    self.regressors = regressors
  }
}
