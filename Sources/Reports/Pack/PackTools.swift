import Foundation

/// Programs that a pack can do without: Python with vl-convert and WeasyPrint, and pandoc.
public struct PackTools: Sendable {
  public var python: String?
  /// The helper script tools/render_pack.py.
  public var script: String?
  public var pandoc: String?

  public init(python: String?, script: String?, pandoc: String?) {
    self.python = python
    self.script = script
    self.pandoc = pandoc
  }

  /// Looks beside the command: `../share/simulate/tools` of an installed one, `tools` of the source tree that it was built in.
  ///
  /// Python is `$SIMULATE_PYTHON`, else that of a `.venv` beside the script's folder, else `python3` of the path. Nothing is looked
  /// for in the working folder or in the model folder, because it will be run.
  public static func locate(executable: String?, environment: [String: String]) -> PackTools {
    let manager = FileManager.default
    var script: String?
    if let executable {
      var folder = URL(fileURLWithPath: executable).resolvingSymlinksInPath().deletingLastPathComponent()
      let installed = folder.deletingLastPathComponent().path + "/share/simulate/tools/render_pack.py"
      if manager.fileExists(atPath: installed) { script = installed }
      for _ in 0..<5 where script == nil && folder.path != "/" {
        folder = folder.deletingLastPathComponent()
        let built = (folder.path == "/" ? "" : folder.path) + "/tools/render_pack.py"
        if manager.fileExists(atPath: built) { script = built }
      }
    }
    let path = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
    func program(_ name: String) -> String? {
      path.map { $0 + "/" + name }.first { manager.isExecutableFile(atPath: $0) }
    }
    var python = environment["SIMULATE_PYTHON"].flatMap { $0.isEmpty ? nil : $0 }
    if python == nil, let script {
      let base = URL(fileURLWithPath: script).deletingLastPathComponent().deletingLastPathComponent().path
      let own = base + "/.venv/bin/python"
      if manager.isExecutableFile(atPath: own) { python = own }
    }
    return PackTools(python: python ?? program("python3"), script: script, pandoc: program("pandoc"))
  }
}
