import Foundation
import Testing
import Training

@Suite struct TrainerTests {
  @Test func helpAndVersion() throws {
    let trainer = try TrainerProcess()
    let help = try trainer.run("--help")
    #expect(help.status == 0 && help.output.contains("usage: trainer") && help.errors.isEmpty)
    let version = try trainer.run("--version")
    #expect(version.status == 0 && version.lines.count == 1 && version.output.hasPrefix("trainer "))
  }

  /// Results on standard output, progress on standard error, and no escape codes where there is no terminal.
  @Test func aRunAndItsOutput() throws {
    let trainer = try TrainerProcess()
    try trainer.configure(more: #", "name": "demo""#)
    let result = try trainer.run("--config", "c.json", "--output", "r")
    #expect(result.status == 0)
    let model = try #require(result.model)
    #expect(model.path == "r/model.safetensors")
    #expect(model.sha256.count == 64 && model.sha256.allSatisfy { $0.isHexDigit && !$0.isUppercase })
    #expect(result.output.hasSuffix("\n") && result.output.contains("accuracy") && result.output.contains("samples/s"))
    #expect(result.errors.hasPrefix("demo: 2-40-2, 202 parameters, crossEntropy\n"))
    for epoch in 1...3 { #expect(result.errors.contains("epoch \(epoch)/3  loss ")) }
    #expect(!(result.output + result.errors).contains("\u{1B}") && !result.errors.contains("\r"))
    for name in ["config.json", "metrics.jsonl", "model.safetensors", "summary.json"] {
      #expect(trainer.exists("r/\(name)") && result.output.contains(name))
    }
    let again = try trainer.run("--config", "c.json", "--output", "r")
    #expect(again.status == 73 && again.errors.contains("already holds a run"))
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/sha256sum")))
  func theDigestIsThatOfTheFile() throws {
    let trainer = try TrainerProcess()
    try trainer.configure()
    let model = try #require(try trainer.run("--config", "c.json", "--quiet").model)
    #expect(model.path == "runs/c-1/model.safetensors")
    try trainer.write("\(model.sha256)  \(model.path)\n", to: "sum")
    #expect(try trainer.run("--version", shell: "sha256sum --check --status sum || exit 9").status == 0)
    try trainer.write("\(model.sha256.dropFirst())0  \(model.path)\n", to: "sum")
    #expect(try trainer.run("--version", shell: "sha256sum --check --status sum || exit 9").status == 9)
  }

  @Test func quiet() throws {
    let trainer = try TrainerProcess()
    try trainer.configure()
    let result = try trainer.run("--config", "c.json", "--quiet")
    #expect(result.status == 0 && result.errors == "" && result.model != nil)
    #expect(try trainer.run("--config", "no.json", "--quiet").errors.contains("no.json"))
  }

  @Test func runsAreNumbered() throws {
    let trainer = try TrainerProcess()
    try trainer.configure()
    for number in 1...3 {
      #expect(try trainer.run("--config", "c.json").model?.path == "runs/c-\(number)/model.safetensors")
    }
  }

  @Test func overrides() throws {
    let trainer = try TrainerProcess()
    try trainer.configure()
    let result = try trainer.run(
      "--config", "c.json", "--set", "training.epochs=5", "--set=network.layers[0].units=7", "--set", "name=small")
    #expect(result.status == 0 && result.errors.hasPrefix("small: 2-7-2"))
    #expect(result.output.contains("5 epochs") && result.model?.path == "runs/small-1/model.safetensors")
    let wrong = try trainer.run("--config", "c.json", "--set", "training.epoch=5")
    #expect(wrong.status == 78 && wrong.errors.contains("training.epoch") && wrong.errors.contains("epochs"))
  }

  /// Workers, threads and instructions do not change a bit of the model; the seed does.
  @Test func theSameBits() throws {
    let trainer = try TrainerProcess()
    try trainer.configure()
    var digests: Set<String> = []
    var choices = [["--workers", "1"], ["--workers", "3"], ["--workers", "16"], ["--single-thread"], []]
    choices += InstructionSet.available.map { ["--instruction-set", $0.rawValue] }
    for choice in choices {
      let process = try trainer.start(["--config", "c.json", "--quiet"] + choice)
      digests.insert(try #require(try trainer.result(of: process).model).sha256)
    }
    #expect(digests.count == 1)
    digests.insert(try #require(try trainer.run("--config", "c.json", "--set", "seed=2").model).sha256)
    #expect(digests.count == 2)
  }

  @Test func pathsAreRelativeToTheConfiguration() throws {
    let trainer = try TrainerProcess()
    try FileManager.default.createDirectory(
      at: trainer.folder.appending(path: "sub"), withIntermediateDirectories: true)
    try trainer.write("x,y\n1,a\n2,b\n", to: "sub/d.csv")
    try trainer.configure(dataset: #"{"train": {"format": "csv", "path": "d.csv", "target": "y"}}"#)
    #expect(try trainer.run("--config", "c.json").status == 66)
    try trainer.read("c.json").write(to: trainer.folder.appending(path: "sub/c.json"))
    #expect(try trainer.run("--config", "sub/c.json").status == 0)
  }
}
