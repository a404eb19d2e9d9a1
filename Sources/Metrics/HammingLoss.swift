/// The share of labels that are predicted wrong, over all samples and labels, as scikit-learn's `hamming_loss`; of classes 1 − accuracy.
public struct HammingLoss: Metric {
  public var help: String { "the share of labels that are predicted wrong" }
  public var takes: Set<TruthKind> { [.labels, .labelSets] }
  public var direction: MetricDirection { .minimize }
  public var isShare: Bool { true }

  /// The function.
  public init() {}

  public func value(_ predictions: Predictions, _ truth: Truth, _ weights: SampleWeights) -> Double {
    guard case .labelSets(let values, let columns) = truth else {
      return 1 - Accuracy().value(predictions, truth, weights)
    }
    return weights.mean(predictions.count) { Double(predictions.wrongLabels($0, values)) / Double(columns) }
  }
}

extension Predictions {
  /// Whether a label is predicted for a sample.
  func says(_ label: Int, of sample: Int) -> Bool { outputs[sample * columns + label] > threshold }

  /// How many labels of a sample are predicted wrong.
  ///
  /// - Parameter truth: 1 or 0 for each label of each sample.
  func wrongLabels(_ sample: Int, _ truth: [Float]) -> Int {
    (0..<columns).count { says($0, of: sample) != (truth[sample * columns + $0] == 1) }
  }
}
