import Scenarios
import TextFiles

/// The workbook of a pack: one run in nine sheets, with native charts, and formulas where a reader will want to follow.
///
/// Statistics of draws are values. What follows from other cells by arithmetic is a formula with its value: changes against the
/// year before and against no policy, sums of contributions and of means, figures per head, expected targets met.
struct PackWorkbook {
  let content: PackContent

  init(_ content: PackContent) { self.content = content }

  var say: Phrases { content.say }
  var model: CompiledModel { content.model }

  /// - Throws: ``Diagnostic``.
  func write(to path: String) throws {
    let book = try WorkbookFile(
      path: path, title: content.areaName + say(" đến năm \(content.until)", " to \(content.until)"),
      subject: content.result.fingerprint.combined)
    let summary = try book.sheet(say("Tóm tắt", "Summary"))
    let projections = ProjectionSheet(content, try book.sheet(say("Dự báo", "Projections")))
    projections.write()
    SummarySheet(content, summary, projections).write()
    projections.writeCharts(on: try book.sheet(say("Biểu đồ", "Charts")))
    if !content.scenarios.isEmpty {
      OptionSheet(content, try book.sheet(say("Phương án", "Options")), projections).write()
      AttributionSheet(content, try book.sheet(say("Đóng góp", "Attribution"))).write()
    }
    TargetSheet(content, try book.sheet(say("Chỉ tiêu", "Targets"))).write()
    SumSheet(content, try book.sheet(say("Phép cộng", "Sums")), projections).write()
    EvidenceSheet(content, try book.sheet(say("Giả định", "Assumptions"))).write()
    SourceSheet(content, try book.sheet(say("Nguồn số liệu", "Sources"))).write()
    FingerprintSheet(content, try book.sheet(say("Dấu vân tay", "Fingerprint"))).write()
    try book.close()
  }
}

extension PackContent {
  /// Indicators of the sheets: those of the tables and the headline ones, by system, then what figures per head need.
  var sheetNodes: [(system: String, nodes: [Int])] {
    model.catalog.systems.compactMap { system in
      let nodes = model.nodes.indices.filter {
        let definition = model.nodes[$0].definition
        return definition.system == system.id
          && (definition.display.inTable || headline.contains($0) || definition.unit == "thousand_persons")
      }
      return nodes.isEmpty ? nil : (system.name[say.language], nodes)
    }
  }

  /// A value as cells show it.
  func shown(_ value: Double, _ node: Int) -> Double { value * display(node).scale }

  /// The name with its marks.
  func marked(_ node: Int) -> String {
    name(node) + say.marks(model.nodes[node].id, model)
  }

  /// A change of an indicator: whole-number indicators get one decimal more.
  func changeStyle(_ node: Int) -> CellStyle { .number(max(display(node).decimals, 1), signed: true) }
}
