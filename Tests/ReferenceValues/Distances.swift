/// |a - b| relative to the larger of both and `floor`; infinite if one of them is not finite.
public func relativeDistance(_ a: Double, _ b: Double, floor: Double = 0) -> Double {
  if a == b { return 0 }
  guard a.isFinite, b.isFinite else { return .infinity }
  return abs(a - b) / max(abs(a), abs(b), floor)
}

/// The largest relative distance of two lists; infinite if they differ in length or are empty.
public func largestDistance(_ a: [Double], _ b: [Double], floor: Double = 0) -> Double {
  guard a.count == b.count, !a.isEmpty else { return .infinity }
  return zip(a, b).reduce(0) { max($0, relativeDistance($1.0, $1.1, floor: floor)) }
}
