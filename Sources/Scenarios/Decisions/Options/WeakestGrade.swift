/// A grade, or that there is nothing to grade, which is stronger than any.
struct WeakestGrade: Comparable {
  var grade: Grade?

  static func < (a: WeakestGrade, b: WeakestGrade) -> Bool { (a.grade?.rank ?? -1) < (b.grade?.rank ?? -1) }
  static let nothing = WeakestGrade(grade: nil)
}
