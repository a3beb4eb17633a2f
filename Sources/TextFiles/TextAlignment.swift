/// Where a text stands in its column.
public enum TextAlignment: Sendable {
  case left
  case right
  case centre
}
