import Foundation
import Testing
import Training

/// `trainer verify` and `trainer compare` as a user meets them.
@Suite struct ProofTests {
  private let trainer: TrainerProcess

  init() throws {
    trainer = try TrainerProcess()
    try trainer.configure()
    #expect(try trainer.run("--config", "c.json", "--output", "r", "--quiet").status == 0)
  }

  /// Replaces the digest of an epoch.
  private func forge(_ epoch: Int) throws {
    var lines = try trainer.lines("r/metrics.jsonl")
    let digest = try #require(lines[epoch - 1].firstMatch(of: /[0-9a-f]{64}/)).output
    lines[epoch - 1] = lines[epoch - 1].replacingOccurrences(of: digest, with: String(repeating: "0", count: 64))
    try trainer.write(lines.joined(separator: "\n") + "\n", to: "r/metrics.jsonl")
  }

  // MARK: verify

  @Test func equalRuns() throws {
    var choices = [["--workers", "3"], ["--single-thread"], []]
    choices += InstructionSet.available.map { ["--instruction-set", $0.rawValue] }
    for choice in choices {
      let result = try trainer.result(of: trainer.start(["verify", "r"] + choice))
      #expect(result.status == 0 && result.output == "equal: r, 3 epochs and the model file\n", "\(result.errors)")
      #expect(result.errors.hasPrefix("verifying r\nepoch 1/3  loss "))
    }
    #expect(try trainer.run("verify", "r", "--quiet").errors == "")
  }

  @Test func anEpochDiffers() throws {
    try forge(2)
    let result = try trainer.run("verify", "r", "--quiet")
    #expect(result.status == 1 && result.errors == "")
    let zeros = String(repeating: "0", count: 64)
    #expect(result.output.hasPrefix("different: r, epoch 2, digest: recorded \(zeros), found "), "\(result.output)")
    #expect(result.output.contains(/found [0-9a-f]{64}\n$/))
  }

  @Test func theModelDiffers() throws {
    try trainer.damage("r/model.safetensors")
    let result = try trainer.run("verify", "r", "--quiet")
    #expect(result.status == 1 && result.output.hasPrefix("different: r, the model file: recorded "))
    try FileManager.default.removeItem(at: trainer.folder.appending(path: "r/model.safetensors"))
    let without = try trainer.run("verify", "r", "--quiet")
    #expect(without.status == 0 && without.output.hasPrefix("equal: r, 3 epochs; there is no model"))
  }

