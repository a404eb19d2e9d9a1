import ConfigurationSchema
import Foundation
import Testing

@testable import Optimizers
@testable import Training

/// A run with any schedule goes on in the middle of an epoch as if it had not been interrupted.
@Suite struct ResumeSchedulesTests {
  private static let schedules: [String] = Schedule.Kind.allCases.map { kind in
    let more =
      switch kind {
      case .constant: #", "warmup": {"steps": 9}"#
      case .step: #", "every": 1, "warmup": {"epochs": 1}"#
      case .exponential: #", "factor": 0.5, "by": "step""#
      case .cosine, .polynomial, .oneCycle: ""
      case .linear: #", "by": "epoch""#
      case .reduceOnPlateau: #", "patience": 0, "factor": 0.5, "minimumChange": 0.01"#
      }
    return #"{"type": "\#(kind.rawValue)"\#(more)}"#
  }

  private func draft(_ schedule: String, epochs: Int = 5) -> Draft {
    var draft = Draft.spirals(#"{"epochs": \#(epochs), "batchSize": 4, "checkpoint": {"steps": 1}}"#)
    draft.optimizer = #"{"type": "sgd", "learningRate": 0.5, "momentum": 0.5, "schedule": \#(schedule)}"#
    return draft
  }

  private func outcome(
    _ draft: Draft, in folder: TemporaryFolder, _ name: String, resumedAfter steps: [Int] = [],
    overrides: [(key: String, value: String)] = []
  ) throws -> Outcome {
    var options = machines[0]
    options.output = folder.url.appending(path: name)
    var isNew = true
    func begin(_ machine: Run.Options) throws -> Run {
      defer { isNew = false }
      return isNew
        ? try Run(draft.configuration(in: folder), options: options)
        : try Run(resuming: folder.url.appending(path: name).path, overrides: overrides, options: machine)
    }
    for (index, steps) in steps.enumerated() {
      let run = try begin(machines[index % machines.count])
      for _ in 0..<steps { _ = try run.advance() }
      _ = try run.finish()
    }
    let run = try begin(machines[steps.count % machines.count])
    while try run.advance() != nil {}
    _ = try run.finish()
    return try Outcome(run.directory.url)
  }

  private func rates(_ outcome: Outcome) -> [Double] { outcome.metrics.compactMap { $0["learningRate"]?.double } }

  @Test(arguments: schedules) func fromTheMiddle(schedule: String) throws {
    let folder = try TemporaryFolder()
    let reference = try outcome(draft(schedule), in: folder, "whole")
    #expect(rates(reference).count == 5)
    #expect(try outcome(draft(schedule), in: folder, "parts", resumedAfter: [8, 7, 9]) == reference, "\(schedule)")
  }

  /// What is recorded of an epoch is η of its last step.
  @Test func ratesOfTheLastSteps() throws {
    let folder = try TemporaryFolder()
    let found = rates(try outcome(draft(#"{"type": "linear"}"#), in: folder, "r"))
    // Six steps an epoch.
    for (epoch, rate) in found.enumerated() {
      #expect(abs(rate - 0.5 * (1 - Double(6 * epoch + 5) / 30)) < 1e-15)
    }
  }

  /// With an impossible change of the metric each epoch but the first reduces η of the next.
  @Test func plateausReduce() throws {
    let folder = try TemporaryFolder()
    let schedule = #"{"type": "reduceOnPlateau", "patience": 0, "factor": 0.5, "minimumChange": 1000, "minimum": 0.1}"#
    let reference = try outcome(draft(schedule), in: folder, "whole")
    #expect(rates(reference) == [0.5, 0.5, 0.25, 0.125, 0.1])
    // Between epochs, and in the middle of one.
    for steps in [12, 15, 24, 29] {
      #expect(try outcome(draft(schedule), in: folder, "parts\(steps)", resumedAfter: [steps]) == reference)
    }
    #expect(try outcome(draft(#""constant""#), in: folder, "constant") != reference)
  }

  /// More epochs on a resume leave a schedule as it was, and at its end it stays.
  @Test func moreEpochsChangeNothingBefore() throws {
    let folder = try TemporaryFolder()
    let short = try outcome(draft(#""cosine""#, epochs: 3), in: folder, "short")
    let grown = try outcome(
      draft(#""cosine""#, epochs: 3), in: folder, "grown", resumedAfter: [8], overrides: [("training.epochs", "5")])
    #expect(grown.metrics.count == 5 && Array(grown.metrics.prefix(3)) == short.metrics)
    #expect(rates(grown)[3...] == [0, 0] && grown.metrics[3]["digest"] == grown.metrics[4]["digest"])
    let longer = try outcome(draft(#""cosine""#, epochs: 5), in: folder, "longer")
    #expect(longer.metrics[0] != short.metrics[0])
  }

  @Test func wrongMetrics() throws {
    var without = Draft(training: #"{"epochs": 1}"#)
    func issues(_ metric: String) throws -> [String] {
      without.optimizer =
        #"{"type": "sgd", "learningRate": 0.5, "schedule": {"type": "reduceOnPlateau", "metric": "\#(metric)"}}"#
      return try without.issues()
    }
    let path = "optimizer.schedule.metric"
    #expect(
      try issues("validation.loss") == [
        "\(path): 'validation.loss' needs a 'dataset.validation', and there is none; 'train.loss' needs none"
      ])
    #expect(try issues("train.loss") == [])
    #expect(try issues("loss").first?.hasPrefix("\(path): must be 'train.loss', 'validation.loss' or") == true)
    let folder = try TemporaryFolder()
    let unknown = draft(#"{"type": "reduceOnPlateau", "metric": "validation.accurcy"}"#)
    let error = #expect(throws: ConfigurationError.self) {
      try Run(unknown.configuration(in: folder), options: machines[0])
    }
    #expect(
      error?.issues.first?.description.hasPrefix("\(path): 'validation.accurcy' is not measured in this run;") == true)
  }
}
