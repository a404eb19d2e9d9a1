import ConfigurationSchema
import Foundation
import Testing

@testable import Training

@Suite struct CheckpointConfigurationTests {
  private func draft(_ checkpoint: String) -> Draft {
    Draft(training: #"{"epochs": 3, "checkpoint": \#(checkpoint)}"#)
  }

  @Test(arguments: [
    (#"{"epochs": 1}"#, CheckpointConfiguration(.epochs(1))),
    (#"{"epochs": 1000000000}"#, .init(.epochs(1_000_000_000))),
    (#"{"steps": 1}"#, .init(.steps(1))), (#"{"steps": 12}"#, .init(.steps(12))),
    (#"{"seconds": 0.5}"#, .init(.seconds(0.5))), (#"{"seconds": 60}"#, .init(.seconds(60))),
    (#"{"epochs": 1, "keep": 5}"#, .init(.epochs(1), keep: 5)),
  ]) func intervals(text: String, interval: CheckpointConfiguration) throws {
    let folder = try TemporaryFolder()
    let configuration = try draft(text).configuration(in: folder)
    #expect(configuration.training.checkpoint == interval)
    // What is written is read again.
    try folder.write(configuration.json.text, to: "again.json")
    let again = try RunConfiguration(file: folder.url.appending(path: "again.json").path)
    #expect(again.training.checkpoint == interval && again.json.text == configuration.json.text)
  }

  @Test func everyEpochIsTheDefault() throws {
    let configuration = try Draft(training: #"{"epochs": 3}"#).configuration(in: TemporaryFolder())
    #expect(
      configuration.training.checkpoint == .init(.epochs(1)) && CheckpointConfiguration.standard == .init(.epochs(1)))
    #expect(configuration.json["training"]?["checkpoint"] == .object(["epochs": .integer(1), "keep": .integer(2)]))
  }

  @Test(arguments: [
    ("{}", "training.checkpoint: must have one of 'epochs', 'steps' and 'seconds', found none of them"),
    (#"{"epochs": 1, "steps": 2}"#, "training.checkpoint: must have one of 'epochs', 'steps' and 'seconds', found"),
    (#"{"epochs": 1, "steps": 2, "seconds": 3}"#, "found 'epochs' and 'steps' and 'seconds'"),
    (#"{"epochs": 0}"#, "training.checkpoint.epochs: "), (#"{"epochs": 1.5}"#, "training.checkpoint.epochs: "),
    (#"{"steps": 0}"#, "training.checkpoint.steps: "), (#"{"steps": "all"}"#, "training.checkpoint.steps: "),
    (#"{"seconds": 0}"#, "training.checkpoint.seconds: "), (#"{"seconds": -1}"#, "training.checkpoint.seconds: "),
    (#"{"epochs": 1, "keep": 1}"#, "training.checkpoint.keep: "),
    (#"{"step": 5}"#, "training.checkpoint.step: "), ("5", "training.checkpoint: "),
    (#"{"epochs": 1, "minutes": 2}"#, "training.checkpoint.minutes: "),
  ]) func wrongIntervals(text: String, part: String) throws {
    let issues = try draft(text).issues()
    #expect(issues.contains { $0.contains(part) }, "\(issues)")
  }

  @Test func rightIntervalsHaveNoIssues() throws {
    #expect(try draft(#"{"steps": 3}"#).issues() == [])
  }
}
