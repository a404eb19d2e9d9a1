import ConfigurationSchema
import Files
import Foundation
import Testing

@testable import Training

@Suite struct EarlyStoppingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Spirals whose validation loss does not go on falling for 40 epochs.
  private func draft(_ stopping: String, epochs: Int = 40, more: String = "") -> Draft {
    .spirals(#"{"epochs": \#(epochs), "batchSize": 4, "earlyStopping": \#(stopping)\#(more)}"#)
  }

  private func rule(_ text: String) throws -> EarlyStopping {
    try #require(draft(text).configuration(in: folder).training.earlyStopping)
  }

  private func train(_ draft: Draft, _ name: String) throws -> (run: Run, epochs: [EpochMetrics], summary: RunSummary) {
    try TrainingTests.train(draft.configuration(in: folder), output: folder.url.appending(path: name))
  }

  // MARK: The rule

  @Test func whatIsBetter() throws {
    let least = try rule(#"{"minimumChange": 0.5}"#)
    #expect(least.metric.name == "validation.loss" && least.patience == 10 && least.usesBest)
    let best = EarlyStopping.Best(epoch: 1, value: 2)
    #expect(least.isBetter(3, than: nil) && least.isBetter(1.4, than: best))
    #expect(!least.isBetter(1.5, than: best) && !least.isBetter(3, than: best))
    let greatest = try rule(#"{"metric": "validation.accuracy"}"#)
    #expect(
      greatest.isBetter(2.1, than: best) && !greatest.isBetter(2, than: best) && !greatest.isBetter(1, than: best))
    #expect(try rule(#"{"metric": "validation.accuracy", "mode": "minimum"}"#).isBetter(1, than: best))
    for value in [nil, Double.nan, .infinity] { #expect(!least.isBetter(value, than: nil)) }
  }

  @Test func patience() throws {
    let rule = try rule(#"{"patience": 3}"#)
    let best = EarlyStopping.Best(epoch: 4, value: 0)
    #expect(!rule.ends(after: 4, best: best) && !rule.ends(after: 6, best: best) && rule.ends(after: 7, best: best))
    // A metric that never was a number.
    #expect(!rule.ends(after: 2, best: nil) && rule.ends(after: 3, best: nil))
  }

  // MARK: Runs

  /// Recomputed from what was recorded of each epoch: where it ends, which epoch is the best, and that its parameters are the model.
  @Test(arguments: ["validation.loss", "validation.accuracy", "train.loss"]) func theBestEpochIsTheModel(metric: String)
    throws
  {
    let patience = 4
    let (run, epochs, summary) = try train(
      draft(#"{"metric": "\#(metric)", "patience": \#(patience), "minimumChange": 0.001}"#), "a")
    let sign: Double = metric == "validation.accuracy" ? -1 : 1
    let values = epochs.map { epoch -> Double in
      let json = epoch.json
      let words = metric.split(separator: ".").map(String.init)
      return sign * (json[words[0]]?[words[1]]?.double ?? .nan)
    }
    var best = 0
    for (index, value) in values.enumerated() where value < values[best] - 0.001 { best = index }
    if epochs.count < 40 {
      #expect(epochs.count == best + 1 + patience && summary.end == .earlyStopping)
    } else {
      #expect(summary.end == .epochs)
    }
    #expect(summary.best == EarlyStopping.Best(epoch: best + 1, value: sign * values[best]))
    let model = try folder.read("a/model.safetensors")
    #expect(try folder.read("a/best.safetensors") == model)
    #expect(SHA256.hexadecimal(model.dropFirst(model.headerEnd)) == epochs[best].digest)
    #expect(summary.validation == epochs[best].validation)
    #expect(summary.test != nil && run.isOver)
  }

  @Test func itStopsAtAll() throws {
    let (_, epochs, summary) = try train(draft(#"{"metric": "validation.accuracy", "patience": 2}"#), "a")
    #expect(epochs.count < 40 && summary.end == .earlyStopping)
  }

  /// Unless told otherwise: then the last epoch is the model, and the best one is kept beside it.
  @Test func theLastEpochIsTheModelIfWanted() throws {
    let text = #"{"metric": "validation.accuracy", "patience": 3, "useBest": false}"#
    let (_, epochs, summary) = try train(draft(text), "a")
    let (model, best) = (try folder.read("a/model.safetensors"), try folder.read("a/best.safetensors"))
    #expect(SHA256.hexadecimal(model.dropFirst(model.headerEnd)) == epochs.last?.digest && model != best)
    #expect(SHA256.hexadecimal(best.dropFirst(best.headerEnd)) == epochs[try #require(summary.best).epoch - 1].digest)
    #expect(summary.validation == epochs.last?.validation)
  }

  /// A run that is cut after any step, and goes on, stops at the same epoch with the same model.
  @Test(arguments: [1, 7, 12, 21]) func resumed(steps: Int) throws {
    let draft = draft(
      #"{"metric": "validation.accuracy", "patience": 3}"#, more: #", "checkpoint": {"steps": 1}"#)
    let whole = try train(draft, "whole")
    try #require(whole.epochs.count * 6 > 21)
    let options = Run.Options(execution: .singleThread, output: folder.url.appending(path: "cut"))
    do {
      let run = try Run(draft.configuration(in: folder), options: options)
      while run.steps < steps { _ = try run.advance() }
    }
    let again = try Run(resuming: folder.url.appending(path: "cut").path)
    while try again.advance() != nil {}
    let summary = try again.finish()
    #expect(summary.best == whole.summary.best && summary.end == whole.summary.end)
    #expect(try Outcome(folder.url.appending(path: "cut")) == Outcome(folder.url.appending(path: "whole")))
    #expect(try folder.read("cut/best.safetensors") == folder.read("whole/best.safetensors"))
  }

  @Test func verified() throws {
    for (name, text) in [("a", #"{"patience": 2}"#), ("b", #"{"patience": 2, "useBest": false}"#)] {
      let (_, epochs, _) = try train(draft(text), name)
      let verification = try Verification(folder.url.appending(path: name).path)
      while try verification.advance() != nil {}
      #expect(verification.result == .equal(epochs: epochs.count, model: true))
    }
  }

  /// A state with parameters of a best epoch that cannot be is refused.
  @Test func statesWithoutTheBestParameters() throws {
    let configuration = try draft(#"{"patience": 2}"#).configuration(in: folder)
    let loop = try TrainingLoop(configuration, .init(execution: .singleThread))
    while loop.position.epochs < 1 { _ = try loop.advance() }
    let state = try loop.state()
    #expect(throws: Never.self) { try TrainingLoop(configuration, .init(), from: (state, "s")) }
    var (without, misshapen, unknown) = (state, state, state)
    without.best = []
    misshapen.best.removeLast()
    unknown.position.best = nil
    for state in [without, misshapen, unknown] {
      #expect(throws: InputError.self) { try TrainingLoop(configuration, .init(), from: (state, "s")) }
    }
  }

  // MARK: Configuration

  @Test(arguments: [
    (#"{"metric": "validation.los"}"#, [String]()),
    (#"{"metric": "loss"}"#, ["training.earlyStopping.metric: must be 'train.loss', 'validation.loss' or"]),
    (#"{"patience": 0}"#, ["training.earlyStopping.patience: must be from 1 to 1000000000, found 0"]),
    (#"{"minimumChange": -1}"#, ["training.earlyStopping.minimumChange: must be"]),
    (#"{"mode": "min"}"#, ["training.earlyStopping.mode: unknown value 'min'; allowed: minimum, maximum"]),
    (#"{"patiance": 3}"#, ["training.earlyStopping.patiance: unknown key; did you mean 'patience'?"]),
  ]) func wrongKeys(text: String, parts: [String]) throws {
    let issues = try draft(text).issues()
    #expect(issues.count == parts.count, "\(issues)")
    for part in parts { #expect(issues.contains { $0.hasPrefix(part) }, "\(issues)") }
  }

  @Test func whatIsNotMeasured() throws {
    var draft = draft(#"{"patience": 3}"#)
    draft.dataset = Draft().dataset
    #expect(
      try draft.issues() == [
        "training.earlyStopping.metric: 'validation.loss' needs a 'dataset.validation', and there is none; 'train.loss' "
          + "needs none"
      ])
    let unknown = try self.draft(#"{"metric": "validation.los"}"#).configuration(in: folder)
    let error = #expect(throws: ConfigurationError.self) { try TrainingLoop(unknown, .init()) }
    #expect(error?.issues.first?.message.contains("did you mean 'validation.loss'?") == true)
  }
}
