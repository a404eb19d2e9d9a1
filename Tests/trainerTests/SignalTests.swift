import Foundation
import Testing

@testable import trainer

@Suite struct SignalTests {
  /// Sends a signal once the first epoch of a very long run is over, and waits for the end.
  private func interrupt(_ trainer: TrainerProcess, _ signal: Int32) throws -> TrainerProcess.Result {
    try trainer.configure(training: #"{"epochs": 1000000000}"#)
    let process = try trainer.start(["--config", "c.json", "--output", "r"])
    while !trainer.exists("r/metrics.jsonl") && process.isRunning { usleep(2000) }
    kill(process.processIdentifier, signal)
    return try trainer.result(of: process)
  }

  @Test(arguments: [(SIGINT, Int32(130), "SIGINT"), (SIGTERM, 143, "SIGTERM")])
  func theModelIsSaved(signal: Int32, status: Int32, name: String) throws {
    let trainer = try TrainerProcess()
    let result = try interrupt(trainer, signal)
    #expect(result.status == status)
    #expect(result.output.contains("interrupted by \(name) after "))
    #expect(result.model?.path == "r/model.safetensors")
    #expect(trainer.exists("r/model.safetensors") && trainer.exists("r/summary.json"))
    #expect(try trainer.read("r/model.safetensors").count > 8)
    #expect(!trainer.exists("r/.model.safetensors.partial"))
  }

  /// The line that says how to go on is true: one more epoch gives the model of an uninterrupted run of as many.
  @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
  func goingOnAfterASignal(signal: Int32, status: Int32) throws {
    let trainer = try TrainerProcess()
    let interrupted = try interrupt(trainer, signal)
    #expect(interrupted.status == status && interrupted.lines.contains("to go on: trainer --resume r"))
    #expect(trainer.exists("r/checkpoint.safetensors") && !trainer.exists("r/.checkpoint.safetensors.partial"))
    let epochs = "training.epochs=\(try trainer.lines("r/metrics.jsonl").count + 1)"
    let resumed = try trainer.run("--resume", "r", "--set", epochs, "--workers", "3")
    #expect(resumed.status == 0 && resumed.errors.contains("\nr goes on "), "\(resumed.errors)")
    let whole = try trainer.run("--config", "c.json", "--set", epochs, "--output", "s", "--single-thread", "--quiet")
    #expect(try #require(whole.model).sha256 == #require(resumed.model).sha256)
    #expect(try trainer.read("r/model.safetensors") == trainer.read("s/model.safetensors"))
    #expect(resumed.model?.sha256 != interrupted.model?.sha256)
  }

  /// The watch sees a signal of its kind and no other.
  @Test func signalsHaveStatuses() {
    #expect(
      SignalWatch.Signal.interrupt.exitStatus == .interrupted && SignalWatch.Signal(rawValue: SIGINT) == .interrupt)
    #expect(
      SignalWatch.Signal.terminate.exitStatus == .terminated && SignalWatch.Signal(rawValue: SIGTERM) == .terminate)
    #expect(SignalWatch.Signal(rawValue: SIGHUP) == nil)
  }
}
