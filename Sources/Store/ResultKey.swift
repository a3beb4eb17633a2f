import TextFiles

/// What a number of the tidy result table is of.
public struct ResultKey: Hashable, Sendable {
  public var scenario: String
  public var indicator: String
  public var period: String
  /// Empty except for contributions.
  public var lever: String
  public var statistic: String

  public init(scenario: String, indicator: String, period: String, lever: String, statistic: String) {
    self.scenario = scenario
    self.indicator = indicator
    self.period = period
    self.lever = lever
    self.statistic = statistic
  }
}

/// The numbers of a result table, by what they are of, and in the order of the table.
public struct ResultNumbers: Sendable {
  public var keys: [ResultKey] = []
  /// Undefined values are nil.
  public var values: [ResultKey: Double?] = [:]

  /// Reads the csv of `run --format csv`.
  ///
  /// - Throws: ``DiagnosticList`` if it is no such table.
  public init(csv: [UInt8], name: String) throws(DiagnosticList) {
    let columns = ["scenario", "indicator", "period", "lever", "statistic", "value"]
    var reader = try CSVReader(bytes: csv, name: name, requiredColumns: columns)
    let places = columns.map { reader.column($0) ?? 0 }
    while try reader.next() {
      let key = ResultKey(
        scenario: reader.string(places[0]), indicator: reader.string(places[1]), period: reader.string(places[2]),
        lever: reader.string(places[3]), statistic: reader.string(places[4]))
      keys.append(key)
      values[key] = reader.isEmpty(places[5]) ? .some(nil) : reader.double(places[5])
    }
  }

  public func value(_ key: ResultKey) -> Double? { values[key] ?? nil }
  public func contains(_ key: ResultKey) -> Bool { values[key] != nil }
}
