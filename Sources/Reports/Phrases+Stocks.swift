import Scenarios
import TextFiles

/// Words for stocks.
extension Phrases {
  /// How a stock moves, and where it starts anew.
  func stock(_ stock: StockSpecification) -> String {
    let flows = stock.inflows.map { " + \($0)" }.joined() + stock.outflows.map { " - \($0)" }.joined()
    var text = "= [t-1]"
    if let ceiling = stock.ceiling {
      if let pace = stock.pace { text += " + \(pace) × (\(ceiling) - [t-1])" }
      text += flows + ", 0 ≤ ... ≤ \(ceiling)"
    } else {
      text += flows
    }
    if stock.pace != nil {
      text += self(
        ". Tốc độ là phần của số còn lại được thêm trong một năm: nhanh hơn thì đầy sớm hơn, không bao giờ vượt trần.",
        ". The pace is the share of what is left that comes in during a year: faster fills sooner, never beyond the ceiling."
      )
    }
    guard !stock.restarts.isEmpty else { return text }
    let levels = stock.restartYears.compactMap { year in
      stock.restarts[year].map { level -> String in
        let range =
          level.low < level.high ? " (\(NumberText.shortest(level.low)) – \(NumberText.shortest(level.high)))" : ""
        return "\(year): \(NumberText.shortest(level.central))\(range)"
      }
    }.joined(separator: "; ")
    return text
      + self(
        " Khởi động lại, không nối với chuỗi trước đó, mức cuối năm do người lập kế hoạch nhập (mức D, chỉ dùng cho kịch bản): \(levels); trong ngoặc: khoảng giữa, một nửa số lượt nằm trong đó. Căn cứ: \(stock.evidence).",
        " Starts anew, not joined to what was before, at a planner's level for the end of the year (grade D, scenario-only): \(levels); in brackets the middle half of the futures. Basis: \(stock.evidence)."
      )
  }
}