  /// Truncated metrics, and an altered model that an altered summary tells to be another one.
  @Test func recordsThatContradict() throws {
    let lines = try trainer.lines("r/metrics.jsonl")
    try trainer.write(lines.dropLast().joined(separator: "\n") + "\n", to: "r/metrics.jsonl")
    let cut = try trainer.run("verify", "r", "--quiet")
    #expect(
      cut.status == 1
        && cut.output == "different: r, summary.json tells of 3 epochs, but metrics.jsonl has 2 epochs\n",
      "\(cut.output)")
    try trainer.write(lines.joined(separator: "\n") + "\n", to: "r/metrics.jsonl")
    var model = try trainer.read("r/model.safetensors")
    model[model.count - 1] ^= 1
    try model.write(to: trainer.folder.appending(path: "r/model.safetensors"))
    let summary = try trainer.lines("r/summary.json").joined(separator: "\n")
    try trainer.write(summary.replacingOccurrences(of: #""steps": 9"#, with: #""steps": 8"#), to: "r/summary.json")
    let altered = try trainer.run("verify", "r", "--quiet")
    #expect(altered.status == 1 && altered.output.hasPrefix("different: r, the model file: "), "\(altered.output)")
  }

  @Test func anotherArithmetic() throws {
    let summary = try trainer.lines("r/summary.json").joined(separator: "\n")
    try trainer.write(
      summary.replacing(/"arithmeticVersion": \d+/, with: #""arithmeticVersion": 999"#), to: "r/summary.json")
    let result = try trainer.run("verify", "r", "--quiet")
    #expect(
      result.status == 1 && result.output.hasPrefix("not compared: r was computed by version 999 of the arithmetic, "),
      "\(result.output)")
  }

  @Test func changedData() throws {
    try trainer.write("x,y\n1,a\n2,b\n3,a\n", to: "d.csv")
    try trainer.configure(dataset: #"{"train": {"format": "csv", "path": "d.csv", "target": "y"}}"#)
    #expect(try trainer.run("--config", "c.json", "--output", "s").status == 0)
    try trainer.write("x,y\n1,a\n2,b\n3,b\n", to: "d.csv")
    let result = try trainer.run("verify", "s", "--quiet")
    #expect(result.status == 1 && result.output.hasPrefix("different: s, epoch 1, digest: "))
    #expect(result.errors == "trainer: the data of dataset.train are not those of the run\n")
    try FileManager.default.removeItem(at: trainer.folder.appending(path: "d.csv"))
    #expect(try trainer.run("verify", "s").status == 66)
  }

  @Test func whatCannotBeVerified() throws {
    #expect(try trainer.run("verify").status == 64)
    #expect(try trainer.run("verify", "r", "--set", "seed=2").status == 64)
    #expect(try trainer.run("verify", "none").status == 66)
    try trainer.write("{}\n", to: "r/metrics.jsonl")
    let lines = try trainer.run("verify", "r")
    #expect(lines.status == 65 && lines.errors.hasPrefix("trainer: r/metrics.jsonl:1: must be the metrics of epoch 1"))
    try trainer.write("", to: "r/metrics.jsonl")
    let nothing = try trainer.run("verify", "r")
    #expect(nothing.status == 65 && nothing.errors.contains("no epoch is recorded"))
    try trainer.write("{", to: "r/config.json")
    #expect(try trainer.run("verify", "r").status == 78)
  }

  // MARK: compare

  @Test func equalAndDifferent() throws {
    let same = try trainer.run("--config", "c.json", "--output", "same", "--quiet", "--single-thread")
    #expect(same.status == 0)
    let equal = try trainer.run("compare", "r", "same")
    #expect(equal.status == 0 && equal.lines.last == "equal" && equal.errors == "", "\(equal.output)")
    #expect(try trainer.run("--config", "c.json", "--output", "s", "--quiet", "--set", "seed=2").status == 0)
    let different = try trainer.run("compare", "r", "s")
    #expect(different.status == 1 && different.lines.last == "different")
    #expect(different.lines.contains("configuration: seed is 1 and 2"))
    #expect(different.output.contains("\nepochs: the first that differs is epoch 1: digest is "))
    #expect(different.output.contains("model: layers.0.weight differs in "))
  }

  /// A link to a run is one.
  @Test func links() throws {
    try FileManager.default.createSymbolicLink(
      atPath: trainer.folder.appending(path: "link").path, withDestinationPath: "r")
    let result = try trainer.run("verify", "link", "--quiet")
    #expect(result.status == 0 && result.output == "equal: link, 3 epochs and the model file\n", "\(result.errors)")
    #expect(try trainer.run("compare", "r", "link").status == 0)
    #expect(try trainer.run("--resume", "link", "--quiet").lines.last?.hasSuffix("link/model.safetensors") == true)
  }

  /// Data that were not compared are not equal.
  @Test func missingStates() throws {
    for name in ["checkpoint.safetensors", "checkpoint.previous.safetensors"] {
      try FileManager.default.removeItem(at: trainer.folder.appending(path: "r/" + name))
    }
    let result = try trainer.run("compare", "r", "r")
    #expect(result.status == 1 && result.lines.last == "not proved equal: not all was compared")
    #expect(result.output.contains("data: not compared; "))
  }

  @Test func whatCannotBeCompared() throws {
    #expect(try trainer.run("compare", "r").status == 64)
    #expect(try trainer.run("compare", "r", "none").status == 66)
    try trainer.write("damaged", to: "r/model.safetensors")
    let result = try trainer.run("compare", "r", "r")
    #expect(result.status == 65 && result.errors.hasPrefix("trainer: r/model.safetensors: "), "\(result.errors)")
  }
}
