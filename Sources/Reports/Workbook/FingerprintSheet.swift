import TextFiles

/// What the run was made from.
struct FingerprintSheet {
  let content: PackContent
  let sheet: Sheet

  init(_ content: PackContent, _ sheet: Sheet) {
    self.content = content
    self.sheet = sheet
  }

  func write() {
    let (say, print) = (content.say, content.result.fingerprint)
    sheet.text(0, 0, say("Dấu vân tay", "Fingerprint"), .title)
    let rows = [
      (say("Dấu vân tay của lần chạy", "Fingerprint of the run"), print.combined),
      (say("Phiên bản simulate", "Version of simulate"), print.version), (say("Mô hình", "Model"), print.model),
      (say("Số liệu", "Data"), print.data), (say("Kịch bản", "Scenarios"), print.scenarios),
      (say("Các tệp kịch bản", "Scenario files"), content.result.scenarios.map(\.id).joined(separator: ", ")),
      (say("Hạt giống", "Seed"), "\(print.seed)"), (say("Số lượt mô phỏng", "Draws"), "\(print.draws)"),
      (say("Năm cuối", "Last year"), "\(print.until)"),
      (say("Chỉ dùng số liệu công bố đến", "Only figures published by"), print.asOf ?? say("tất cả", "everything")),
      (say("Thư viện đại số", "Linear algebra kernel"), print.blasKernel),
    ]
    for (position, row) in rows.enumerated() {
      sheet.text(2 + position, 0, row.0, .label)
      sheet.text(2 + position, 1, row.1)
    }
    sheet.text(
      3 + rows.count, 0,
      say(
        "Cùng dấu vân tay thì cùng kết quả, với bao nhiêu luồng cũng vậy.",
        "The same fingerprint gives the same result, with any number of threads."), .note)
    sheet.widths([38, 60])
    sheet.setPrintArea()
  }
}
