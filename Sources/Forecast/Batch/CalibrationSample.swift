import NumericKernels

/// The series of a file whose held-back errors calibrate the others.
enum CalibrationSample {
  /// So many at most; what is pooled hardly changes beyond a few hundred series.
  static let limit = 1000

  /// Chosen and ordered by a hash of their ids, so that neither depends on the order of the file.
  static func chosen(_ series: [SeriesInput]) -> [SeriesInput] {
    let keyed = series.indices.map { index -> (key: UInt64, index: Int) in
      var hash = StableHash()
      hash.combine(series[index].id)
      return (hash.value, index)
    }
    return keyed.sorted { ($0.key, series[$0.index].id) < ($1.key, series[$1.index].id) }.prefix(limit).map {
      series[$0.index]
    }
  }
}
