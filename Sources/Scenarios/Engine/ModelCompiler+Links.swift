import TextFiles

/// Levers and links, compiled.
extension ModelCompiler {
  /// What the baseline implies for each lever, from the year before the projection on.
  func leverBaselines(_ grid: [Int], _ baselines: [String: SeriesBaseline]) throws -> [LeverBaseline] {
    let years = [grid[0] - 1] + grid
    return try catalog.levers.map { lever in
      let path = lever.baselinePath
      let followed = path.indicator.flatMap { baselines[$0] }
      var values = years.map { year -> Double in
        switch path {
        case .hold, .plan: return path.stated(in: year) ?? .nan
        case .holdLast: return followed?.history[followed?.lastYear ?? year] ?? .nan
        case .follow: return followed?.middle(in: year) ?? .nan
        }
      }
      // Nothing may be known of the year before the first figure.
      if !values[0].isFinite { values[0] = values[1] }
      guard values.allSatisfy(\.isFinite) else {
        throw DiagnosticList([
          Diagnostic(
            .badData, code: "nothing_known", at: lever.location,
            "the baseline of '\(lever.id)' (\(path.text)) has no value in every year from \(grid[0]) on",
            hint: "state a plan")
        ])
      }
      return LeverBaseline(firstYear: years[0], values: values)
    }
  }

  func makeLinks(_ index: [String: Int], _ processes: [any EngineProcess]) throws -> [CompiledLink] {
    var estimates: [String: PCIEffectEstimate] = [:]
    return try catalog.links.compactMap { link in
      guard let effect = index[link.effect] else { return nil }
      let cause: CompiledLink.Cause
      if let lever = catalog.levers.firstIndex(where: { $0.id == link.cause }) {
        cause = .lever(lever)
      } else if let node = index[link.cause] {
        cause = .node(node)
      } else {
        return nil
      }
      let widening = catalog.grades.widening(link.grade)
      var size = CompiledLink.Size.prior(link.prior, widening: widening)
      if let name = link.estimate {
        guard let race = processes.lazy.compactMap({ $0 as? PCIRace }).first,
          let definition = catalog.processes.first(where: { $0.id == name })
        else { throw ScenarioError.badProcess(process: name, reason: "the estimate needs the PCI of all provinces") }
        let estimate =
          try estimates[name]
          ?? PCIEffectEstimate(
            definition, panel: race.fit.panel, edition: race.fit.edition, store: store, threads: threads)
        estimates[name] = estimate
        // Per standard deviation of the score in the estimate, per point in the model.
        let unit = estimate.scoreDeviation
        size = .normal(mean: estimate.mean / unit, deviation: estimate.deviation * widening / unit)
      }
      return CompiledLink(
        definition: link, cause: cause, effect: effect, size: size, conversionWidening: catalog.grades.widening(.d))
    }
  }

  /// The estimate behind an estimated link, for explanations.
  public static func estimate(_ name: String, in model: CompiledModel) throws -> PCIEffectEstimate? {
    guard let definition = model.catalog.processes.first(where: { $0.id == name && $0.kind == "pci_effect" }),
      let race = model.process(PCIRace.self)
    else { return nil }
    return try PCIEffectEstimate(definition, panel: race.fit.panel, edition: race.fit.edition, store: model.store)
  }
}
