/// A column of a ``TextTable``.
public struct TextTableColumn: Sendable, Equatable {
  public var title: String
  public var alignment: TextAlignment
  /// Left out first when the terminal is too narrow.
  public var isOptional: Bool

  public init(_ title: String, alignment: TextAlignment = .left, isOptional: Bool = false) {
    self.title = title
    self.alignment = alignment
    self.isOptional = isOptional
  }

  /// A column of text, aligned left.
  public static func text(_ title: String, isOptional: Bool = false) -> TextTableColumn {
    TextTableColumn(title, alignment: .left, isOptional: isOptional)
  }

  /// A column of numbers, aligned right.
  public static func number(_ title: String, isOptional: Bool = false) -> TextTableColumn {
    TextTableColumn(title, alignment: .right, isOptional: isOptional)
  }
}
