import CZlib
import Foundation
import TextFiles

/// A folder of its own for one test, removed afterwards.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "textfiles-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

  func file(_ name: String, _ text: String) throws -> String { try file(name, bytes: Array(text.utf8)) }

  func file(_ name: String, bytes: [UInt8]) throws -> String {
    let path = path + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)), as: UTF8.self)
  }
}

/// Packs bytes with zlib into one gzip member.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
  var stream = z_stream()
  guard czlib_deflate_gzip_init(&stream, 6) == Z_OK else { return [] }
  defer { deflateEnd(&stream) }
  var source = bytes
  var packed = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 64)
  let size = source.withUnsafeMutableBufferPointer { input in
    packed.withUnsafeMutableBufferPointer { output in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(output.count)
      _ = deflate(&stream, Z_FINISH)
      return Int(stream.total_out)
    }
  }
  return Array(packed.prefix(size))
}

/// The problems that reading a whole file gives, as text without the folder; empty if it is sound.
func problems(_ path: String, requiredColumns: [String] = [], options: CSVOptions = CSVOptions()) -> [String] {
  do {
    _ = try CSVTable.read(path: path, requiredColumns: requiredColumns, options: options)
    return []
  } catch {
    return error.diagnostics.map { diagnostic in
      var diagnostic = diagnostic
      diagnostic.location?.file = "f"
      return "[\(diagnostic.code)] \(diagnostic)"
    }
  }
}

/// The records of a file as read by the streaming reader.
func records(_ path: String, options: CSVOptions = CSVOptions()) throws -> [[String]] {
  var reader = try CSVReader(path: path, options: options)
  var rows = [reader.header]
  while try reader.next() { rows.append((0..<reader.fieldCount).map { reader.string($0) }) }
  return rows
}
