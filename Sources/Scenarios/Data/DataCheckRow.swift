/// One sound observation as the checks across rows see it: texts are numbers of a ``TextIndex``.
struct DataCheckRow {
  /// Indicator, area and period.
  struct Key: Hashable {
    var indicator: Int32
    var area: Int32
    var period: Int32
  }

  var key: Key
  var value: Double
  var source: Int32
  var vintage: Int32
  var isPreferred: Bool
  /// The place of the file in the list of files.
  var file: Int32
  var line: Int32
}
