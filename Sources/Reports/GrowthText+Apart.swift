import Scenarios
import TextFiles

/// The whole with and without a producer inside an item.
extension GrowthText {
  func section(_ apart: GrowthAnswer.Apart, _ layout: inout ReportLayout) {
    let grade = " [\(apart.grade.rawValue)]"
    layout.heading(say("Có và không có: ", "With and without: ") + name(apart) + grade)
    var table = TextTable([
      .text(say("Năm \(answer.year)", "In \(answer.year)")), .number(say("Có", "With")),
      .number(say("Không có", "Without")),
    ])
    func row(_ title: String, _ with: Band80?, _ without: Band80?) {
      guard let without else { return }
      table.addRow([title, band(with), band(without)])
    }
    row(
      say("Tăng trưởng không có chính sách mới, %", "Growth with no new policy, %"), answer.total.baseline, apart.growth
    )
    row(
      say("Cần tăng để đạt \(percent(answer.reach)), %", "Growth needed for \(percent(answer.reach)), %"),
      Band80(central: answer.reach), apart.needed)
    row(say("ICOR không có chính sách mới", "ICOR with no new policy"), apart.icor, apart.icorWithout)
    row(
      say("Năng suất lao động, triệu đồng/người", "Labour productivity, million VND a worker"), apart.productivity,
      apart.productivityWithout)
    layout.table(table)
    layout.paragraph(
      say(
        "Tỷ trọng trong GRDP năm \(answer.year - 1): \(band(apart.share))%, sản lượng thay đổi \(band(apart.driverGrowth))%. Suy từ tác động của yếu tố này lên khu vực (mức \(apart.grade.rawValue)), không phải số liệu công bố; toàn bộ vốn đầu tư và lao động tính cho phần còn lại.",
        "Its share of GRDP in \(answer.year - 1): \(band(apart.share))%; its output changes by \(band(apart.driverGrowth))%. Derived from the effect of this driver on the item (grade \(apart.grade.rawValue)), not from published figures; all investment and all workers are counted with the rest."
      ))
  }

  private func name(_ apart: GrowthAnswer.Apart) -> String {
    context.model.catalog.indicator(apart.driver)?.name[say.language] ?? apart.driver
  }
}
