/// How the columns of a design are made from variables: which factors get one column per level and which leave the
/// first one out. Made once from the data, and usable on other rows.
struct DesignBlueprint: Sendable {
  /// A variable of the formula, computed for every row.
  enum Block {
    /// Columns with the endings of their names.
    case numeric([(suffix: String, values: [Double])])
    case factor(Factor)
  }

  let formula: Formula
  /// The levels of each variable; nil for numbers.
  let levels: [[String]?]
  /// For each term and each of its variables, whether a factor leaves out its first level.
  let contrasts: [[Bool]]
  /// How many columns each variable brings, and each term.
  let columnCounts: [Int]

  /// Treatment contrasts by R's rule: a factor of a term leaves its first level out if the term without it is part of
  /// an earlier term (or is empty); without an intercept, the first factor of the first term that has one keeps all.
  init(formula: Formula, blocks: [Block]) {
    self.formula = formula
    levels = blocks.map { block in if case .factor(let factor) = block { factor.levels } else { nil } }
    var coding: [[Bool]] = []
    for (index, term) in formula.terms.enumerated() {
      coding.append(
        term.map { variable in
          let rest = term.filter { $0 != variable }
          return rest.isEmpty || formula.terms[..<index].contains { earlier in rest.allSatisfy(earlier.contains) }
        })
    }
    if !formula.hasIntercept, formula.effects.isEmpty {
      search: for (index, term) in formula.terms.enumerated() {
        for (place, variable) in term.enumerated() where levels[variable] != nil {
          coding[index][place] = false
          break search
        }
      }
    }
    contrasts = coding
    let levels = levels
    columnCounts = formula.terms.indices.map { index in
      formula.terms[index].indices.reduce(1) { count, place in
        let variable = formula.terms[index][place]
        let width =
          switch blocks[variable] {
          case .numeric(let columns): columns.count
          case .factor: (levels[variable]?.count ?? 0) - (coding[index][place] ? 1 : 0)
          }
        return count.multipliedReportingOverflow(by: width).overflow ? Int.max / 2 : count * width
      }
    }
  }

  /// The columns of all terms; within a term the first factor runs fastest, as in R.
  func columns(_ blocks: [Block], rowCount: Int) -> [RegressionColumn] {
    var result: [RegressionColumn] = []
    for (index, term) in formula.terms.enumerated() {
      var partial: [RegressionColumn]?
      for (place, variable) in term.enumerated().reversed() {
        partial = combine(
          blocks[variable], label: formula.variables[variable].label, isContrast: contrasts[index][place],
          with: partial)
      }
      result += partial ?? []
    }
    return result
  }

  /// Products of one variable's columns with those of the later variables of the term.
  private func combine(
    _ block: Block, label: String, isContrast: Bool, with later: [RegressionColumn]?
  ) -> [RegressionColumn] {
    func name(_ suffix: String, _ other: RegressionColumn?) -> String {
      label + suffix + (other.map { ":" + $0.name } ?? "")
    }
    var result: [RegressionColumn] = []
    for other in later.map({ $0.map(Optional.some) }) ?? [nil] {
      switch block {
      case .numeric(let columns):
        for column in columns {
          var values = column.values
          if let other { for row in values.indices { values[row] *= other.values[row] } }
          result.append(RegressionColumn(name: name(column.suffix, other), values: values))
        }
      case .factor(let factor):
        for level in factor.levels.indices.dropFirst(isContrast ? 1 : 0) {
          var values = [Double](repeating: 0, count: factor.count)
          for (row, code) in factor.codes.enumerated() where code == level {
            values[row] = other?.values[row] ?? 1
          }
          result.append(RegressionColumn(name: name(factor.levels[level], other), values: values))
        }
      }
    }
    return result
  }
}
