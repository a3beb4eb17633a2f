import TextFiles
import Yams

/// Amounts in a unit or as multiples of a baseline.
extension YAMLSource {
  /// A number, or a multiple such as `1.2x`.
  func amount(_ node: Node, _ what: String) -> Amount? {
    guard case .scalar(let scalar) = node, scalar.string.hasSuffix("x") else {
      return number(node, what).map { .value($0) }
    }
    guard let multiple = parseNumber(String(scalar.string.dropLast())) else {
      report(
        node, "wrong_type", "\(what) must be a number or a multiple of the baseline, not '\(scalar.string)'",
        hint: "write a multiple such as 1.2x")
      return nil
    }
    guard multiple >= 0 else {
      report(node, "out_of_range", "a multiple of the baseline is 0x or more, not \(scalar.string)")
      return nil
    }
    return .multiple(multiple)
  }

  /// `[lowest, highest]`, both as numbers or both as multiples such as `[0.5x, 1.5x]`.
  func amountRange(_ node: Node, _ what: String) -> AmountRange? {
    guard let items = list(node, what) else { return nil }
    guard items.count == 2 else {
      report(
        node, "wrong_count", "\(what) must be [lowest, highest], as values or as multiples such as 0.5x")
      return nil
    }
    let amounts = items.compactMap { amount($0, "an element of \(what)") }
    guard amounts.count == 2 else { return nil }
    guard amounts[0].isMultiple == amounts[1].isMultiple else {
      report(node, "wrong_type", "\(what) must be two numbers, or two multiples such as [0.5x, 1.5x]")
      return nil
    }
    guard amounts[0].number <= amounts[1].number else {
      report(
        node, "wrong_count",
        "\(what) must be [lowest, highest], and \(amounts[0].text) is more than \(amounts[1].text)")
      return nil
    }
    let range = amounts[0].number...amounts[1].number
    return amounts[0].isMultiple ? .multiples(range) : .values(range)
  }
}
