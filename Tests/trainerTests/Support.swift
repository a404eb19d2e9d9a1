import Foundation
import Testing

/// The program as a user runs it, in a folder of its own that disappears with the object.
final class TrainerProcess: Sendable {
  /// What a run of the program came to.
  struct Result: Sendable {
    let status: Int32
    let output: String
    let errors: String
    /// Whether a signal ended it.
    var trapped = false

    var lines: [String] { output.split(separator: "\n").map(String.init) }

    /// The digest and the path of the last line.
    var model: (sha256: String, path: String)? {
      let words = lines.last?.split(separator: " ", maxSplits: 2).map(String.init) ?? []
      return words.count == 3 && words[0] == "model" ? (words[1], words[2]) : nil
    }
  }

  let folder: URL

  /// `trainer` lies in the folder of the test bundle or in one above it.
  static let executable: URL? = {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let url = folder.appending(path: "trainer")
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), !isFolder.boolValue { return url }
    }
    return nil
  }()

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "trainerTests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: folder.appending(path: name))
  }

  func read(_ name: String) throws -> Data { try Data(contentsOf: folder.appending(path: name)) }

  func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: name).path)
  }

  /// Whether a run has recorded an epoch: its metrics are there, and empty, from the first moment.
  func hasEpochs(_ run: String) -> Bool { (try? read(run + "/metrics.jsonl").isEmpty) == false }

  /// The lines of a file.
  func lines(_ name: String) throws -> [String] {
    String(decoding: try read(name), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// Changes the lowest bit of a byte in the middle of a file.
  func damage(_ name: String) throws {
    var content = try read(name)
    content[content.count / 2] ^= 1
    try content.write(to: folder.appending(path: name))
  }

  /// Starts `trainer`, its output going to the files `out` and `err` of the folder.
  func start(_ arguments: [String], shell prefix: String? = nil) throws -> Process {
    let executable = try #require(Self.executable, "the program trainer is not beside the tests")
    let process = Process()
    process.currentDirectoryURL = folder
    if let prefix {
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", prefix + #"; exec "$0" "$@""#, executable.path] + arguments
    } else {
      process.executableURL = executable
      process.arguments = arguments
    }
    for name in ["out", "err"] { try write("", to: name) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: folder.appending(path: "out"))
    process.standardError = try FileHandle(forWritingTo: folder.appending(path: "err"))
    try process.run()
    return process
  }

  func result(of process: Process) throws -> Result {
    let result = try end(of: process)
    #expect(!result.trapped, "the program trapped")
    return result
  }

  /// What a process came to, even if a signal ended it.
  func end(of process: Process) throws -> Result {
    process.waitUntilExit()
    let texts = try ["out", "err"].map { String(decoding: try read($0), as: UTF8.self) }
    return Result(
      status: process.terminationStatus, output: texts[0], errors: texts[1],
      trapped: process.terminationReason != .exit)
  }

  /// Runs `trainer` to its end; `prefix` are commands of the shell before it.
  func run(_ arguments: String..., shell prefix: String? = nil) throws -> Result {
    try result(of: start(arguments, shell: prefix))
  }

  /// Writes the configuration c.json, whose parts can be replaced.
  func configure(
    dataset: String =
      #"{"train": {"format": "synthetic", "kind": "spirals", "samples": 90}, "test": {"fraction": 0.2}}"#,
    layers: String = """
    {"type": "dense", "units": 40, "activation": "tanh"}, {"type": "dense", "units": 2, "activation": "softmax"}
    """, loss: String = "crossEntropy", rate: String = "0.2", training: String = #"{"epochs": 3}"#, more: String = ""
  ) throws {
    try write(
      """
      {"dataset": \(dataset), "network": {"layers": [\(layers)]}, "loss": "\(loss)",
       "optimizer": {"type": "sgd", "learningRate": \(rate)}, "training": \(training)\(more)}
      """, to: "c.json")
  }
}

@Suite struct SupportTests {
  @Test func theProgramIsFound() throws {
    let url = try #require(TrainerProcess.executable)
    #expect(FileManager.default.isExecutableFile(atPath: url.path))
  }

  /// A process that a signal ends is not taken for one that ends by itself.
  @Test func trapsAreNoticed() throws {
    let trainer = try TrainerProcess()
    #expect(try trainer.end(of: trainer.start(["--help"], shell: "kill -ILL $$")).trapped)
    let end = try trainer.end(of: trainer.start(["--help"], shell: "exit 7"))
    #expect(!end.trapped && end.status == 7)
  }

  @Test func filesAreDamaged() throws {
    let trainer = try TrainerProcess()
    try trainer.write("a\nb\n", to: "f")
    #expect(try trainer.lines("f") == ["a", "b"])
    try trainer.damage("f")
    #expect(try trainer.lines("f") == ["a", "c"])
  }

  @Test func lastLines() {
    func model(_ output: String) -> String? { TrainerProcess.Result(status: 0, output: output, errors: "").model?.path }
    #expect(model("a\nmodel 12 x y\n") == "x y")
    #expect(model("model 12 x\nmore\n") == nil && model("") == nil)
  }
}
