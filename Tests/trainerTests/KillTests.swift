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

  /// What cannot be read in the folder of a run; nothing is wrong with what has a name of its own while it is being written,
  /// nor with a folder that a process killed early has not made.
  private func faults(_ trainer: TrainerProcess) -> [String] {
    let url = trainer.folder.appending(path: "r")
    guard trainer.exists("r") else { return [] }
    do {
      let files = try FileManager.default.contentsOfDirectory(atPath: url.path).filter { !$0.hasSuffix(".partial") }
      var faults = files.filter { RunDirectory.File(rawValue: $0) == nil }
      guard trainer.exists("r/config.json") else { return faults }
      let directory = try RunDirectory(existing: url.path)
      _ = try RunConfiguration(file: url.path + "/config.json")
      let loaded = try directory.loadCheckpoint()
      if let damage = loaded?.damage { faults.append("\(damage)") }
      if try directory.epochRecords().count < loaded?.checkpoint.state.position.epochs ?? 0 { faults.append("epochs") }
      if trainer.exists("r/model.safetensors") {
        _ = try Safetensors(trainer.read("r/model.safetensors"), file: "model")
      }
      return faults
    } catch {
      return ["\(error)"]
    }
  }

  @Test func tenKills() throws {
    let trainer = try TrainerProcess()
    try trainer.configure(
      dataset: #"{"train": {"format": "synthetic", "kind": "spirals", "samples": 3000}}"#,
      training: #"{"epochs": 1200, "batchSize": 64}"#)
    let start = ContinuousClock.now
    let whole = try #require(try trainer.run("--config", "c.json", "--output", "whole", "--quiet").model)
    // A slow machine trains for as large a part of the run between two kills as a fast one.
    let longest = max((ContinuousClock.now - start) / .microseconds(6), 80_000)
    var generator = Generator()
    for kill in 0..<10 {
      let interval = "training.checkpoint=\(Self.checkpoints[kill % 3])"
      let source = trainer.exists("r/config.json") ? ["--resume", "r"] : ["--config", "c.json", "--output", "r"]
      let process = try trainer.start(source + ["--set", interval, "--quiet"])
      usleep(UInt32.random(in: 0...UInt32(min(longest, 9e8)), using: &generator))
      Foundation.kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      // A process that was faster than the signal has ended well.
      let errors = String(decoding: try trainer.read("err"), as: UTF8.self)
      #expect(process.terminationReason == .uncaughtSignal || process.terminationStatus == 0, "\(errors)")
      #expect(faults(trainer) == [], "after kill \(kill)")
    }
    let source = trainer.exists("r/config.json") ? ["--resume", "r"] : ["--config", "c.json", "--output", "r"]
    let last = try trainer.result(of: trainer.start(source + ["--quiet"]))
    #expect(last.status == 0 && last.errors == "", "\(last.errors)")
    #expect(last.model?.sha256 == whole.sha256)
    #expect(try trainer.read("r/model.safetensors") == trainer.read("whole/model.safetensors"))
    let directories = try ["r", "whole"].map { try RunDirectory(existing: trainer.folder.appending(path: $0).path) }
    #expect(try directories[0].epochRecords().map(\.digest) == directories[1].epochRecords().map(\.digest))
    #expect(
      try !FileManager.default.contentsOfDirectory(atPath: directories[0].url.path).contains { $0.hasPrefix(".") })
  }

  /// The check of the files finds a state that cannot be read.
  @Test func unreadableFilesAreFound() throws {
    let trainer = try TrainerProcess()
    try trainer.configure()
    #expect(try trainer.run("--config", "c.json", "--output", "r", "--quiet").status == 0)
    #expect(faults(trainer) == [])
    try trainer.write("", to: "r/stranger")
    #expect(faults(trainer) == ["stranger"])
    try FileManager.default.removeItem(at: trainer.folder.appending(path: "r/stranger"))
    try trainer.damage("r/checkpoint.safetensors")
    #expect(faults(trainer).count == 1)
    try trainer.write("", to: "r/config.json")
    #expect(faults(trainer).count == 1)
  }
}
