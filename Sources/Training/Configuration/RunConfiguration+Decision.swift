import ConfigurationSchema
import DataParallel
import Datasets
import Metrics
import NeuralNetworks

extension RunConfiguration {
  private static let decisionPath = ConfigurationPath.root.appending(key: "decision")

  /// Checks that a decision has what it needs: probabilities, and validation data to be fitted to.
  static func check(
    _ decision: DecisionConfiguration?, _ dataset: DatasetConfiguration?, _ network: NetworkConfiguration?,
    _ issues: IssueCollector
  ) {
    guard let decision else { return }
    if let loss = network?.loss.kind, loss.probabilities == nil {
      if decision.calibration != .none {
        issues.report(
          decisionPath.appending(key: "calibration"),
          "must be none with the loss \(loss.rawValue); crossEntropy and binaryCrossEntropy have probabilities")
      }
      if decision.threshold != nil {
        issues.report(
          decisionPath.appending(key: "threshold"),
          "must be absent with the loss \(loss.rawValue); crossEntropy and binaryCrossEntropy have probabilities")
      }
    }
    if let dataset, dataset.validation == nil, decision.needsValidation {
      issues.report(decisionPath, "needs a 'dataset.validation' to be fitted to, and there is none")
    }
  }

  /// Checks what only the data can tell: whether there are classes, and two of them for a threshold.
  func checkDecision(_ data: PreparedData, _ issues: IssueCollector) {
    guard let decision, decision.calibration != .none || decision.threshold != nil else { return }
    let measures = measures(for: data)
    let path = Self.decisionPath.appending(key: "threshold")
    switch measures.truth {
    case .values:
      issues.report(
        Self.decisionPath, "needs classes or labels to predict, and the data has \(measures.truth.words)")
    case .labelSets:
      if decision.threshold?.isFitted == true {
        issues.report(path, "must be a number where samples have several labels")
      }
    case .labels:
      if decision.threshold != nil && measures.names.count != 2 {
        issues.report(path, "needs two classes, and the data has \(measures.names.count)")
      }
    }
  }
}

extension LossKind {
  /// How the probabilities of classes are made of logits; nil where outputs are no probabilities.
  fileprivate var probabilities: ProbabilityFunction? {
    switch self {
    case .crossEntropy: .softmax
    case .binaryCrossEntropy: .sigmoid
    default: nil
    }
  }
}

extension DecisionConfiguration {
  /// Fits the decision to the validation data.
  ///
  /// - Parameter evaluate: what a network predicts for them.
  func decision(_ loss: LossKind, _ evaluate: (Network.Outputs) -> Evaluation?) -> Decision {
    var temperature: Float = 1
    if calibration == .temperature, let function = loss.probabilities, let evaluation = evaluate(.logits) {
      temperature = Float(Temperature.fit(evaluation.predictions, function, evaluation.truth, evaluation.weights))
    }
    guard let threshold else { return Decision(temperature: temperature) }
    if case .fixed(let value) = threshold { return Decision(temperature: temperature, threshold: Float(value)) }
    guard let evaluation = evaluate(.activations(temperature: temperature)), case .labels(let labels) = evaluation.truth
    else { return Decision(temperature: temperature) }
    return Decision(
      temperature: temperature,
      threshold: Threshold.fit(threshold, evaluation.predictions, labels, evaluation.weights))
  }
}
