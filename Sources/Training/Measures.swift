import DataParallel
import Datasets
import Metrics
import NeuralNetworks

/// What is measured in a run: the metrics, and what targets are to them.
struct Measures: Sendable {
  /// The metrics in the order of the configuration.
  let metrics: [RequestedMetric]
  /// What the targets are.
  let truth: TruthKind
  /// The names of classes or labels; empty if the targets are numbers.
  let names: [String]

  /// An evaluation whose truth are label sets where that is what the targets are.
  func truth(of evaluation: Evaluation) -> Evaluation {
    guard truth == .labelSets, case .values(let values, let columns) = evaluation.truth else { return evaluation }
    return Evaluation(
      predictions: evaluation.predictions, truth: .labelSets(values, columns: columns), weights: evaluation.weights,
      meanLoss: evaluation.meanLoss)
  }
}

extension RunConfiguration {
  /// What is measured in a run on this data.
  func measures(for data: PreparedData) -> Measures {
    let truth = truth(of: data)
    let names = truth == .values ? [] : data.classes ?? data.schema.targetNames
    return Measures(
      metrics: metrics ?? MetricKind.defaults(for: truth, classes: names.count).map { .kind($0) }, truth: truth,
      names: names)
  }

  /// What the targets are: numbers of `binaryCrossEntropy` that are all 0 or 1 are labels of which a sample may have several.
  func truth(of data: PreparedData) -> TruthKind {
    truth(classes: data.classes, of: [data.training, data.validation, data.test].compactMap(\.self))
  }

  /// What the targets of some parts are.
  func truth(classes: [String]?, of parts: [Subset]) -> TruthKind {
    if classes != nil { return .labels }
    guard network.loss.kind == .binaryCrossEntropy else { return .values }
    return parts.allSatisfy(\.hasZerosAndOnesAlone) ? .labelSets : .values
  }
}

extension Subset {
  /// Whether all targets are 0 or 1.
  fileprivate var hasZerosAndOnesAlone: Bool {
    guard case .values(let values, let columns) = table.targets else { return false }
    return rows.allSatisfy { row in
      values[Int(row) * columns..<(Int(row) + 1) * columns].allSatisfy { $0 == 0 || $0 == 1 }
    }
  }
}
