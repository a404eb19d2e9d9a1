import Foundation
import Testing

/// Wrong input: a sentence that names the place, and the exit status.
@Suite struct WrongInputTests {
  /// A run must fail with a status and a text on standard error, and leave no run directory.
  private func expect(
    _ status: Int32, _ parts: String..., in trainer: TrainerProcess,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(try deviations(from: status, parts, in: trainer) == [], sourceLocation: sourceLocation)
  }

  /// What is not as `expect` wants it.
  private func deviations(from status: Int32, _ parts: [String], in trainer: TrainerProcess) throws -> [String] {
    let result = try trainer.run("--config", "c.json", "--output", "r")
    var deviations = parts.filter { !result.errors.contains($0) }.map { "no '\($0)' in: \(result.errors)" }
    if result.status != status { deviations.append("status \(result.status)") }
    if !result.errors.hasPrefix("trainer: ") { deviations.append("errors: \(result.errors)") }
    if result.output != "" { deviations.append("output: \(result.output)") }
    if trainer.exists("r") { deviations.append("a run directory") }
    return deviations
  }

  @Test func aRightInputIsNoWrongOne() throws {
    let trainer = try TrainerProcess()
    try trainer.configure()
    #expect(try deviations(from: 78, ["x"], in: trainer).count == 5)
  }

  @Test func usage() throws {
    let trainer = try TrainerProcess()
    for (arguments, part) in [
      (["--confg", "c.json"], "did you mean --config?"), (["trian"], "did you mean 'train'?"),
      ([], "--config FILE is missing"),
      (["--config", "c.json", "--instruction-set", "neo"], "did you mean 'neon'?"),
    ] {
      let result = try trainer.result(of: trainer.start(arguments))
      #expect(result.status == 64 && result.errors.contains(part) && result.output == "")
    }
    let missing = try trainer.run("--config", "no.json")
    #expect(missing.status == 66 && missing.errors == "trainer: no.json: there is no such configuration file\n")
  }

