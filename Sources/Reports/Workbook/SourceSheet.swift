import Scenarios
import TextFiles

/// Where the figures come from: every source with the indicators that rest on it, by the Vietnamese alphabet.
struct SourceSheet {
  let content: PackContent
  let sheet: Sheet

  init(_ content: PackContent, _ sheet: Sheet) {
    self.content = content
    self.sheet = sheet
  }

  func write() {
    let say = content.say
    sheet.text(0, 0, say("Nguồn số liệu", "Data sources"), .title)
    let titles = [
      say("Nguồn", "Source"), say("Nơi công bố", "Publisher"), say("Địa chỉ", "Address"),
      say("Dùng cho", "Used for"), say("Giấy phép", "Licence"), say("Mã", "Id"),
    ]
    for (column, title) in titles.enumerated() { sheet.text(2, column, title, .header) }
    var uses: [String: [String]] = [:]
    for node in content.sheetNodes.flatMap(\.nodes) {
      for observation in content.model.nodes[node].observations.values where !observation.source.isEmpty {
        let name = content.name(node)
        if uses[observation.source]?.contains(name) != true { uses[observation.source, default: []].append(name) }
      }
    }
    let rows = uses.map {
      id, names -> (order: VietnameseOrder, id: String, names: [String], source: EvidenceTable.Source?) in
      let source = content.input.evidence.sources[id]
      let title = source.map { $0.title.isEmpty ? $0.url : $0.title } ?? id
      return (VietnameseOrder(title), id, names, source)
    }.sorted { $0.order == $1.order ? $0.id < $1.id : $0.order < $1.order }
    for (position, entry) in rows.enumerated() {
      let row = 3 + position
      let names = entry.names.sorted { VietnameseOrder($0) < VietnameseOrder($1) }
      sheet.text(row, 0, entry.source.map { $0.title.isEmpty ? $0.url : $0.title } ?? entry.id, .wrapped)
      sheet.text(row, 1, entry.source?.publisher ?? "", .wrapped)
      sheet.text(row, 2, entry.source?.url ?? "")
      sheet.text(row, 3, names.joined(separator: "; "), .wrapped)
      sheet.text(row, 4, entry.source?.licence ?? "", .wrapped)
      sheet.text(row, 5, entry.id)
    }
    sheet.widths([50, 26, 44, 40, 28, 26])
    sheet.freeze(3, 1, repeating: 2...2)
    sheet.setPrintArea()
  }
}
