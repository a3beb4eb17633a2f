import Foundation

extension SummarySheet {
  /// x^y as spreadsheets compute it.
  static func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }
}
