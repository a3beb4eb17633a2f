import Foundation
import Testing

/// The command works away from its sources.
@Suite struct InstalledCopyTests {
  private static let arguments = ["run", "--draws", "100", "--format", "json"]

  @Test func anInstalledCopyNeedsNothingElse() throws {
    let folder = try TemporaryFolder()
    let manager = FileManager.default
    try manager.createDirectory(atPath: folder.path + "/bin", withIntermediateDirectories: true)
    try manager.createDirectory(atPath: folder.path + "/share", withIntermediateDirectories: true)
    try manager.copyItem(atPath: Spawned.binary, toPath: folder.path + "/bin/simulate")
    try manager.copyItem(atPath: Spawned.modelFolder, toPath: folder.path + "/share/simulate")
    let source = try simulate(Self.arguments)
    #expect(source.code == 0)
    for environment in [[:], ["PATH": "/usr/bin:/bin"]] {
      let installed = try Spawned(
        folder.path + "/bin/simulate", Self.arguments, environment: environment, directory: "/"
      ).wait()
      #expect(installed.code == 0, "\(installed.errors)")
      #expect(installed.bytes == source.bytes)
    }
    // Through a link, as in a folder of the search path.
    try manager.createSymbolicLink(atPath: folder.path + "/linked", withDestinationPath: folder.path + "/bin/simulate")
    let linked = try Spawned(folder.path + "/linked", Self.arguments, environment: [:], directory: "/").wait()
    #expect(linked.bytes == source.bytes, "\(linked.errors)")
    let explained = try Spawned(
      folder.path + "/bin/simulate", ["explain", "pci_score"], environment: [:], directory: "/"
    ).wait()
    #expect(explained.code == 0 && !explained.bytes.isEmpty)
  }

  @Test func theModelFolderIsFoundInOrder() throws {
    let folder = try TemporaryFolder()
    let model = try folder.copyOfModel()
    try folder.replace("PCI score", with: "Other score", in: "model-folder/model/competitiveness.yaml")
    func isOther(_ arguments: [String], _ environment: [String: String], in directory: String) throws -> Bool {
      let outcome = try simulate(
        ["explain", "pci_score", "--lang", "en"] + arguments, environment: environment, in: directory)
      #expect(outcome.code == 0, "\(outcome.errors)")
      return outcome.text.hasPrefix("Other score")
    }
    #expect(try isOther([], ["SIMULATE_HOME": model], in: "/"))
    #expect(try isOther([], ["SIMULATE_HOME": "model-folder"], in: folder.path))
    #expect(try isOther(["--model", model], ["SIMULATE_HOME": Spawned.modelFolder], in: "/"))
    #expect(try isOther(["--model", model + "/"], [:], in: "/"))
    #expect(try !isOther(["--model", Spawned.modelFolder], ["SIMULATE_HOME": model], in: "/"))
    #expect(try !isOther([], ["SIMULATE_HOME": ""], in: Spawned.package + "/Sources/simulate"))
    try FileManager.default.moveItem(atPath: model, toPath: folder.path + "/notebooks-data")
    try FileManager.default.createDirectory(atPath: folder.path + "/a/b", withIntermediateDirectories: true)
    #expect(try isOther([], [:], in: folder.path + "/a/b"))
  }

  @Test func aReadOnlyModelFolderWorks() throws {
    let folder = try TemporaryFolder()
    let model = try folder.copyOfModel()
    _ = try shell("chmod -R a-w '\(model)'")
    defer { _ = try? shell("chmod -R u+w '\(model)'") }
    let outcome = try simulate(Self.arguments + ["--model", model], in: "/")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.bytes == (try simulate(Self.arguments).bytes))
  }
}