  @Test func configurations() throws {
    let trainer = try TrainerProcess()
    try trainer.write("{\n  \"loss\": ,\n}", to: "c.json")
    try expect(78, "c.json: line 2, column 11", in: trainer)
    try trainer.configure(training: #"{"epochs": 3, "batchsize": 4}"#)
    try expect(78, "training.batchsize", "batchSize", in: trainer)
    try trainer.configure(training: #"{"epochs": "three"}"#)
    try expect(78, "training.epochs", "'three'", in: trainer)
    try trainer.configure(rate: "-1")
    try expect(78, "optimizer.learningRate", "-1", in: trainer)
    try trainer.configure(rate: "0", training: #"{"epochs": 0}"#, more: #", "sede": 1"#)
    try expect(78, "optimizer.learningRate", "training.epochs", "sede", "seed", in: trainer)
    let softmax = #"{"type": "dense", "units": 2, "activation": "softmax"}"#
    try trainer.configure(layers: "\(softmax), \(softmax)")
    try expect(78, "network.layers[0].activation", "softmax must be in the last layer", in: trainer)
    try trainer.configure(loss: "binaryCrossEntropy")
    try expect(78, "network.layers[1].activation", "the loss binaryCrossEntropy needs sigmoid", in: trainer)
  }

  @Test func csvFiles() throws {
    let trainer = try TrainerProcess()
    try trainer.configure(dataset: #"{"train": {"format": "csv", "path": "d.csv", "target": "y"}}"#)
    try expect(66, "d.csv", in: trainer)
    for (text, parts) in [
      ("", ["d.csv"]), ("x,y\n", ["d.csv"]), ("x,z\n1,a\n", ["d.csv", "'y'"]), ("x,y\n1,a\n2\n", ["d.csv:3"]),
      ("x,w,y\n1,2,a\n1,two,b\n", ["d.csv:3", "'two'", "'w'"]), ("x,y\n1,a\nnan,b\n", ["d.csv:3", "nan"]),
      ("x,y\n1,a\n2,b\n3,c\n", ["network.layers[1].units", "3"]),
    ] {
      try trainer.write(text, to: "d.csv")
      let result = try trainer.run("--config", "c.json", "--output", "r")
      #expect(result.status == (parts[0].hasPrefix("network") ? 78 : 65), "\(result.errors)")
      for part in parts { #expect(result.errors.contains(part), "\(result.errors)") }
      #expect(!trainer.exists("r"))
    }
    try trainer.write("x,y\n1,a\n2,b\n", to: "d.csv")
    #expect(try trainer.run("--config", "c.json", "--output", "r").status == 0)
  }

  @Test func idxFiles() throws {
    let trainer = try TrainerProcess()
    try trainer.configure(dataset: #"{"train": {"format": "idx", "features": "f", "labels": "l"}}"#)
    try expect(66, "f", in: trainer)
    func file(_ bytes: [UInt8], _ name: String) throws {
      try Data(bytes).write(to: trainer.folder.appending(path: name))
    }
    let features: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4]
    let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 0, 1]
    try file(features.dropLast(), "f")
    try file(labels, "l")
    try expect(65, "f", in: trainer)
    try file(labels, "f")
    try file(features, "l")
    try expect(65, "l", in: trainer)
    try file(features, "f")
    try file([0, 0, 8, 1, 0, 0, 0, 3, 0, 1, 1], "l")
    try expect(65, "2", "3", in: trainer)
    try file(labels, "l")
    #expect(try trainer.run("--config", "c.json", "--output", "r").status == 0)
  }

  @Test func outputsThatCannotBeMade() throws {
    let trainer = try TrainerProcess()
    try trainer.configure()
    try trainer.write("", to: "file")
    for path in ["file", "file/below", "/proc/lockstep", "/dev/null/x"]
    where path.hasPrefix("f") || path.hasPrefix("/dev") || FileManager.default.fileExists(atPath: "/proc/self") {
      let result = try trainer.run("--config", "c.json", "--output", path)
      #expect(result.status == 73 && result.errors.contains(path), "\(result.errors)")
    }
    let runs = try trainer.run("--config", "c.json", "--set", #"output.directory="file""#)
    #expect(runs.status == 73 && runs.errors.contains("file"))
  }

  @Test func lossGoingToInfinity() throws {
    let trainer = try TrainerProcess()
    try trainer.configure(
      dataset: #"{"train": {"format": "inline", "features": [[1],[2]], "targets": [1, 2]}}"#,
      layers: #"{"type": "dense", "units": 1}"#, loss: "squaredError", rate: "1e18", training: #"{"epochs": 99}"#)
    let result = try trainer.run("--config", "c.json", "--output", "r", "--quiet")
    #expect(result.status == 1 && result.output == "" && !trainer.exists("r/model.safetensors"))
    #expect(result.errors.contains(/epoch \d+, step 1: the loss is not finite/), "\(result.errors)")
  }

  /// A limit of size stands for a full disk: the state does not fit, the files before it do.
  @Test func diskFullWhileSaving() throws {
    let trainer = try TrainerProcess()
    try trainer.configure(
      layers: """
        {"type": "dense", "units": 4000, "activation": "tanh"}, {"type": "dense", "units": 2, "activation": "softmax"}
        """)
    let result = try trainer.run("--config", "c.json", "--output", "r", "--quiet", shell: "ulimit -f 16")
    #expect(result.status == 74 && result.output == "", "\(result.errors)")
    #expect(
      result.errors.contains("checkpoint.safetensors: the file would grow beyond the allowed size"),
      "\(result.errors)")
    let files = try FileManager.default.contentsOfDirectory(atPath: trainer.folder.appending(path: "r").path)
    #expect(files.sorted() == ["config.json", "metrics.jsonl"])
    #expect(try trainer.run("--config", "c.json", "--output", "s", shell: "ulimit -f 1000").status == 0)
  }
}
