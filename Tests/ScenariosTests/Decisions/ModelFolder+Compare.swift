import Scenarios

extension ModelFolder {
  /// Compares scenario texts.
  func compare(
    _ texts: [(name: String, text: String)], futures: [(name: String, text: String)] = [],
    _ request: ComparisonRequest = .init(), draws: Int = 500, seed: UInt64 = 1, until: Int = 2030, threads: Int = 2
  ) throws -> Comparison {
    let all = try scenarios(texts + futures, until: until)
    var settings = RunSettings()
    (settings.draws, settings.seed, settings.until, settings.threads) = (draws, seed, until, threads)
    let fingerprint = try Fingerprint(
      folder: DataFolder(path: path), scenarioPaths: all.map(\.path), settings: settings)
    return try OptionBenchmark.compare(
      compile(until: until), options: Array(all.prefix(texts.count)), futures: Array(all.dropFirst(texts.count)),
      request: request, settings: settings, fingerprint: fingerprint)
  }
}

extension Comparison {
  func option(_ id: String) throws -> Option {
    guard let option = options.first(where: { $0.id == id }) else { throw TestProblem.missing(id) }
    return option
  }

  func outcome(_ id: String, _ indicator: String, _ period: String? = nil) throws -> OutcomeResult {
    guard
      let position = items.firstIndex(where: {
        $0.definition.id == indicator && (period == nil || $0.period.description == period)
      })
    else { throw TestProblem.missing(indicator) }
    return try option(id).outcomes[position]
  }
}
