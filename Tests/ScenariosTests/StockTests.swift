import Foundation
import Scenarios
import Testing

/// Stocks that move by what comes in and goes out.
@Suite struct StockTests {
  private static func flow(_ id: String, _ path: String) -> String {
    "  \(id): { name: \"\(id)\", unit: units, range: positive, baseline: { model: assumption, path: \(path), stated: 2026-01-15, evidence: guess, yearly: 0 } }\n"
  }

  private func model(_ stock: String, _ figures: [String]) throws -> CompiledModel {
    try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales") + Self.flow("built", "{ 2022: 10, 2030: 26 }")
        + Self.flow("lost", "{ 2022: 3 }") + Self.flow("fire", "{ 2022: 1000 }")
        + "  houses: { name: houses, unit: units, range: positive, identity: { stock: \(stock) } }\n",
      observations: SmallModel.sales + figures
    ).compile()
  }

  private func path(_ model: CompiledModel) throws -> [Double] {
    let values = try baselineDraws(model, draws: 3)[#require(model.nodeIndex("houses"))]
    for year in values { #expect(Set(year).count == 1) }
    return values.map { $0[0] }
  }

  /// The flows of 2024 lie between the last figure and the projection, which starts in 2025.
  @Test func itStartsFromTheLastFigureAndAddsEveryFlow() throws {
    let model = try model(
      "{ inflows: [built], outflows: [lost] }", [observation("houses", 2022, 90), observation("houses", 2023, 100)])
    #expect(model.grid.first == 2025)
    var (expected, level) = ([Double](), 100.0)
    for year in 2024...2030 {
      level += 10 + 2 * Double(year - 2022) - 3
      if year >= 2025 { expected.append(level) }
    }
    for (value, wanted) in zip(try path(model), expected) { #expect(abs(value - wanted) < 1e-9) }
  }

  @Test func aPublishedYearIsAFact() throws {
    let model = try model("{ inflows: [built] }", [observation("houses", 2025, 500)])
    let path = try path(model)
    #expect(path[0] == 500)
    #expect(abs(path[1] - 518) < 1e-9)
  }

  @Test func noMoreGoesOutThanThereIs() throws {
    let model = try model("{ inflows: [built], outflows: [fire] }", [observation("houses", 2024, 100)])
    #expect(try path(model).allSatisfy { $0 == 0 })
  }

  @Test func withoutAFigureItIsLeftOut() throws {
    let model = try model("{ inflows: [built] }", [])
    #expect(model.nodeIndex("houses") == nil)
    #expect(model.excluded.contains { $0.id == "houses" })
  }

  @Test func aStockNeedsInflows() {
    #expect(throws: (any Error).self) { try model("{ outflows: [lost] }", [observation("houses", 2024, 100)]) }
  }

  /// The shipped stock follows the published one: the flows of 2016 to 2023 less what is cancelled explain it within 1%.
  @Test func theShippedStockMovesByItsFlows() throws {
    let shipped = try ShippedModel.get()
    let ids = ["fdi_stock_registered", "fdi_registered_new", "fdi_registered_adjusted", "fdi_cancelled"]
    let values = try shipped.values(ids, under: nil)
    let (stock, new, adjusted, cancelled) = (values[ids[0]], values[ids[1]], values[ids[2]], values[ids[3]])
    for year in 1..<shipped.model.grid.count {
      for d in 0..<50 {
        let change = try #require(stock)[year][d] - #require(stock)[year - 1][d]
        let flows = try #require(new)[year][d] + #require(adjusted)[year][d] - #require(cancelled)[year][d]
        #expect(abs(change - flows) < 1e-6)
      }
    }
  }
}
