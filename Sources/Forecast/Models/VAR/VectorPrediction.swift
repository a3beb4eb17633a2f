import NumericKernels

/// The predictive distribution of several variables, step by step.
public struct VectorPrediction: Equatable, Sendable {
  /// A row for each step, a column for each variable.
  public var means: Matrix
  /// Standard deviations, likewise.
  public var deviations: Matrix
  /// Sample paths of each variable; path i of all variables belongs together. Empty if none were drawn.
  public var paths: [SimulatedPaths]

  public var horizon: Int { means.rowCount }
  public var variableCount: Int { means.columnCount }

  /// The distribution of one variable, counted from 0.
  public func prediction(of variable: Int) -> Prediction {
    Prediction(
      mean: means.column(variable), deviations: deviations.column(variable),
      paths: paths.isEmpty ? nil : paths[variable])
  }
}

extension BayesianVAR {
  /// A future value that is taken as known.
  public struct Constraint: Equatable, Sendable {
    /// From 0.
    public var variable: Int
    /// From 1, the first step of the forecast.
    public var step: Int
    public var value: Double

    public init(variable: Int, step: Int, value: Double) {
      self.variable = variable
      self.step = step
      self.value = value
    }
  }
}
