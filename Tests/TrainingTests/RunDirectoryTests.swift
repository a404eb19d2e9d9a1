import ConfigurationSchema
import Datasets
import Files
import Foundation
import Testing

@testable import Training

@Suite struct RunDirectoryTests {
  @Test func numbersAreTheNextFree() throws {
    let folder = try TemporaryFolder()
    let parent = folder.url.appending(path: "deep/runs")
    func next(_ name: String) throws -> String { try RunDirectory(next: name, in: parent).url.lastPathComponent }
    #expect(try next("a") == "a-1")
    #expect(try next("a") == "a-2")
    #expect(try next("b") == "b-1")
    try FileManager.default.removeItem(at: parent.appending(path: "a-1"))
    #expect(try next("a") == "a-1")
    #expect(try next("a") == "a-3")
    try folder.write("a file", to: "deep/runs/a-4")
    #expect(try next("a") == "a-5")
  }

  @Test func exactFolders() throws {
    let folder = try TemporaryFolder()
    let url = folder.url.appending(path: "x/y")
    #expect(try RunDirectory(exactly: url).url == url)
    // An empty folder, or one with other files, may be used.
    _ = try RunDirectory(exactly: url)
    try folder.write("", to: "x/y/notes.txt")
    _ = try RunDirectory(exactly: url)
  }

  @Test(arguments: RunDirectory.File.allCases) func anotherRunIsNotOverwritten(file: RunDirectory.File) throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: file.rawValue)
    let error = #expect(throws: FileError.self) { try RunDirectory(exactly: folder.url) }
    #expect(error?.isCreation == true)
    #expect(error?.description.contains("already holds a run (\(file.rawValue))") == true)
  }

  @Test func aFileIsInTheWay() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "file")
    for path in ["file", "file/below"] {
      let url = folder.url.appending(path: path)
      let exact = #expect(throws: FileError.self) { try RunDirectory(exactly: url) }
      #expect(exact?.isCreation == true && exact?.description.contains(url.path) == true)
      let next = #expect(throws: FileError.self) { try RunDirectory(next: "a", in: url) }
      #expect(next?.isCreation == true && next?.description.contains(url.path) == true)
    }
  }

  @Test func metricsGrowByLines() throws {
    let folder = try TemporaryFolder()
    let directory = try RunDirectory(exactly: folder.url)
    try directory.append(.object(["a": .integer(1)]))
    try directory.append(.object(["a": .integer(2)]))
    #expect(try folder.read("metrics.jsonl") == Data("{\"a\":1}\n{\"a\":2}\n".utf8))
  }

  @Test func runsThatWereBegun() throws {
    let folder = try TemporaryFolder()
    let path = folder.url.appending(path: "run").path
    #expect(throws: DataError(.missing, file: path, "there is no such run directory")) {
      try RunDirectory(existing: path)
    }
    let directory = try RunDirectory(exactly: URL(fileURLWithPath: path))
    let message = "this is not a run directory: it has no config.json"
    #expect(throws: DataError(.missing, file: path, message)) { try RunDirectory(existing: path) }
    try directory.write("{}", to: .configuration)
    let existing = try RunDirectory(existing: path)
    #expect(existing.url(.model) == directory.url(.model) && existing.display(.model) == path + "/model.safetensors")
    #expect(try RunDirectory(existing: path + "/").displayName == path)
  }

  /// The lock is one of the folder, not of its name, and ends with the object.
  @Test func aSecondProcessIsRefused() throws {
    let folder = try TemporaryFolder()
    let directory = try RunDirectory(exactly: folder.url)
    var lock: FolderLock? = try directory.lock()
    let error = #expect(throws: FileError.self) { try directory.lock() }
    #expect(error?.isCreation == true && error?.description == "another process is training in \(folder.url.path)")
    #expect(lock != nil)
    lock = nil
    #expect(throws: Never.self) { try directory.lock() }
  }

  @Test func metricsAreSynchronized() throws {
    let folder = try TemporaryFolder()
    let directory = try RunDirectory(exactly: folder.url)
    try directory.synchronizeMetrics()
    #expect(try folder.names == [], "there are none yet")
    try directory.append(.null)
    try directory.synchronizeMetrics()
    #expect(try folder.read("metrics.jsonl") == Data("null\n".utf8))
  }

  @Test func filesThatCannotBeWritten() throws {
    let folder = try TemporaryFolder()
    let directory = try RunDirectory(exactly: folder.url.appending(path: "run"))
    try FileManager.default.removeItem(at: directory.url)
    let write = #expect(throws: FileError.self) { try directory.write("x", to: .summary) }
    #expect(write?.isCreation == false && write?.description.contains("summary.json") == true)
    let append = #expect(throws: FileError.self) { try directory.append(.null) }
    #expect(append?.isCreation == false && append?.description.contains("metrics.jsonl") == true)
  }
}
