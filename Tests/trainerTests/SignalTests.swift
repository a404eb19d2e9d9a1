import Foundation
import Testing

@testable import trainer

@Suite struct SignalTests {
  /// Sends signals once the first epoch of a very long run is over, and waits for the end.
  private func interrupt(
    _ trainer: TrainerProcess, _ signals: [Int32], shell prefix: String? = nil
  ) throws -> TrainerProcess.Result {
    try trainer.configure(training: #"{"epochs": 1000000000}"#)
    let process = try trainer.start(["--config", "c.json", "--output", "r"], shell: prefix)
    while !trainer.hasEpochs("r") && process.isRunning { usleep(2000) }
    for signal in signals {
      kill(process.processIdentifier, signal)
      usleep(1000)
    }
    return try trainer.result(of: process)
  }

  @Test(arguments: [(SIGINT, Int32(130), "SIGINT"), (SIGTERM, 143, "SIGTERM"), (SIGHUP, 129, "SIGHUP")])
  func theModelIsSaved(signal: Int32, status: Int32, name: String) throws {
    let trainer = try TrainerProcess()
    let result = try interrupt(trainer, [signal])
    #expect(result.status == status)
    #expect(result.output.contains("interrupted by \(name) after "))
    #expect(result.model?.path == "r/model.safetensors")
    #expect(trainer.exists("r/model.safetensors") && trainer.exists("r/summary.json"))
    #expect(try trainer.read("r/model.safetensors").count > 8)
    #expect(!trainer.exists("r/.model.safetensors.partial"))
  }

  /// The line that says how to go on is true: one more epoch gives the model of an uninterrupted run of as many.
  @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143)), (SIGHUP, Int32(129))])
  func goingOnAfterASignal(signal: Int32, status: Int32) throws {
    let trainer = try TrainerProcess()
    let interrupted = try interrupt(trainer, [signal])
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

  /// A terminal that goes away may say so twice, and beside SIGTERM: the state is saved all the same.
  @Test(arguments: [[SIGHUP, SIGHUP, SIGHUP], [SIGHUP, SIGTERM], [SIGTERM, SIGHUP]] as [[Int32]])
  func hangingUpEndsNothingAtOnce(signals: [Int32]) throws {
    let trainer = try TrainerProcess()
    let result = try interrupt(trainer, signals)
    #expect([129, 143].contains(result.status) && result.model?.path == "r/model.safetensors", "\(result.errors)")
  }

  /// Under `nohup` a run goes on when the terminal is closed.
  @Test func aHangUpThatIsIgnored() throws {
    let trainer = try TrainerProcess()
    let result = try interrupt(trainer, [SIGHUP, SIGINT], shell: "trap '' HUP")
    #expect(result.status == 130 && result.output.contains("interrupted by SIGINT"), "\(result.errors)")
  }

  /// The watch sees a signal of its kind and no other.
  @Test func signalsHaveStatuses() {
    #expect(
      SignalWatch.Signal.interrupt.exitStatus == .interrupted && SignalWatch.Signal(rawValue: SIGINT) == .interrupt)
    #expect(
      SignalWatch.Signal.terminate.exitStatus == .terminated && SignalWatch.Signal(rawValue: SIGTERM) == .terminate)
    #expect(SignalWatch.Signal.hangUp.exitStatus == .hungUp && SignalWatch.Signal(rawValue: SIGHUP) == .hangUp)
    #expect(SignalWatch.Signal(rawValue: SIGUSR1) == nil)
  }
}
