/// The columns that a formula reads: numbers, or categories.
///
/// Missing values are NaN in numbers and -1 in the codes of categories.
public struct FormulaTable: Sendable {
  /// Categories as they stand in the data: the distinct texts, and one code per row.
  public struct Categories: Equatable, Sendable {
    public var texts: [String]
    public var codes: [Int32]

    public init(texts: [String], codes: [Int32]) {
      self.texts = texts
      self.codes = codes
    }

    /// From one text per row; `nil` or empty is missing.
    public init(_ values: [String?]) {
      var place: [String: Int32] = [:]
      texts = []
      codes = []
      codes.reserveCapacity(values.count)
      for value in values {
        guard let value, !value.isEmpty else {
          codes.append(-1)
          continue
        }
        if let code = place[value] {
          codes.append(code)
        } else {
          let code = Int32(texts.count)
          place[value] = code
          texts.append(value)
          codes.append(code)
        }
      }
    }
  }

  public enum Column: Sendable {
    case numbers([Double])
    case categories(Categories)

    var count: Int {
      switch self {
      case .numbers(let values): values.count
      case .categories(let categories): categories.codes.count
      }
    }
  }

  public let rowCount: Int
  public private(set) var columns: [String: Column]

  /// - Throws: `badDesign` for columns of different lengths.
  public init(_ columns: [String: Column]) throws(ForecastError) {
    let counts = columns.mapValues(\.count)
    rowCount = counts.values.first ?? 0
    for (name, count) in counts.sorted(by: { $0.key < $1.key }) where count != rowCount {
      throw .badDesign(
        model: "formula",
        reason: "column \(name) has \(count) values, others have \(rowCount); give one of each per row")
    }
    self.columns = columns
  }

  init(rowCount: Int, columns: [String: Column]) {
    self.rowCount = rowCount
    self.columns = columns
  }

  func numbers(_ name: String) throws(DesignError) -> [Double] {
    switch columns[name] {
    case .numbers(let values): return values
    case .categories: throw .needsNumbers(column: name)
    case nil: throw .noColumn(name)
    }
  }

  /// The categories of a column; of numbers each distinct value is one. With a time of O(rows).
  func categories(_ name: String) throws(DesignError) -> Categories {
    switch columns[name] {
    case .categories(let categories): return categories
    case .numbers(let values):
      var place: [Double: Int32] = [:]
      var texts: [String] = []
      var codes = [Int32](repeating: -1, count: values.count)
      for (row, value) in values.enumerated() where !value.isNaN {
        if let code = place[value] {
          codes[row] = code
        } else {
          let code = Int32(texts.count)
          place[value] = code
          texts.append(FormulaExpression.text(value))
          codes[row] = code
        }
      }
      return Categories(texts: texts, codes: codes)
    case nil: throw .noColumn(name)
    }
  }

  /// Marks the rows where this column is missing.
  func markMissing(_ name: String, in complete: inout [Bool]) {
    switch columns[name] {
    case .numbers(let values): for (row, value) in values.enumerated() where value.isNaN { complete[row] = false }
    case .categories(let categories):
      for (row, code) in categories.codes.enumerated() where code < 0 { complete[row] = false }
    case nil: break
    }
  }
}

extension FormulaTable.Categories {
  /// A factor of the chosen rows, without levels that do not occur there. Levels are sorted: by size if all are numbers
  /// (then `1` and `1.0` are one level), else by Unicode.
  func factor(rows: [Int]?) -> Factor {
    var present = [Bool](repeating: false, count: texts.count)
    if let rows {
      for row in rows { present[Int(codes[row])] = true }
    } else {
      for code in codes { present[Int(code)] = true }
    }
    let used = texts.indices.filter { present[$0] }
    let numbers = used.map { Double(texts[$0]) }
    var target = [Int](repeating: 0, count: texts.count)
    var levels: [String] = []
    if numbers.allSatisfy({ $0?.isFinite ?? false }) {
      let values = numbers.map { $0 ?? 0 }
      var previous = Double.nan
      for position in values.indices.sorted(by: { values[$0] < values[$1] }) {
        if values[position] != previous {
          levels.append(FormulaExpression.text(values[position]))
          previous = values[position]
        }
        target[used[position]] = levels.count - 1
      }
    } else {
      for index in used.sorted(by: { texts[$0] < texts[$1] }) {
        target[index] = levels.count
        levels.append(texts[index])
      }
    }
    return Factor(
      levels: levels, codes: rows.map { $0.map { target[Int(codes[$0])] } } ?? codes.map { target[Int($0)] })
  }
}
