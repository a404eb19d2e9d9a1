import ConfigurationSchema
import Foundation
import Metrics
import Testing

@testable import Training

/// What runs measure by what their targets are: classes, several labels a sample, numbers.
@Suite struct MeasuresTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Samples with the labels "x > 0", "y > 0" and "x > y", in three columns of a CSV file.
  private func labels(_ more: String = "", soft: Bool = false) throws -> Draft {
    var generator = Generator(state: 7)
    let rows = (0..<120).map { row -> String in
      let (x, y) = (Double.random(in: -1...1, using: &generator), Double.random(in: -1...1, using: &generator))
      let third = soft && row == 3 ? "0.5" : x > y ? "1" : "0"
      return "\(x),\(y),\(x > 0 ? 1 : 0),\(y > 0 ? 1 : 0),\(third)"
    }
    try folder.write("x,y,right,upper,below\n" + rows.joined(separator: "\n") + "\n", to: "labels.csv")
    return Draft(
      dataset: """
        {"train": {"format": "csv", "path": "labels.csv", "target": ["right", "upper", "below"]}, \
        "validation": {"fraction": 0.25}, "test": {"fraction": 0.25}}
        """,
      network:
        #"{"layers": [{"type": "dense", "units": 8, "activation": "tanh"}, {"type": "dense", "units": 3, "activation": "sigmoid"}]}"#,
      loss: #""binaryCrossEntropy""#, optimizer: #"{"type": "adam", "learningRate": 0.05}"#,
      training: #"{"epochs": 60, "batchSize": 16\#(more)}"#)
  }

  private func train(_ draft: Draft, _ name: String = "a") throws -> (epochs: [EpochMetrics], summary: RunSummary) {
    let result = try TrainingTests.train(
      draft.configuration(in: folder), output: folder.url.appending(path: name))
    return (result.epochs, result.summary)
  }

  /// What is wrong with a draft, as far as only the data can tell.
  private func issues(_ draft: Draft) throws -> [String] {
    do {
      _ = try Run(draft.configuration(in: folder), options: .init(output: folder.url.appending(path: "wrong")))
      return []
    } catch let error as ConfigurationError { return error.issues.map(\.description) }
  }

  // MARK: Several labels a sample

  @Test func severalLabelsASample() throws {
    let (_, summary) = try train(labels())
    #expect(summary.test?.metrics.map(\.metric.name) == ["accuracy", "f1", "rocAUC"])
    #expect(summary.test.map { $0.metrics.allSatisfy { $0.value > 0.85 && $0.value <= 1 } } == true)
    let json = try JSONValue(folder.read("a/summary.json"))
    let test = try #require(json["test"])
    #expect(
      test["labels"]?.keys == ["below", "right", "upper"] && test["classes"] == nil && test["confusionMatrix"] == nil)
    #expect(test["labels"]?["upper"]?.keys == ["f1", "precision", "recall", "samples"])
    let shares = ["right", "upper", "below"].compactMap { test["labels"]?[$0]?["f1"]?.double }
    let f1 = try #require(test["f1"]?.double)
    #expect(shares.count == 3 && abs(f1 - shares.reduce(0, +) / 3) < 1e-12)
  }

  /// A single probability between makes numbers of them.
  @Test func softTargetsAreNumbers() throws {
    let (_, summary) = try train(labels(soft: true))
    #expect(summary.test?.metrics.map(\.metric.name) == ["rootMeanSquaredError", "meanAbsoluteError", "r2"])
  }

  @Test func calibratedLabels() throws {
    var draft = try labels()
    draft.more = #", "metrics": ["brier", "accuracy"], "decision": {"calibration": "temperature", "threshold": 0.75}"#
    let (_, summary) = try train(draft)
    #expect(summary.decision.map { $0.temperature != 1 && $0.threshold == 0.75 } == true)
    draft.more = #", "decision": {"threshold": "f1"}"#
    #expect(try issues(draft) == ["decision.threshold: must be a number where samples have several labels"])
  }

  // MARK: Metrics of one class

  @Test func metricsOfOneClass() throws {
    var draft = try labels(#", "earlyStopping": {"metric": "validation.recall.upper", "patience": 5}"#)
    draft.more = #", "metrics": ["recall.upper", "precision.below", "hammingLoss"]"#
    let (epochs, summary) = try train(draft)
    #expect(epochs[0].json["validation"]?.keys == ["hammingLoss", "loss", "precision.below", "recall.upper"])
    let recalls = epochs.compactMap { $0.json["validation"]?["recall.upper"]?.double }
    let best = try #require(summary.best)
    #expect(best.value == recalls.max() && best.epoch == recalls.firstIndex(of: best.value)! + 1)
    #expect(summary.end == .earlyStopping && epochs.count == best.epoch + 5)
  }

  @Test func whatTheDataHaveNot() throws {
    var draft = try labels()
    draft.more = #", "metrics": ["recall.uper", "f1.x"]"#
    let names = "'right', 'upper' and 'below'"
    #expect(
      try issues(draft) == [
        "metrics[0]: the data has no label 'uper', only \(names); did you mean 'recall.upper'?",
        "metrics[1]: the data has no label 'x', only \(names)",
      ])
    draft.more = #", "metrics": ["logLoss", "r2"]"#
    let fitting = "accuracy, hammingLoss, precision, recall, f1, f1Weighted, rocAUC, averagePrecision, brier"
    #expect(
      try issues(draft) == [
        "metrics[0]: logLoss needs classes to predict, and the data has several labels a sample; what fits: \(fitting)",
        "metrics[1]: r2 needs numbers to predict, and the data has several labels a sample; what fits: \(fitting)",
      ])
    #expect(
      try issues(Draft(more: #", "metrics": ["top2Accuracy", "top1000Accuracy", "recall.b"]"#)) == [
        "metrics[0]: top2Accuracy is always 1, because the data has 2 classes",
        "metrics[1]: top1000Accuracy is always 1, because the data has 2 classes",
      ])
    let stopping = Draft(
      training: #"{"epochs": 3, "earlyStopping": {"metric": "validation.recall.b"}}"#,
      more: #", "metrics": ["accuracy"]"#)
    #expect(try stopping.issues().first?.contains("needs a 'dataset.validation'") == true)
  }

  @Test func topOfClasses() throws {
    var draft = Draft(more: #", "metrics": ["top2Accuracy", "recall.c"]"#)
    draft.dataset =
      #"{"train": {"format": "inline", "features": [[0,0],[0,1],[1,0]], "targets": ["a","b","c"]}, "test": {"format": "inline", "features": [[0,0],[0,1],[1,0]], "targets": ["a","b","c"]}}"#
    draft.network = #"{"layers": [{"type": "dense", "units": 3, "activation": "softmax"}]}"#
    let (_, summary) = try train(draft)
    #expect(summary.test?.metrics.map(\.metric) == [.topAccuracy(2), .ofClass(.recall, "c")])
    #expect(summary.test?.json["recall.c"]?.double != nil)
  }
}
