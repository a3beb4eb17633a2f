/// The letters of Vietnamese without their marks.
enum VietnameseLetters {
  /// `ế` gives `e`, `đ` gives `d`; anything that is not a small Vietnamese letter stays.
  static func base(of scalar: Unicode.Scalar) -> Unicode.Scalar { scalar.isASCII ? scalar : bases[scalar] ?? scalar }

  private static let bases: [Unicode.Scalar: Unicode.Scalar] = {
    let groups: [(Unicode.Scalar, String)] = [
      ("a", "àáảãạăằắẳẵặâầấẩẫậ"), ("d", "đ"), ("e", "èéẻẽẹêềếểễệ"), ("i", "ìíỉĩị"), ("o", "òóỏõọôồốổỗộơờớởỡợ"),
      ("u", "ùúủũụưừứửữự"), ("y", "ỳýỷỹỵ"),
    ]
    var bases: [Unicode.Scalar: Unicode.Scalar] = [:]
    for (base, letters) in groups {
      for letter in letters.unicodeScalars { bases[letter] = base }
    }
    return bases
  }()
}
