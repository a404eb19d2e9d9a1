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
    try folder.write("x", to: file.rawValue)
    let error = #expect(throws: OutputError.self) { try RunDirectory(exactly: folder.url) }
    #expect(error?.isCreation == true)
    #expect(error?.description.contains("already holds a run (\(file.rawValue))") == true)
  }

  /// A process that was ended in its first moment has left empty metrics, and nothing that could be lost.
  @Test func emptyMetricsAloneAreNoRun() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "metrics.jsonl")
    #expect(throws: Never.self) { try RunDirectory(exactly: folder.url) }
    #expect(throws: InputError.self) { try RunDirectory(existing: folder.url.path) }
    try folder.write("", to: "config.json")
    #expect(throws: OutputError.self) { try RunDirectory(exactly: folder.url) }
  }

  @Test func aFileIsInTheWay() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "file")
    for path in ["file", "file/below"] {
      let url = folder.url.appending(path: path)
      let exact = #expect(throws: OutputError.self) { try RunDirectory(exactly: url) }
      #expect(exact?.isCreation == true && exact?.description.contains(url.path) == true)
      let next = #expect(throws: OutputError.self) { try RunDirectory(next: "a", in: url) }
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
    #expect(throws: InputError(.missing, file: path, "there is no such run directory")) {
      try RunDirectory(existing: path)
    }
    let directory = try RunDirectory(exactly: URL(fileURLWithPath: path))
    let message = "this is not a run directory: it has no config.json"
    #expect(throws: InputError(.missing, file: path, message)) { try RunDirectory(existing: path) }
    try directory.write("{}", to: .configuration)
    let person = #expect(throws: InputError.self) { try RunDirectory(existing: path) }
    #expect(person?.kind == .missing)
    #expect(
      person?.message
        == "this is not a run directory: it has a config.json, but neither metrics.jsonl nor a state; --config "
        + "\(path)/config.json begins a run with it")
    // Folders of models of other programs hold these two.
    try directory.write("", to: .model)
    #expect(throws: InputError.self) { try RunDirectory(existing: path) }
    for file in [RunDirectory.File.metrics, .checkpoint, .previousCheckpoint] {
      try directory.write("", to: file)
      #expect(throws: Never.self, "\(file)") { try RunDirectory(existing: path) }
      try FileManager.default.removeItem(at: directory.url(file))
    }
    try directory.write("", to: .metrics)
    let existing = try RunDirectory(existing: path)
    #expect(existing.url(.model) == directory.url(.model) && existing.display(.model) == path + "/model.safetensors")
    #expect(try RunDirectory(existing: path + "/").displayName == path)
  }

  /// The lock is one of the folder, not of its name, and ends with the object.
  @Test func aSecondProcessIsRefused() throws {
    let folder = try TemporaryFolder()
    let directory = try RunDirectory(exactly: folder.url)
    var lock: FolderLock? = try directory.lock()
    let error = #expect(throws: OutputError.self) { try directory.lock() }
    #expect(error?.isCreation == true && error?.description == "another process is training in \(folder.url.path)")
    #expect(lock != nil)
    lock = nil
    #expect(throws: Never.self) { try directory.lock() }
  }

  /// A link to the folder of a run is one, and messages keep its name; a link to a file is none.
  @Test func linksToRuns() throws {
    let folder = try TemporaryFolder()
    let directory = try RunDirectory(exactly: folder.url.appending(path: "run"))
    try directory.begin(Draft().configuration(in: folder))
    func link(_ name: String, to target: String) throws -> String {
      let path = folder.url.appending(path: name).path
      try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
      return path
    }
    let path = try link("link", to: "run")
    #expect(try RunDirectory(existing: path).displayName == path)
    #expect(try RunDirectory(existing: path + "/").read(.configuration) == directory.read(.configuration))
    let file = try link("other", to: "run/config.json")
    let error = #expect(throws: InputError.self) { try RunDirectory(existing: file) }
    #expect(error?.message == "this is a file; the folder of a run is needed")
    let nowhere = try link("nowhere", to: "gone")
    #expect(throws: InputError.self) { try RunDirectory(existing: nowhere) }
  }

  /// The metrics mark a run from its first moment. A link in their place is not followed.
  @Test func runsBeginWithMetrics() throws {
    let folder = try TemporaryFolder()
    try folder.write("precious", to: "victim")
    let directory = try RunDirectory(exactly: folder.url.appending(path: "run"))
    try FileManager.default.createSymbolicLink(
      atPath: directory.url(.metrics).path, withDestinationPath: "../victim")
    let configuration = try Draft().configuration(in: folder)
    try directory.begin(configuration)
    #expect(try folder.read("victim") == Data("precious".utf8) && folder.read("run/metrics.jsonl").isEmpty)
    #expect(try folder.read("run/config.json") == Data(configuration.json.text.utf8))
    #expect(throws: Never.self) { try RunDirectory(existing: directory.url.path) }
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
    let write = #expect(throws: OutputError.self) { try directory.write("x", to: .summary) }
    #expect(write?.isCreation == false && write?.description.contains("summary.json") == true)
    let append = #expect(throws: OutputError.self) { try directory.append(.null) }
    #expect(append?.isCreation == false && append?.description.contains("metrics.jsonl") == true)
  }
}
