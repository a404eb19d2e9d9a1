import ConfigurationSchema
import Files
import Foundation
import Kernels
import Metrics
import Models
import Testing

@testable import Training

/// Calibration and thresholds of whole runs: fitted when training is over, stored in the model, used by whatever predicts.
@Suite struct DecisionRunTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Two spirals, which a small network learns by heart and so is too sure of.
  private func draft(
    _ decision: String, last: String = #"{"type": "dense", "units": 1, "activation": "sigmoid"}"#,
    loss: String = "binaryCrossEntropy", more: String = ""
  ) -> Draft {
    Draft(
      dataset:
        #"{"train": {"format": "synthetic", "kind": "spirals", "samples": 120, "noise": 0.25}, "validation": {"fraction": 0.25}, "test": {"fraction": 0.2}}"#,
      network: #"{"layers": [{"type": "dense", "units": 32, "activation": "tanh"}, \#(last)]}"#, loss: #""\#(loss)""#,
      optimizer: #"{"type": "adam", "learningRate": 0.02}"#, training: #"{"epochs": 30, "batchSize": 20\#(more)}"#,
      more: #", "metrics": ["logLoss", "accuracy", "f1"], "decision": \#(decision)"#)
  }

  private func train(_ draft: Draft, _ name: String, _ options: Run.Options = .init()) throws -> (
    run: Run, summary: RunSummary
  ) {
    let result = try TrainingTests.train(
      draft.configuration(in: folder), output: folder.url.appending(path: name), options)
    return (result.run, result.summary)
  }

  private func metric(_ kind: MetricKind, _ evaluation: EvaluationSummary?) throws -> Double {
    try #require(evaluation?.metrics.first { $0.metric == .kind(kind) }?.value)
  }

  private static let softmax = #"{"type": "dense", "units": 2, "activation": "softmax"}"#

  @Test(arguments: [false, true]) func calibration(isSoftmax: Bool) throws {
    func draft(_ decision: String) -> Draft {
      isSoftmax
        ? self.draft(decision, last: Self.softmax, loss: "crossEntropy") : self.draft(decision)
    }
    let (run, plain) = try train(draft("{}"), "plain")
    let (_, calibrated) = try train(draft(#"{"calibration": "temperature"}"#), "calibrated")
    let temperature = try #require(calibrated.decision?.temperature)
    #expect(temperature > 1.05 && plain.decision == .plain)
    // Parameters and classes are the same, the log loss on the data that it was fitted to is less.
    #expect(try metric(.accuracy, plain.validation) == metric(.accuracy, calibrated.validation))
    #expect(try metric(.logLoss, calibrated.validation) < metric(.logLoss, plain.validation) - 1e-3)
    // The loss of training is what it was.
    #expect(plain.validation?.meanLoss == calibrated.validation?.meanLoss)

    let models = try ["plain", "calibrated"].map {
      try Model(contentsOf: folder.url.appending(path: "\($0)/model.safetensors"))
    }
    #expect(models[0].decision == .plain && models[1].decision.temperature == temperature)
    #expect(models[0].parameters.tensors == models[1].parameters.tensors)
    // What the library predicts is what the summary was computed from: σ(z / T) in Double.
    let rows: [[Float]] = (0..<40).map { index in [Float(index % 8) / 4 - 1, Float(index / 8) / 2 - 1] }
    for (one, other) in zip(try models[0].predict(rows), try models[1].predict(rows)) {
      func logit(_ output: [Float]) -> Double {
        let p = Double(output.last!)
        return log(p / (isSoftmax ? Double(output[0]) : 1 - p))
      }
      guard abs(logit(one)) < 8 else { continue }
      #expect(abs(logit(one) / Double(temperature) - logit(other)) < 1e-3)
    }
    withExtendedLifetime(run) {}
  }

  @Test func threshold() throws {
    let costs = #"{"threshold": {"falsePositive": 1, "falseNegative": 20}}"#
    let (_, plain) = try train(draft("{}"), "plain")
    let (_, fitted) = try train(draft(costs), "fitted")
    let threshold = try #require(fitted.decision?.threshold)
    #expect(threshold < 0.5)
    func cost(_ summary: RunSummary) throws -> Double {
      let matrix = try #require(summary.validation?.confusion)
      return matrix[0, 1] + 20 * matrix[1, 0]
    }
    #expect(try cost(fitted) < cost(plain))
    #expect(
      try Model(contentsOf: folder.url.appending(path: "fitted/model.safetensors")).decision.threshold == threshold)
    let (_, given) = try train(draft(#"{"threshold": 0.125}"#), "given")
    #expect(given.decision?.threshold == 0.125 && given.decision?.temperature == 1)
    let json = try JSONValue(folder.read("given/summary.json"))
    #expect(json["decision"]?["threshold"]?.double == 0.125 && json["decision"]?["temperature"]?.double == 1)
  }

  /// One model file on all machines, with early stopping, after a resume, and again by verify; a run that is not over has none.
  @Test func bits() throws {
    let draft = draft(
      #"{"calibration": "temperature", "threshold": "f1"}"#, more: #", "earlyStopping": {"patience": 8}"#)
    let (_, whole) = try train(draft, "whole")
    #expect(whole.decision != .plain && whole.decision != nil)
    for (index, options) in machines.enumerated() {
      #expect(try train(draft, "machine-\(index)", options).summary.sha256 == whole.sha256)
    }
    var options = Run.Options()
    options.output = folder.url.appending(path: "half")
    let half = try Run(draft.configuration(in: folder), options: options)
    while half.steps < 31 { _ = try half.advance() }
    let interrupted = try half.finish()
    #expect(interrupted.decision == nil)
    #expect(try Model(contentsOf: folder.url.appending(path: "half/model.safetensors")).decision == .plain)
  }

  @Test func verification() throws {
    _ = try train(draft(#"{"calibration": "temperature", "threshold": "balancedAccuracy"}"#), "a")
    let path = folder.url.appending(path: "a").path
    let verification = try Verification(path)
    while try verification.advance() != nil {}
    #expect(verification.result == .equal(epochs: 30, model: true))
  }

  @Test func whatItNeeds() throws {
    var without = draft(#"{"calibration": "temperature"}"#)
    without.dataset = #"{"train": {"format": "synthetic", "kind": "spirals"}}"#
    #expect(try without.issues() == ["decision: needs a 'dataset.validation' to be fitted to, and there is none"])
    without.more = #", "decision": {"threshold": 0.25}"#
    #expect(try without.issues() == [])
    let hinge = draft(
      #"{"calibration": "temperature", "threshold": 0.5}"#,
      last: #"{"type": "dense", "units": 2, "activation": "identity"}"#,
      loss: "hinge")
    #expect(
      try hinge.issues() == [
        "decision.calibration: must be none with the loss hinge; crossEntropy and binaryCrossEntropy have probabilities",
        "decision.threshold: must be absent with the loss hinge; crossEntropy and binaryCrossEntropy have probabilities",
      ])
    // What only the data can tell.
    var three = Draft(more: #", "decision": {"threshold": 0.25}"#)
    three.dataset = #"{"train": {"format": "inline", "features": [[0,0],[0,1],[1,0]], "targets": ["a","b","c"]}}"#
    three.network = #"{"layers": [{"type": "dense", "units": 3, "activation": "softmax"}]}"#
    #expect(throws: Error.self) {
      try TrainingTests.train(three.configuration(in: folder), output: folder.url.appending(path: "x"))
    }
    do { _ = try Run(three.configuration(in: folder)) } catch {
      #expect("\(error)".contains("decision.threshold: needs two classes, and the data has 3"))
    }
  }
}
