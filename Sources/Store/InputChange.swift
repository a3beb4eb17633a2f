import Scenarios

/// A file that is not what it was.
public struct InputChange: Sendable, Equatable {
  public var kind: InputFile.Kind
  public var path: String
  /// Nil where the file was not there before.
  public var before: String?
  /// Nil where the file is gone.
  public var after: String?
  /// Of a scenario: the lines that went and came, in the order of the file.
  public var lines: [Line] = []

  public struct Line: Sendable, Equatable {
    public var isNew: Bool
    /// Counted from 1, in the old file for a line that went, in the new file for one that came.
    public var number: Int
    public var text: String

    public init(isNew: Bool, number: Int, text: String) {
      self.isNew = isNew
      self.number = number
      self.text = text
    }
  }
}

extension InputChange {
  /// The differences of two lists of inputs. Files of a model folder are matched by their path, scenarios by their stem.
  public static func between(_ before: [InputFile], _ after: [InputFile]) -> [InputChange] {
    func name(_ file: InputFile) -> String {
      file.kind.rawValue + "/" + (file.kind == .scenario ? ScenarioReader.stem(file.path) : file.path)
    }
    let old = Dictionary(before.map { (name($0), $0) }) { first, _ in first }
    let new = Dictionary(after.map { (name($0), $0) }) { first, _ in first }
    var changes: [InputChange] = []
    for file in before {
      let other = new[name(file)]
      if other?.hash == file.hash { continue }
      changes.append(
        InputChange(
          kind: file.kind, path: other?.path ?? file.path, before: file.hash, after: other?.hash,
          lines: lines(file.content, other?.content)))
    }
    for file in after where old[name(file)] == nil {
      changes.append(InputChange(kind: file.kind, path: file.path, before: nil, after: file.hash))
    }
    return changes
  }

  private static func lines(_ before: [UInt8]?, _ after: [UInt8]?) -> [Line] {
    guard let before, let after else { return [] }
    func split(_ bytes: [UInt8]) -> [String] {
      String(decoding: bytes, as: UTF8.self).split(omittingEmptySubsequences: false) { $0.isNewline }.map(String.init)
    }
    var lines: [Line] = []
    for change in split(after).difference(from: split(before)) {
      switch change {
      case .remove(let place, let text, _): lines.append(Line(isNew: false, number: place + 1, text: text))
      case .insert(let place, let text, _): lines.append(Line(isNew: true, number: place + 1, text: text))
      }
    }
    return lines.sorted { ($0.number, $0.isNew ? 1 : 0) < ($1.number, $1.isNew ? 1 : 0) }
  }
}
