import Foundation
import Testing

/// `trainer --resume` as a user meets it.
@Suite struct ResumeTests {
  private let trainer: TrainerProcess

  /// The folder `r` holds a run of three epochs that is over.
  init() throws {
    trainer = try TrainerProcess()
    try trainer.configure()
    #expect(try trainer.run("--config", "c.json", "--output", "r", "--quiet").status == 0)
  }

  private func resume(_ arguments: String...) throws -> TrainerProcess.Result {
    try trainer.result(of: trainer.start(["--resume", "r"] + arguments))
  }

  /// The digest of the model of an uninterrupted run.
  private func whole(_ arguments: String...) throws -> String {
    let name = UUID().uuidString
    let arguments = ["--config", "c.json", "--output", name, "--quiet"] + arguments
    return try #require(try trainer.result(of: trainer.start(arguments)).model).sha256
  }

  @Test func aRunThatIsOver() throws {
    let model = try trainer.read("r/model.safetensors")
    let result = try resume()
    #expect(result.status == 0 && result.errors.hasSuffix("\nr goes on after 3 epochs, step 9\n"), "\(result.errors)")
    #expect(try trainer.read("r/model.safetensors") == model && result.model?.sha256 == whole())
    #expect(try resume("--quiet").errors == "")
  }

  @Test func longer() throws {
    let result = try resume("--set", "training.epochs=6", "--workers", "2")
    #expect(result.status == 0 && result.output.contains("6 epochs, 18 steps"))
    for epoch in 4...6 { #expect(result.errors.contains("epoch \(epoch)/6  loss ")) }
    #expect(!result.errors.contains("epoch 3/6"))
    let digest = try whole("--set", "training.epochs=6")
    #expect(result.model?.sha256 == digest && result.model?.path == "r/model.safetensors")
    #expect(try whole() != digest)
    #expect(try trainer.lines("r/metrics.jsonl").count == 6)
  }

  @Test func changedConfigurationsAreRefused() throws {
    let names = ["config.json", "metrics.jsonl", "checkpoint.safetensors", "model.safetensors", "summary.json"]
    let before = try names.map { try trainer.read("r/" + $0) }
    for (key, value) in [("optimizer.learningRate", "0.3"), ("training.batchSize", "5"), ("seed", "2")] {
      let result = try resume("--set", "\(key)=\(value)")
      #expect(result.status == 78 && result.output == "", "\(result.errors)")
      #expect(result.errors.hasPrefix("trainer: r/config.json: ") && result.errors.contains("\(key): was "))
    }
    let fewer = try resume("--set", "training.epochs=2")
    #expect(fewer.status == 78 && fewer.errors.contains("training.epochs: must be at least 3"), "\(fewer.errors)")
    #expect(try resume("--set", "training.epoch=5").status == 78)
    #expect(try names.map { try trainer.read("r/" + $0) } == before)
  }

  @Test func changedDataAreRefused() throws {
    try trainer.write("x,y\n1,a\n2,b\n3,a\n", to: "d.csv")
    try trainer.configure(dataset: #"{"train": {"format": "csv", "path": "d.csv", "target": "y"}}"#)
    #expect(try trainer.run("--config", "c.json", "--output", "s").status == 0)
    #expect(try trainer.run("--resume", "s", "--set", "training.epochs=4").status == 0)
    try trainer.write("x,y\n1,a\n2,b\n3,b\n", to: "d.csv")
    let changed = try trainer.run("--resume", "s", "--set", "training.epochs=5")
    #expect(changed.status == 65 && changed.output == "")
    #expect(changed.errors.contains("d.csv: the data of dataset.train are not those that the run began with"))
    try FileManager.default.removeItem(at: trainer.folder.appending(path: "d.csv"))
    #expect(try trainer.run("--resume", "s").status == 66)
  }

  @Test func wrongFolders() throws {
    for (path, part) in [("none", "none: there is no such run directory"), (".", "it has no config.json")] {
      let result = try trainer.run("--resume", path)
      #expect(result.status == 66 && result.errors.contains(part) && result.output == "", "\(result.errors)")
    }
    // A folder with a configuration that no run has written.
    try FileManager.default.copyItem(
      at: trainer.folder.appending(path: "c.json"), to: trainer.folder.appending(path: "config.json"))
    let project = try trainer.run("--resume", ".", "--quiet")
    #expect(project.status == 66 && project.errors.contains("this is not a run directory: it has a config.json, but "))
    #expect(try trainer.read("config.json") == trainer.read("c.json") && !trainer.exists("metrics.jsonl"))
    for arguments in [["--resume"], ["--resume", "r", "--config", "c.json"], ["--resume", "r", "--output", "s"]] {
      #expect(try trainer.result(of: trainer.start(arguments)).status == 64)
    }
  }

  // MARK: Damage

  /// A damaged state is told even of a quiet run, which then ends with the same model.
  @Test func aDamagedState() throws {
    try trainer.damage("r/checkpoint.safetensors")
    let result = try resume("--quiet")
    #expect(try result.status == 0 && result.model?.sha256 == whole())
    #expect(result.errors.hasPrefix("trainer: r/checkpoint.safetensors: the state is damaged; "), "\(result.errors)")
    #expect(result.errors.hasSuffix("; the state before it is used\n"))
    #expect(try resume("--quiet").errors == "", "the new state is sound")
  }

  @Test func bothDamaged() throws {
    try trainer.damage("r/checkpoint.safetensors")
    try trainer.damage("r/checkpoint.previous.safetensors")
    let result = try resume()
    #expect(result.status == 65 && result.output == "")
    #expect(result.errors.contains("r/checkpoint.safetensors: the state is damaged"), "\(result.errors)")
    #expect(result.errors.contains("r/checkpoint.previous.safetensors: the state is damaged"), "\(result.errors)")
  }

  @Test func metricsThatWereCut() throws {
    let lines = try trainer.lines("r/metrics.jsonl")
    try trainer.write(lines.joined(separator: "\n") + "\n" + lines[0].prefix(20), to: "r/metrics.jsonl")
    #expect(try resume("--set", "training.epochs=4").status == 0)
    #expect(try trainer.lines("r/metrics.jsonl").count == 4)
    #expect(try Array(trainer.lines("r/metrics.jsonl").prefix(3)) == lines)
    try trainer.write(lines[0] + "\n", to: "r/metrics.jsonl")
    let result = try resume()
    #expect(result.status == 65 && result.errors.contains("r/metrics.jsonl: has 1 whole line"), "\(result.errors)")
  }

  /// A limit of size stands for a full disk: the state before is whole, and the run goes on once there is room.
  @Test func diskFull() throws {
    let wide = #"{"type": "dense", "units": 4000, "activation": "tanh"}, "#
    try trainer.configure(layers: wide + #"{"type": "dense", "units": 2, "activation": "softmax"}"#)
    #expect(try trainer.run("--config", "c.json", "--output", "s", "--quiet").status == 0)
    let names = ["checkpoint.safetensors", "checkpoint.previous.safetensors", "model.safetensors"]
    let before = try names.map { try trainer.read("s/" + $0) }
    let result = try trainer.run("--resume", "s", "--set", "training.epochs=6", "--quiet", shell: "ulimit -f 16")
    #expect(result.status == 74 && result.output == "")
    #expect(result.errors.contains("checkpoint.safetensors: the file would grow beyond the allowed size"))
    #expect(try names.map { try trainer.read("s/" + $0) } == before)
    #expect(!trainer.exists("s/.checkpoint.safetensors.partial"))
    #expect(try trainer.run("--resume", "s", "--quiet").model?.sha256 == whole("--set", "training.epochs=6"))
  }

  /// Neither a link nor a folder under the name of a temporary file is written through or removed.
  @Test func whatLiesInTheWay() throws {
    try trainer.write("precious", to: "victim")
    let partial = trainer.folder.appending(path: "r/.config.json.partial")
    try FileManager.default.createSymbolicLink(atPath: partial.path, withDestinationPath: "../victim")
    #expect(try resume("--quiet").status == 0)
    #expect(try trainer.lines("victim") == ["precious"])
    try FileManager.default.createDirectory(at: partial, withIntermediateDirectories: true)
    try trainer.write("inside", to: "r/.config.json.partial/x")
    let result = try resume("--quiet")
    #expect(
      result.status == 74 && result.errors.contains("cannot replace ") && result.errors.contains("it is a folder"),
      "\(result.errors)")
    #expect(try trainer.lines("r/.config.json.partial/x") == ["inside"])
  }

  /// Two processes do not train in one folder.
  @Test func onlyOneAtATime() throws {
    let other = try TrainerProcess()
    try other.configure(training: #"{"epochs": 1000000000}"#)
    let process = try other.start(["--config", "c.json", "--output", "r"])
    while !other.hasEpochs("r") && process.isRunning { usleep(2000) }
    let path = other.folder.appending(path: "r").path
    let refused = try trainer.run("--resume", path)
    kill(process.processIdentifier, SIGINT)
    #expect(try other.result(of: process).status == 130)
    #expect(refused.status == 73 && refused.errors == "trainer: another process is training in \(path)\n")
  }
}
