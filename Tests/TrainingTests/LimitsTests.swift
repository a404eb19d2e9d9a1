import ConfigurationSchema
import Files
import Foundation
import Testing

@testable import Training

/// Runs that end after so many steps, or after so much time.
@Suite struct LimitsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func draft(_ more: String, epochs: Int = 3) -> Draft {
    .spirals(#"{"epochs": \#(epochs), "batchSize": 4\#(more)}"#)
  }

  private func train(_ draft: Draft, _ name: String) throws -> (run: Run, epochs: [EpochMetrics], summary: RunSummary) {
    try TrainingTests.train(draft.configuration(in: folder), output: folder.url.appending(path: name))
  }

  private func verify(_ name: String) throws -> Verification.Result {
    let verification = try Verification(folder.url.appending(path: name).path)
    while try verification.advance() != nil {}
    return verification.result
  }

  private func configuration(_ name: String) throws -> JSONValue {
    try JSONValue(folder.read("\(name)/config.json"))
  }

  /// In the middle of the second epoch of six steps; the model is what an uninterrupted run has at that step.
  @Test func steps() throws {
    let (run, epochs, summary) = try train(draft(#", "maxSteps": 8"#), "a")
    #expect(epochs.count == 1 && summary.steps == 8 && summary.epochs == 1 && summary.end == .maxSteps)
    #expect(run.isOver && summary.test != nil && summary.validation != nil)
    #expect(try verify("a") == .equal(epochs: 1, model: true))
    let whole = try TrainingLoop(draft("").configuration(in: folder), .init())
    for _ in 0..<8 { _ = try whole.advance(limit: 1) }
    let model = try folder.read("a/model.safetensors")
    #expect(SHA256.hexadecimal(model.dropFirst(model.headerEnd)) == whole.parameters.tensors.digest)
    // At the end of an epoch, and beyond the last.
    #expect(try train(draft(#", "maxSteps": 12"#), "b").summary.end == .maxSteps)
    #expect(try train(draft(#", "maxSteps": 18"#), "c").summary.end == .epochs)
    #expect(try train(draft(#", "maxSteps": 19"#), "d").summary.steps == 18)
  }

  @Test func moreStepsOnResume() throws {
    _ = try train(draft(#", "maxSteps": 8"#), "a")
    let path = folder.url.appending(path: "a").path
    let fewer = #expect(throws: ConfigurationError.self) {
      try Run(resuming: path, overrides: [("training.maxSteps", "7")])
    }
    #expect(
      fewer?.issues.map(\.description) == [
        "training.maxSteps: must be at least 8, the steps that were made, found 7"
      ])
    let run = try Run(resuming: path, overrides: [("training.maxSteps", "100")])
    while try run.advance() != nil {}
    _ = try run.finish()
    _ = try train(draft(""), "whole")
    #expect(try Outcome(folder.url.appending(path: "a")) == Outcome(folder.url.appending(path: "whole")))
  }

  /// A time so short that it is over after the first turn; what was done is recorded, and repeated by whoever verifies it.
  @Test func seconds() throws {
    do {
      let (run, epochs, summary) = try train(draft(#", "maxSeconds": 1e-9"#, epochs: 1000), "a")
      #expect(summary.end == .maxSeconds && run.isOver && summary.test != nil)
      #expect(summary.steps < 6000 && epochs.count < 1000)
      #expect(try configuration("a")["training"]?["maxSteps"] == .integer(summary.steps))
      #expect(try configuration("a")["training"]?["maxSeconds"] == .number(1e-9))
    }
    // Goes on from where it ended, with the same model as a run without limits has.
    let path = folder.url.appending(path: "a").path
    do {
      let idle = try Run(resuming: path)
      #expect(idle.isOver)
      _ = try idle.finish()
    }
    let again = try Run(
      resuming: path, overrides: [("training.maxSeconds", "1000"), ("training.epochs", "3")])
    #expect(try configuration("a")["training"]?["maxSteps"] == nil)
    while try again.advance() != nil {}
    #expect(try again.finish().end == .epochs)
    _ = try train(draft(""), "whole")
    #expect(try Outcome(folder.url.appending(path: "a")) == Outcome(folder.url.appending(path: "whole")))
  }

  @Test func aRunThatEndedByTheClockIsVerified() throws {
    let draft = draft(#", "maxSeconds": 1e-9"#, epochs: 1000)
    let run = try Run(draft.configuration(in: folder), options: .init(output: folder.url.appending(path: "a")))
    while try run.advance() != nil {}
    let summary = try run.finish()
    #expect(summary.epochs == 0 && summary.steps == 1)
    #expect(try verify("a") == .equal(epochs: 0, model: true))
  }

  @Test func timeEnoughChangesNothing() throws {
    let (_, _, summary) = try train(draft(#", "maxSeconds": 100000"#), "a")
    #expect(try summary.end == .epochs && configuration("a")["training"]?["maxSteps"] == nil)
  }

  @Test(arguments: [
    (#", "maxSteps": 0"#, "training.maxSteps: must be at least 1, found 0"),
    (#", "maxSeconds": 0"#, "training.maxSeconds: must be"),
    (#", "maxSeconds": "1 h""#, "training.maxSeconds: must be"),
  ]) func wrongLimits(text: String, part: String) throws {
    let issues = try draft(text).issues()
    #expect(issues.count == 1 && issues[0].hasPrefix(part), "\(issues)")
  }
}
