import ConfigurationSchema
import DataParallel
import Datasets
import Files
import Foundation
import Kernels
import Metrics
import Models
import NeuralNetworks

/// How well the model of a run does on its test data, or on a file.
public struct ModelEvaluation: Sendable {
  /// What was evaluated, in words: "360 test samples".
  public let subject: String
  /// All metrics that can be computed for these targets, and the confusion matrix.
  public let summary: EvaluationSummary
  /// The names of classes or labels; empty if the targets are numbers.
  public let names: [String]
  /// The samples that are predicted worst, the worst first.
  public let worst: [Sample]

  /// A sample and what is predicted for it.
  public struct Sample: Sendable {
    /// Its row in the source, from 1.
    public let row: Int
    /// What is true of it: a class, labels, or numbers.
    public let truth: String
    /// What is predicted, in the same words.
    public let prediction: String
    /// How wrong that is: −ln p of the true class, of labels the sum of −ln p of what is true of each, of numbers the squared error.
    public let badness: Double
  }

  /// Evaluates a model.
  ///
  /// - Parameters:
  ///   - data: a CSV file with the columns of the training data; nil for the test data of the run, or its validation data if it has
  ///     none.
  ///   - worst: how many of the worst samples are told.
  /// - Throws: `InputError`, `ConfigurationError` or `RunError`.
  public init(_ stored: StoredModel, data: String?, _ options: Run.Options, worst count: Int = 5) throws {
    let configuration = try stored.configuration()
    let model = stored.model
    let subset: Subset
    let part: String
    if let data {
      subset = Subset(try configuration.dataset.table(of: data, model.schema, targets: configuration.targetKind))
      part = "samples of \(data)"
    } else {
      let prepared = try configuration.loadData()
      guard let found = prepared.test ?? prepared.validation else {
        throw InputError(
          file: stored.name, "the run has no test data and no validation data; --data FILE names a file to evaluate")
      }
      subset = found
      part = prepared.test == nil ? "validation samples" : "test samples"
    }
    guard subset.count > 0 else { throw InputError(file: data ?? stored.name, "there are no samples to evaluate") }
    subject = "\(subset.count) \(part)"
    let inference = try stored.inference(options)
    let measures = configuration.allMeasures(for: subset, model.schema)
    let evaluation = measures.truth(of: inference.evaluate(subset))
    summary = EvaluationSummary(evaluation, measures, threshold: model.decision.threshold)
    names = measures.names
    worst = Self.worst(count, evaluation, measures, subset, threshold: model.decision.threshold)
  }

  private static func worst(
    _ count: Int, _ evaluation: Evaluation, _ measures: Measures, _ subset: Subset, threshold: Float
  ) -> [Sample] {
    let predictions = evaluation.predictions
    let columns = predictions.columns
    let badness = evaluation.badness
    let order = badness.indices.sorted { badness[$0] == badness[$1] ? $0 < $1 : badness[$0] > badness[$1] }
    let classes =
      Predictions(outputs: predictions.outputs, columns: columns, threshold: threshold).classes()
    func numbers(_ values: [Float], _ sample: Int) -> String {
      values[sample * columns..<(sample + 1) * columns].map(\.description).joined(separator: ", ")
    }
    func labels(_ sample: Int, _ isTrue: (Int) -> Bool) -> String {
      let names = measures.names.indices.filter(isTrue).map { measures.names[$0] }
      return names.isEmpty ? "none" : names.joined(separator: ", ")
    }
    return order.prefix(count).map { sample in
      let (truth, prediction): (String, String) =
        switch evaluation.truth {
        case .labels(let labels): (measures.names[Int(labels[sample])], measures.names[Int(classes[sample])])
        case .labelSets(let values, _):
          (
            labels(sample) { values[sample * columns + $0] == 1 },
            labels(sample) { predictions.outputs[sample * columns + $0] > threshold }
          )
        case .values(let values, _): (numbers(values, sample), numbers(predictions.outputs, sample))
        }
      return Sample(
        row: Int(subset.rows[sample]) + 1, truth: truth, prediction: prediction, badness: badness[sample])
    }
  }
}

extension Evaluation {
  /// How wrong the prediction of each sample is.
  fileprivate var badness: [Double] {
    let columns = predictions.columns
    func cost(_ p: Float, _ isTrue: Bool) -> Double { -log(max(Double(isTrue ? p : 1 - p), 1e-45)) }
    switch truth {
    case .labels(let labels):
      return labels.indices.map { sample in
        columns == 1
          ? cost(predictions.outputs[sample], labels[sample] == 1)
          : cost(predictions.outputs[sample * columns + Int(labels[sample])], true)
      }
    case .labelSets(let values, _):
      return (0..<predictions.count).map { sample in
        (sample * columns..<(sample + 1) * columns).reduce(0.0) {
          $0 + cost(predictions.outputs[$1], values[$1] == 1)
        }
      }
    case .values(let values, _):
      return (0..<predictions.count).map { sample in
        (sample * columns..<(sample + 1) * columns).reduce(0.0) {
          let error = Double(predictions.outputs[$1]) - Double(values[$1])
          return $0 + error * error
        }
      }
    }
  }
}

extension RunConfiguration {
  /// All metrics that can be computed for some samples; those of single classes and tops as the configuration names them.
  fileprivate func allMeasures(for subset: Subset, _ schema: SampleSchema) -> Measures {
    let truth = truth(classes: schema.classes, of: [subset])
    let names = truth == .values ? [] : schema.classes ?? schema.targetNames
    let all = MetricKind.allCases.filter { $0.metric.takes.contains(truth) }.map { RequestedMetric.kind($0) }
    let asked = (metrics ?? []).filter { !all.contains($0) && $0.takes.contains(truth) }
    return Measures(metrics: all + asked, truth: truth, names: names)
  }
}

extension ModelEvaluation {
  /// The same as JSON: what `summary.json` says of a part of the data, with all metrics, and `worst`.
  public var json: JSONValue {
    guard case .object(var members) = summary.json(names: names) else { return .null }
    members["subject"] = .string(subject)
    members["worst"] = .array(
      worst.map {
        .object([
          "row": .integer($0.row), "truth": .string($0.truth), "prediction": .string($0.prediction),
          "badness": .number($0.badness),
        ])
      })
    return .object(members)
  }
}
