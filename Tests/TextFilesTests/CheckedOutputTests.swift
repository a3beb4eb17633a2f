import Foundation
import Testing
import TextFiles

@Suite struct CheckedOutputTests {
  @Test func aFileAppearsOnlyOnCommit() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("out.csv", "old")
    let output = try CheckedOutput(path: path)
    let text = String(repeating: "Thanh Hóa\n", count: 20_000)
    try output.write(text)
    try output.write("end\n")
    try output.flush()
    #expect(try folder.text("out.csv") == "old")
    #expect(folder.names.count == 2)
    try output.commit()
    #expect(try folder.text("out.csv") == text + "end\n")
    #expect(folder.names == ["out.csv"])
    #expect(throws: Diagnostic.self) { try output.write("late") }
  }

  @Test func withoutCommitNothingChanges() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("out.csv", "old")
    do {
      let output = try CheckedOutput(path: path)
      try output.write("new")
      try output.flush()
    }
    #expect(try folder.text("out.csv") == "old")
    #expect(folder.names == ["out.csv"])
    let discarded = try CheckedOutput(path: folder.path + "/other.csv")
    try discarded.write("x")
    discarded.discard()
    #expect(folder.names == ["out.csv"])
  }

  @Test func linksAreFollowedAndPermissionsKept() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("real.csv", "old")
    chmod(path, 0o640)
    #expect(symlink(path, folder.path + "/link.csv") == 0)
    let output = try CheckedOutput(path: folder.path + "/link.csv")
    try output.write("new")
    try output.commit()
    #expect(try folder.text("real.csv") == "new")
    var status = stat()
    #expect(lstat(folder.path + "/link.csv", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o640)
  }

  @Test func aFullDiskIsNamed() throws {
    let output = try CheckedOutput(path: "/dev/full")
    try output.write("x")
    let error = #expect(throws: Diagnostic.self) { try output.commit() }
    #expect(error?.kind == .cannotWrite)
    #expect(error?.code == "disk_full")
    #expect(
      error?.description
        == "/dev/full: cannot write (No space left on device); free some space or choose another place with --output")
  }

  @Test func aLargePieceOnAFullDiskIsNamedAtOnce() throws {
    let output = try CheckedOutput(path: "/dev/full")
    #expect(throws: Diagnostic.self) { try output.write(String(repeating: "x", count: 200_000)) }
    output.discard()
  }

  @Test func aClosedPipeIsDistinguished() throws {
    ignoreClosedPipes()
    let folder = try TemporaryFolder()
    let path = folder.path + "/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    let reader = open(path, O_RDONLY | O_NONBLOCK)
    #expect(reader >= 0)
    let output = try CheckedOutput(path: path)
    try output.write("x")
    close(reader)
    #expect(throws: CheckedOutput.ClosedPipe.self) { try output.flush() }
    output.discard()
  }

  @Test func badTargetsAreRefusedAtOnce() throws {
    let folder = try TemporaryFolder()
    let directory = #expect(throws: Diagnostic.self) { _ = try CheckedOutput(path: folder.path) }
    #expect(directory?.message == "cannot write, this is a directory")
    let absent = #expect(throws: Diagnostic.self) { _ = try CheckedOutput(path: folder.path + "/no/out.csv") }
    #expect(absent?.hint == "create the folder first")
    #expect(absent?.kind == .cannotWrite)
    let slash = #expect(throws: Diagnostic.self) { _ = try CheckedOutput(path: folder.path + "/new/") }
    #expect(slash?.code == "cannot_write")
    let long = #expect(throws: Diagnostic.self) {
      _ = try CheckedOutput(path: folder.path + "/" + String(repeating: "x", count: 300))
    }
    #expect(long?.hint == "choose a shorter name")
    #expect(folder.names.isEmpty)
    if getuid() != 0 {
      chmod(folder.path, 0o500)
      let denied = #expect(throws: Diagnostic.self) { _ = try CheckedOutput(path: folder.path + "/out.csv") }
      #expect(denied?.hint == "choose a place that you may write to")
      chmod(folder.path, 0o700)
    }
  }

  @Test func rememberedFilesAreRemovedAndForgottenOnesKept() throws {
    let folder = try TemporaryFolder()
    let kept = try folder.file("kept", "x")
    TemporaryFiles.forget(TemporaryFiles.remember(kept))
    let long = TemporaryFiles.remember(String(repeating: "x", count: 5000))
    TemporaryFiles.forget(long)
    #expect(folder.names == ["kept"])
  }
}
