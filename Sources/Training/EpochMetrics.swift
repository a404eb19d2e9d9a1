import ConfigurationSchema
import DataParallel
import Metrics
import Foundation
import Kernels

/// What is recorded of an epoch: a line of `metrics.jsonl`.
public struct EpochMetrics: Sendable {
  /// The epoch, from 1.
  public let epoch: Int
  /// Steps since the start of the run.
  public let steps: Int
  /// η
  public let learningRate: Double
  /// The mean cost of the samples, each as its step met it, without the L2 term.
  public let trainingLoss: Double
  /// Cost and metrics on the validation data after the epoch.
  public let validation: EvaluationSummary?
  /// The SHA-256 of the parameters after the epoch: of what follows the header of their model file.
  public let digest: String
  /// Duration of the steps alone.
  public let seconds: Double
  /// Samples a second of the steps alone.
  public let samplesPerSecond: Double

  var json: JSONValue {
    var object: [String: JSONValue] = [
      "epoch": .integer(epoch), "steps": .integer(steps), "learningRate": .number(learningRate),
      "train": .object(["loss": .number(trainingLoss)]), "digest": .string(digest),
      "seconds": .number(seconds), "samplesPerSecond": .number(samplesPerSecond.rounded()),
    ]
    object["validation"] = validation?.json
    return .object(object)
  }
}

/// What is recorded of a run: `summary.json`.
public struct RunSummary: Sendable {
  /// Epochs that are over.
  public let epochs: Int
  /// Steps since the start of the run.
  public let steps: Int
  /// Weights and biases.
  public let parameters: Int
  /// Workers at the end.
  public let workers: Int
  /// The instructions in use.
  public let instructionSet: InstructionSet
  /// Duration of the run, reading and evaluation included.
  public let seconds: Double
  /// Samples a second of the steps alone.
  public let samplesPerSecond: Double
  /// Why training is over; nil if it was interrupted.
  public let end: Run.End?
  /// The best epoch, where training may stop early.
  public let best: EarlyStopping.Best?
  /// How outputs become probabilities and classes; nil where the configuration does not say.
  public let decision: Decision?
  /// The classes or labels, in order; empty if the targets are numbers.
  public let classes: [String]
  /// Cost and metrics of the model on the validation data at the end.
  public let validation: EvaluationSummary?
  /// Cost and metrics of the model on the test data at the end.
  public let test: EvaluationSummary?
  /// The digest of the model file.
  public let sha256: String
  /// Where the files are.
  public let directory: RunDirectory

  var json: JSONValue {
    var object: [String: JSONValue] = [
      "epochs": .integer(epochs), "steps": .integer(steps), "parameters": .integer(parameters),
      "workers": .integer(workers), "instructionSet": .string(instructionSet.rawValue), "seconds": .number(seconds),
      "samplesPerSecond": .number(samplesPerSecond.rounded()), "sha256": .string(sha256),
      "arithmeticVersion": .integer(arithmeticVersion),
    ]
    if let end { object["end"] = .string(end.rawValue) }
    if let best { object["best"] = .object(["epoch": .integer(best.epoch), "value": .number(best.value)]) }
    if let decision {
      object["decision"] = .object([
        "temperature": .number(Double(decision.temperature)), "threshold": .number(Double(decision.threshold)),
      ])
    }
    object["validation"] = validation?.json(names: classes)
    object["test"] = test?.json(names: classes)
    return .object(object)
  }
}

/// The mean cost of some samples, and the metrics of what was predicted for them.
public struct EvaluationSummary: Sendable, Equatable {
  /// The mean cost, without the L2 term.
  public let meanLoss: Double
  /// The metrics in the order of the configuration.
  public let metrics: [MetricValue]
  /// How often each class is predicted as each; nil where the targets are no classes.
  public let confusion: ConfusionMatrix?
  /// The same of each label, class 1 where it is true; empty where samples do not have several labels.
  public let labelConfusions: [ConfusionMatrix]

  /// One metric.
  public struct MetricValue: Sendable, Equatable {
    /// The metric.
    public let metric: RequestedMetric
    /// Its value.
    public let value: Double
  }

  /// - Parameter threshold: that between two classes.
  init(_ evaluation: Evaluation, _ measures: Measures, threshold: Float = 0.5) {
    let evaluation = measures.truth(of: evaluation)
    meanLoss = evaluation.meanLoss
    let predictions = Predictions(
      outputs: evaluation.predictions.outputs, columns: evaluation.predictions.columns, threshold: threshold)
    metrics = measures.metrics.map {
      MetricValue(
        metric: $0, value: $0.value(predictions, evaluation.truth, evaluation.weights, classes: measures.names))
    }
    if case .labelSets(let values, let columns) = evaluation.truth {
      labelConfusions = (0..<columns).map {
        ConfusionMatrix(ofLabel: $0, predictions, values, evaluation.weights)
      }
    } else {
      labelConfusions = []
    }
    if case .labels(let labels) = evaluation.truth {
      confusion = ConfusionMatrix(predictions, labels, evaluation.weights)
    } else {
      confusion = nil
    }
  }

  var json: JSONValue {
    var object: [String: JSONValue] = ["loss": .number(meanLoss)]
    for metric in metrics { object[metric.metric.name] = .number(metric.value) }
    return .object(object)
  }

  /// The same with what is measured of each class, and the confusion matrix: rows are true classes, columns predicted ones; or with
  /// what is measured of each label.
  ///
  /// - Parameter names: of the classes or labels.
  func json(names: [String]) -> JSONValue {
    guard case .object(var object) = json else { return json }
    if labelConfusions.count == names.count, !names.isEmpty {
      object["labels"] = Self.shares(zip(names, labelConfusions).map { ($0, $1, 1) })
    }
    guard let confusion, names.count == confusion.classes else { return .object(object) }
    let classes = names
    object["classes"] = Self.shares(classes.enumerated().map { ($1, confusion, $0) })
    object["confusionMatrix"] = .array(
      classes.indices.map { truth in .array(classes.indices.map { .number(confusion[truth, $0]) }) })
    return .object(object)
  }

  /// What is measured of classes or labels, by their names.
  private static func shares(_ classes: [(name: String, confusion: ConfusionMatrix, label: Int)]) -> JSONValue {
    let members = classes.map { name, confusion, label -> (String, JSONValue) in
      (
        name,
        .object([
          "precision": .number(confusion.precision(label)), "recall": .number(confusion.recall(label)),
          "f1": .number(confusion.f1(label)), "samples": .number(confusion.support(label)),
        ])
      )
    }
    return .object(Dictionary(members) { first, _ in first })
  }
}
