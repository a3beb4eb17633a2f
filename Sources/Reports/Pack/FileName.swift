import Foundation

/// Names for files that are made from names in data.
package enum FileName {
  /// Letters without marks, digits and hyphens: `Kịch bản 1/2` gives `kich-ban-1-2`. It cannot leave a folder, hide itself, or be
  /// too long; `item` where nothing is left.
  package static func word(_ text: String) -> String {
    var word = ""
    for scalar in text.decomposedStringWithCanonicalMapping.lowercased().unicodeScalars {
      switch scalar {
      case "đ": word += "d"
      case "a"..."z", "0"..."9": word.unicodeScalars.append(scalar)
      default:
        // Marks belong to the letter before them.
        let isMark = scalar.properties.canonicalCombiningClass != .notReordered
        if !isMark, !word.isEmpty, word.last != "-" { word.append("-") }
      }
    }
    while word.last == "-" { word.removeLast() }
    word = String(word.prefix(60))
    return word.isEmpty ? "item" : word
  }
}
