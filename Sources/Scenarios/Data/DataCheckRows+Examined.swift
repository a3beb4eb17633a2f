extension DataCheckRows {
  /// How many things a check of single files, tables or rows looked at.
  func examined(_ check: DataCheckName, tables: ReferenceTables) -> Int {
    switch check {
    case .file: files.count + ReferenceTables.fileCount
    case .reference: ReferenceTables.fileCount
    case .badDate, .publishedEarly: publishedCount
    case .unknownCheck, .unusedException: tables.exceptions.count
    default: rowCount
    }
  }
}
