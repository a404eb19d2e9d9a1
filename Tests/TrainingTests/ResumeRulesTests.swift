import Foundation
import Testing

@testable import Optimizers
@testable import Training

/// A run with any optimizer goes on in the middle of an epoch as if it had not been interrupted, on another machine.
@Suite struct ResumeRulesTests {
  /// An optimizer of each kind, and those that remember more than its default.
  static let optimizers =
    OptimizerConfiguration.Kind.allCases.map {
      #"{"type": "\#($0.rawValue)", "learningRate": 0.01, "l1": 0.001, "weightDecay": 0.1, "decayBiases": true}"#
    } + [
      #"{"type": "sgd", "learningRate": 0.01, "momentum": 0.9, "nesterov": true}"#,
      #"{"type": "sgd", "learningRate": 0.01, "momentum": 0.9}"#,
      #"{"type": "rmsprop", "momentum": 0.5}"#,
    ]

  private func outcome(
    _ draft: Draft, in folder: TemporaryFolder, _ name: String, resumedAfter steps: Int?
  ) throws -> Outcome {
    var options = machines[0]
    options.output = folder.url.appending(path: name)
    if let steps {
      let run = try Run(draft.configuration(in: folder), options: options)
      for _ in 0..<steps { _ = try run.advance() }
      _ = try run.finish()
    }
    let path = folder.url.appending(path: name).path
    let run =
      try steps == nil
      ? Run(draft.configuration(in: folder), options: options) : Run(resuming: path, options: machines[1])
    while try run.advance() != nil {}
    _ = try run.finish()
    return try Outcome(run.directory.url)
  }

  @Test(arguments: optimizers) func fromTheMiddle(optimizer: String) throws {
    let folder = try TemporaryFolder()
    var draft = Draft.normalizedSpirals()
    draft.optimizer = optimizer
    let reference = try outcome(draft, in: folder, "whole", resumedAfter: nil)
    #expect(try outcome(draft, in: folder, "parts", resumedAfter: 8) == reference)
  }
}
