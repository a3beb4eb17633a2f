/// A word of a formula with the column where it starts.
struct FormulaToken: Equatable {
  enum Kind: Equatable {
    case name(String)
    case number(Double)
    case symbol(Character)
    case end
  }

  var kind: Kind
  var column: Int
  /// As it stands in the text.
  var text: String

  /// Splits a formula into words; characters that mean nothing are reported and skipped. Ends with a word `end`.
  static func split(_ text: String, problems: inout [FormulaProblem]) -> [FormulaToken] {
    let characters = Array(text)
    var tokens: [FormulaToken] = []
    var index = 0
    while index < characters.count {
      let start = index
      let character = characters[index]
      if character.isWhitespace {
        index += 1
      } else if character == "`" {
        index += 1
        while index < characters.count, characters[index] != "`" { index += 1 }
        let name = String(characters[(start + 1)..<index])
        if index == characters.count {
          problems.append(FormulaProblem(start + 1, "the backtick opened here is never closed"))
        } else if name.isEmpty {
          problems.append(FormulaProblem(start + 1, "a column's name is expected between the backticks"))
        }
        index += 1
        tokens.append(FormulaToken(kind: .name(name), column: start + 1, text: "`\(name)`"))
      } else if isNumberStart(characters, index) {
        index = numberEnd(characters, index)
        let word = String(characters[start..<index])
        let value = Double(word) ?? .nan
        if !value.isFinite { problems.append(FormulaProblem(start + 1, "'\(word)' is not a number")) }
        tokens.append(FormulaToken(kind: .number(value.isFinite ? value : 0), column: start + 1, text: word))
      } else if isNamePart(character) {
        while index < characters.count, isNamePart(characters[index]) { index += 1 }
        let word = String(characters[start..<index])
        tokens.append(FormulaToken(kind: .name(word), column: start + 1, text: word))
      } else {
        index += 1
        if "~+-*/:^()|,".contains(character) {
          tokens.append(FormulaToken(kind: .symbol(character), column: start + 1, text: String(character)))
        } else {
          problems.append(
            FormulaProblem(
              start + 1,
              "'\(character)' has no meaning in a formula; write the names of other columns between backticks"))
        }
      }
    }
    tokens.append(FormulaToken(kind: .end, column: characters.count + 1, text: ""))
    return tokens
  }

  /// Whether a column's name may stand in a formula without backticks.
  static func isPlainName(_ name: String) -> Bool {
    guard let first = name.first, name.allSatisfy(isNamePart), name != "." else { return false }
    if first == "." { return !(name.dropFirst().first.map { $0.isASCII && $0.isNumber } ?? true) }
    return !first.isNumber && first != "_"
  }

  static func isNamePart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_" || character == "."
  }

  private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }

  private static func isNumberStart(_ characters: [Character], _ index: Int) -> Bool {
    if isDigit(characters[index]) { return true }
    return characters[index] == "." && index + 1 < characters.count && isDigit(characters[index + 1])
  }

  private static func numberEnd(_ characters: [Character], _ start: Int) -> Int {
    var index = start
    while index < characters.count, isDigit(characters[index]) || characters[index] == "." { index += 1 }
    if index < characters.count, characters[index] == "e" || characters[index] == "E" {
      var after = index + 1
      if after < characters.count, characters[after] == "-" || characters[after] == "+" { after += 1 }
      if after < characters.count, isDigit(characters[after]) {
        while after < characters.count, isDigit(characters[after]) { after += 1 }
        index = after
      }
    }
    // A name that starts with a digit is one word, so that the message shows it whole.
    while index < characters.count, isNamePart(characters[index]) { index += 1 }
    return index
  }
}
