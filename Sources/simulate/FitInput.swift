import Forecast
import TextFiles

/// The columns of a CSV file that a regression needs, read in one pass; the others are skipped.
///
/// A column used in arithmetic holds numbers, one used as categories holds text; one that only stands as a variable of
/// its own is numbers if its first value is a number, else text. Empty fields are missing values.
struct FitInput {
  let file: String
  let formula: Formula
  private var table: FormulaTable?
  /// Where the line number stops being the row's number plus two, and by how much from there on.
  private let lineShifts: [(row: Int, shift: Int)]

  /// Columns named by options, for messages and for what `.` leaves out.
  struct Roles {
    var weights: String?
    var unit: String?
    var time: String?
    var clusters: [String] = []

    var named: [(option: String, column: String)] {
      [("--weights", weights), ("--id", unit), ("--time", time)].compactMap { pair in pair.1.map { (pair.0, $0) } }
        + clusters.map { ("--se", $0) }
    }
  }

  private enum Kind {
    case numbers, categories, undecided
  }

  /// What a column of numbers has shown so far.
  private enum State {
    case unknown, hasNumbers, isText
  }

  init(path: String, formula text: String, roles: Roles) throws {
    var reader = try CSVReader(path: path)
    file = reader.file
    formula = try FitInput.parse(text, header: reader.header, roles: roles)

    let numeric = formula.numericColumns.union([roles.weights, roles.time].compactMap { $0 })
    let plain = formula.plainColumns
    var seen: Set<String> = []
    let names = (formula.columns + roles.named.map(\.column)).filter { seen.insert($0).inserted }
    let fields = names.map { reader.column($0) ?? 0 }
    var kinds = names.map { numeric.contains($0) ? Kind.numbers : plain.contains($0) ? .undecided : .categories }
    var numbers = [[Double]](repeating: [], count: names.count)
    var codes = [[Int32]](repeating: [], count: names.count)
    var texts = [TextCodes](repeating: TextCodes(), count: names.count)
    var states = [State](repeating: .unknown, count: names.count)
    var row = 0
    var shifts: [(row: Int, shift: Int)] = []
    while try reader.next() {
      if reader.line - row - 2 != shifts.last?.shift ?? 0 { shifts.append((row, reader.line - row - 2)) }
      for index in names.indices {
        let field = fields[index]
        if kinds[index] == .undecided, !reader.isEmpty(field) {
          kinds[index] = FitInput.isText(reader.number(field)) ? .categories : .numbers
          if kinds[index] == .categories { codes[index] = [Int32](repeating: -1, count: row) }
        }
        if kinds[index] == .categories {
          codes[index].append(reader.withBytes(field) { texts[index].code($0) })
          continue
        }
        switch reader.number(field) {
        case .success(let value):
          numbers[index].append(value)
          states[index] = .hasNumbers
        case .failure(let problem):
          numbers[index].append(.nan)
          guard problem.kind != .empty, states[index] != .isText else { continue }
          var diagnostic = reader.diagnostic(problem, field: field)
          if problem.kind == .notANumber {
            if plain.contains(names[index]) {
              diagnostic.hint = "write factor(\(names[index])) in the formula if the column holds categories"
            } else if states[index] == .unknown {
              // A column of text: one message is enough.
              states[index] = .isText
              diagnostic.hint = "the formula or an option needs numbers in this column"
            }
          }
          reader.report(diagnostic)
        }
      }
      row += 1
    }
    lineShifts = shifts
    var columns: [String: FormulaTable.Column] = [:]
    for (index, name) in names.enumerated() {
      if kinds[index] == .categories {
        columns[name] = .categories(FormulaTable.Categories(texts: texts[index].texts, codes: codes[index]))
      } else {
        columns[name] = .numbers(numbers[index])
      }
      numbers[index] = []
      codes[index] = []
    }
    table = try FormulaTable(columns)
  }

  /// Hands the columns over, so that they are not kept beside the design.
  mutating func takeTable() throws -> FormulaTable {
    defer { table = nil }
    return try table ?? FormulaTable([:])
  }

  /// The line of a row (from 0).
  func line(ofRow row: Int) -> Int { row + 2 + (lineShifts.last { $0.row <= row }?.shift ?? 0) }

  private static func isText(_ number: Result<Double, NumberProblem>) -> Bool {
    if case .failure(let problem) = number { problem.kind == .notANumber } else { false }
  }

  /// The formula against the header, with every unknown name at once.
  private static func parse(_ text: String, header: [String], roles: Roles) throws -> Formula {
    var problems: [Diagnostic] = []
    var formula: Formula?
    do {
      formula = try Formula(text, columns: header, reserved: roles.named.map(\.column))
    } catch {
      problems = error.problems.map { problem in
        Diagnostic(
          .wrongUse, code: problem.unknownName == nil ? "bad_formula" : "unknown_name", problem.description,
          hint: problem.unknownName.flatMap { Suggestion.hint(for: $0, among: problem.candidates) })
      }
    }
    for (option, column) in roles.named where !header.contains(column) {
      problems.append(
        Diagnostic(
          .wrongUse, code: "unknown_name", "\(option): there is no column '\(column)'",
          hint: Suggestion.hint(for: column, among: header.filter { !$0.isEmpty })))
    }
    guard let formula, problems.isEmpty else { throw DiagnosticList(problems) }
    return formula
  }
}
