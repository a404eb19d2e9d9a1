import Files
import Foundation
import Testing

@testable import Training

/// A run that is killed, at whatever moment, goes on and ends with the same model.
@Suite struct KillTests {
  /// Numbers that look random and are the same everywhere.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64 = 7

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 33
    }
  }

  private static let checkpoints = [#"{"epochs": 1}"#, #"{"steps": 1}"#, #"{"seconds": 0.01}"#]

  /// Everything in the folder of a run can be read, but for what has a name of its own while it is being written.
  private func checkFiles(_ trainer: TrainerProcess, _ kill: Int) throws {
    let url = trainer.folder.appending(path: "r")
    for file in try FileManager.default.contentsOfDirectory(atPath: url.path) where !file.hasSuffix(".partial") {
      #expect(RunDirectory.File(rawValue: file) != nil, "\(file) after kill \(kill)")
    }
    guard trainer.exists("r/config.json") else { return }
    let directory = try RunDirectory(existing: url.path)
    _ = try RunConfiguration(file: url.path + "/config.json")
    #expect(try directory.loadCheckpoint()?.damage == nil, "after kill \(kill)")
    #expect(try directory.epochDigests().count >= directory.loadCheckpoint()?.checkpoint.state.position.epochs ?? 0)
    if trainer.exists("r/model.safetensors") {
      #expect(throws: Never.self) { try Safetensors(trainer.read("r/model.safetensors"), file: "model") }
    }
  }

  @Test func tenKills() throws {
    let trainer = try TrainerProcess()
    try trainer.configure(
      dataset: #"{"train": {"format": "synthetic", "kind": "spirals", "samples": 3000}}"#,
      training: #"{"epochs": 1200, "batchSize": 64}"#)
    let whole = try #require(try trainer.run("--config", "c.json", "--output", "whole", "--quiet").model)
    var generator = Generator()
    for kill in 0..<10 {
      let interval = "training.checkpoint=\(Self.checkpoints[kill % 3])"
      let source = trainer.exists("r/config.json") ? ["--resume", "r"] : ["--config", "c.json", "--output", "r"]
      let process = try trainer.start(source + ["--set", interval, "--quiet"])
      usleep(UInt32.random(in: 0...80_000, using: &generator))
      Foundation.kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      // A process that was faster than the signal has ended well.
      let errors = String(decoding: try trainer.read("err"), as: UTF8.self)
      #expect(process.terminationReason == .uncaughtSignal || process.terminationStatus == 0, "\(errors)")
      try checkFiles(trainer, kill)
    }
    let source = trainer.exists("r/config.json") ? ["--resume", "r"] : ["--config", "c.json", "--output", "r"]
    let last = try trainer.result(of: trainer.start(source + ["--quiet"]))
    #expect(last.status == 0 && last.errors == "", "\(last.errors)")
    #expect(last.model?.sha256 == whole.sha256)
    #expect(try trainer.read("r/model.safetensors") == trainer.read("whole/model.safetensors"))
    let directories = try ["r", "whole"].map { try RunDirectory(existing: trainer.folder.appending(path: $0).path) }
    #expect(try directories[0].epochDigests() == directories[1].epochDigests())
    #expect(
      try !FileManager.default.contentsOfDirectory(atPath: directories[0].url.path).contains { $0.hasPrefix(".") })
  }

  /// The check of the files finds a state that cannot be read.
  @Test func unreadableFilesAreFound() throws {
    let trainer = try TrainerProcess()
    try trainer.configure()
    #expect(try trainer.run("--config", "c.json", "--output", "r", "--quiet").status == 0)
    try checkFiles(trainer, 0)
    try trainer.damage("r/checkpoint.safetensors")
    withKnownIssue { try checkFiles(trainer, 0) }
    try trainer.write("", to: "r/config.json")
    withKnownIssue { try checkFiles(trainer, 0) }
  }
}
