import Foundation
import Testing

@testable import Files

@Suite struct AtomicFileTests {
  @Test func writesAndReplaces() throws {
    let folder = try TemporaryFolder()
    let url = folder.url.appending(path: "a")
    try AtomicFile.write(Data("one".utf8), to: url)
    #expect(try folder.read("a") == Data("one".utf8))
    try AtomicFile.write(Data(), to: url)
    #expect(try folder.read("a").isEmpty)
    try AtomicFile.write(Data(repeating: 7, count: 1_000_000), to: url)
    #expect(try folder.read("a").count == 1_000_000)
    #expect(try folder.names == ["a"], "nothing else is left")
  }

  /// What was there gets the other name, and what had that name before is gone.
  @Test func theOneBeforeIsKept() throws {
    let folder = try TemporaryFolder()
    let (url, previous) = (folder.url.appending(path: "a"), folder.url.appending(path: "b"))
    try AtomicFile.write(Data("one".utf8), to: url, keeping: previous)
    #expect(try folder.names == ["a"], "there was nothing to keep")
    for (before, after) in [("one", "two"), ("two", "three")] {
      try AtomicFile.write(Data(after.utf8), to: url, keeping: previous)
      #expect(try folder.read("a") == Data(after.utf8) && folder.read("b") == Data(before.utf8))
      #expect(try folder.names == ["a", "b"])
    }
    try AtomicFile.write(Data("four".utf8), to: url)
    #expect(try folder.read("b") == Data("two".utf8), "nothing is kept unasked")
  }

  /// If the old file cannot be kept, it stays where it is.
  @Test func whatCannotBeKeptStays() throws {
    let folder = try TemporaryFolder()
    try folder.write("one", to: "a")
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "b"), withIntermediateDirectories: true)
    try folder.write("inside", to: "b/c")
    #expect(throws: OutputError.self) {
      try AtomicFile.write(
        Data("two".utf8), to: folder.url.appending(path: "a"), keeping: folder.url.appending(path: "b"))
    }
    #expect(try folder.read("a") == Data("one".utf8) && folder.names == ["a", "b"])
  }

  /// A partial file of a process that died is replaced.
  @Test func leftoversAreNoObstacle() throws {
    let folder = try TemporaryFolder()
    try folder.write("a longer text of before", to: ".a.partial")
    try AtomicFile.write(Data("new".utf8), to: folder.url.appending(path: "a"))
    #expect(try folder.read("a") == Data("new".utf8))
    #expect(try folder.names == ["a"])
  }

  /// A link under the name of the temporary file is not followed, wherever it leads.
  @Test(arguments: ["victim", "nowhere", ".a.partial"]) func linksAreNotFollowed(target: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("precious", to: "victim")
    try folder.makeLink(".a.partial", to: target)
    let url = folder.url.appending(path: "a")
    try AtomicFile.write(Data("new".utf8), to: url)
    #expect(try folder.read("victim") == Data("precious".utf8) && folder.read("a") == Data("new".utf8))
    #expect(try folder.names == ["a", "victim"])
    #expect(try FileManager.default.attributesOfItem(atPath: url.path)[.type] as? FileAttributeType == .typeRegular)
  }

  /// A file that is a link is replaced; what it leads to is not touched.
  @Test func linksAreReplaced() throws {
    let folder = try TemporaryFolder()
    try folder.write("precious", to: "victim")
    try folder.makeLink("a", to: "victim")
    try AtomicFile.write(Data("new".utf8), to: folder.url.appending(path: "a"))
    #expect(try folder.read("victim") == Data("precious".utf8) && folder.read("a") == Data("new".utf8))
  }

  /// A folder under the name of the temporary file is an error, and nothing of it is lost, full or empty.
  @Test func foldersAreNotRemoved() throws {
    let folder = try TemporaryFolder()
    try folder.write("old", to: "a")
    try folder.makeFolder(".a.partial")
    for isFull in [false, true] {
      if isFull { try folder.write("inside", to: ".a.partial/x") }
      let error = #expect(throws: OutputError.self) {
        try AtomicFile.write(Data("new".utf8), to: folder.url.appending(path: "a"))
      }
      #expect(error?.description == "cannot replace \(folder.url.path)/.a.partial: it is a folder")
      #expect(error?.isCreation == false)
      #expect(try folder.names == [".a.partial", "a"] && folder.read("a") == Data("old".utf8))
    }
    #expect(try folder.read(".a.partial/x") == Data("inside".utf8))
  }

  /// Others may read what the process may read: the mode is that of the process's mask.
  @Test func filesHaveTheUsualMode() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write(Data(), to: folder.url.appending(path: "a"))
    try #require(FileManager.default.createFile(atPath: folder.url.appending(path: "b").path, contents: nil))
    let modes = try ["a", "b"].map { name in
      try FileManager.default.attributesOfItem(atPath: folder.url.appending(path: name).path)[.posixPermissions] as? Int
    }
    #expect(modes[0] != nil && modes[0] == modes[1])
  }

  @Test func missingFolders() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: OutputError.self) {
      try AtomicFile.write(Data(), to: folder.url.appending(path: "no/such/a"))
    }
    #expect(error?.description.contains("no/such") == true && error?.isCreation == false)
    #expect(try folder.names == [])
  }

  /// A file that cannot be renamed leaves what was there, and no partial file.
  @Test func failuresLeaveWhatWasThere() throws {
    let folder = try TemporaryFolder()
    let target = folder.url.appending(path: "a")
    try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
    try folder.write("inside", to: "a/b")
    let error = #expect(throws: OutputError.self) { try AtomicFile.write(Data("new".utf8), to: target) }
    #expect(error?.description.contains("cannot rename") == true)
    #expect(try folder.names == ["a"])
    #expect(try folder.read("a/b") == Data("inside".utf8))
  }
}
