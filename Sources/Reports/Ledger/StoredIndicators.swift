import Scenarios
import Store
import TextFiles

/// Names and units of indicators as the ledger kept them with a run.
struct StoredIndicators {
  private var entries: [String: (name: LocalizedText, display: IndicatorDefinition.Display)] = [:]

  init(csv: [UInt8]) throws {
    var reader = try CSVReader(
      bytes: csv, name: "the ledger's indicators",
      requiredColumns: [
        "indicator", "name_vi", "name_en", "display_unit_vi", "display_unit_en", "display_scale", "display_decimals",
      ])
    func place(_ name: String) -> Int { reader.column(name) ?? 0 }
    let (id, vi, en) = (place("indicator"), place("name_vi"), place("name_en"))
    let (unitVi, unitEn, scale, decimals) = (
      place("display_unit_vi"), place("display_unit_en"), place("display_scale"), place("display_decimals")
    )
    while try reader.next() {
      let display = IndicatorDefinition.Display(
        unit: LocalizedText(vi: reader.string(unitVi), en: reader.string(unitEn)), scale: reader.double(scale) ?? 1,
        decimals: reader.integer(decimals) ?? 0, inTable: true)
      entries[reader.string(id)] = (LocalizedText(vi: reader.string(vi), en: reader.string(en)), display)
    }
  }

  /// The name with its unit; the id where the ledger does not know it.
  func label(_ id: String, _ say: Phrases) -> String {
    guard let entry = entries[id] else { return id }
    return "\(entry.name[say.language]) (\(entry.display.unit[say.language]))"
  }

  func display(_ id: String) -> IndicatorDefinition.Display {
    entries[id]?.display
      ?? IndicatorDefinition.Display(unit: LocalizedText(vi: "", en: ""), scale: 1, decimals: 3, inTable: true)
  }
}
