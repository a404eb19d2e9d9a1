import Foundation
import Testing

/// `--continue` and `--dry-run`, as a user meets them.
@Suite struct ContinueTests {
  private let trainer: TrainerProcess

  init() throws {
    trainer = try TrainerProcess()
    try trainer.configure(training: #"{"epochs": 3000}"#)
  }

  private let line = ["--config", "c.json", "--output", "r", "--continue", "--quiet"]

  /// One command line until it is done, interrupted on the way.
  @Test func oneCommandLine() throws {
    try trainer.configure(training: #"{"epochs": 40}"#)
    #expect(try trainer.run("--config", "c.json", "--output", "whole", "--quiet").status == 0)
    try trainer.configure(training: #"{"epochs": 1000000}"#)
    let process = try trainer.start(line)
    while !trainer.hasEpochs("r") { usleep(1000) }
    process.interrupt()
    let interrupted = try trainer.result(of: process)
    #expect(interrupted.status == 75 && interrupted.output.contains("interrupted by SIGINT"))
    let epochs = try trainer.lines("r/metrics.jsonl").count
    // It goes on, to as many epochs as the configuration now says.
    try trainer.configure(training: #"{"epochs": \#(epochs + 1)}"#)
    #expect(try trainer.result(of: trainer.start(line)).status == 0)
    #expect(try trainer.lines("r/metrics.jsonl").count == epochs + 1)
    let again = try trainer.result(of: trainer.start(line))
    let resumed = try trainer.run("--resume", "r", "--quiet")
    #expect(again.status == 0 && again.model?.sha256 == resumed.model?.sha256)
    try trainer.configure(training: #"{"epochs": \#(max(epochs + 1, 40))}"#)
    let end = try trainer.result(of: trainer.start(line))
    if epochs < 40 {
      #expect(try trainer.read("r/model.safetensors") == trainer.read("whole/model.safetensors"))
    }
    #expect(end.status == 0)
  }

  @Test func otherRunsAreRefused() throws {
    try trainer.configure()
    #expect(try trainer.result(of: trainer.start(line)).status == 0)
    try trainer.configure(rate: "0.3")
    let other = try trainer.result(of: trainer.start(line))
    #expect(other.status == 78)
    #expect(
      other.errors.contains(
        "optimizer.learningRate: is 0.3, and was 0.2 when the run in r began; another run needs another folder"))
    let wrong: [([String], String)] = [
      (["--config", "c.json", "--continue"], "--continue needs --config FILE and --output DIR"),
      (["--resume", "r", "--continue"], "--continue needs --config FILE and --output DIR"),
      (
        ["--config", "c.json", "--output", "r", "--continue", "--dry-run"],
        "--dry-run and --continue exclude each other"
      ),
      (["--resume", "r", "--dry-run"], "--dry-run needs --config FILE; a run that has begun was checked"),
    ]
    for (arguments, sentence) in wrong {
      let result = try trainer.result(of: trainer.start(arguments))
      #expect(result.status == 64 && result.errors.hasPrefix("trainer: \(sentence)\n"), "\(result.errors)")
    }
  }

  /// Another process that trains there is waited for by whoever gives the command again.
  @Test func anotherProcess() throws {
    let process = try trainer.start(line)
    while !trainer.hasEpochs("r") { usleep(1000) }
    let second = try TrainerProcess()
    try FileManager.default.copyItem(
      at: trainer.folder.appending(path: "c.json"), to: second.folder.appending(path: "c.json"))
    let result = try second.run(
      "--config", trainer.folder.appending(path: "c.json").path, "--output", trainer.folder.appending(path: "r").path,
      "--continue")
    #expect(result.status == 75 && result.errors.contains("another process is training in "))
    process.terminate()
    #expect(try trainer.result(of: process).status == 75)
  }

  @Test func dryRun() throws {
    let result = try trainer.run("--config", "c.json", "--dry-run", "--output", "r")
    #expect(result.status == 0 && result.errors == "" && !trainer.exists("r") && !trainer.exists("runs"))
    #expect(
      result.lines.prefix(8) == [
        "c: sound; nothing was trained or written", "samples: 72 training, 18 test", "features: 2: x0, x1",
        "2 classes: 0, 1",
        "layer  type           inputs  outputs  parameters", "0      dense tanh     2       40       120",
        "1      dense softmax  40      2        82",
        "202 parameters to train, loss crossEntropy, 3,000 epochs of 3 steps of 32 samples",
      ])
    try trainer.configure(loss: "hinge")
    let wrong = try trainer.run("--config", "c.json", "--dry-run")
    #expect(wrong.status == 78 && wrong.errors.contains("the loss hinge needs identity in the last layer"))
  }
}
