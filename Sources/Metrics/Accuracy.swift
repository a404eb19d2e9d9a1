/// The share of samples whose class is the label: |{i : cᵢ = yᵢ}| / n, with the classes cᵢ of `Predictions.classes()`; where samples have
/// several labels, the share of those of which all are predicted right.
public struct Accuracy: Metric {
  public var help: String { "the share of samples whose predicted class is the label" }
  public var takes: Set<TruthKind> { [.labels, .labelSets] }
  public var direction: MetricDirection { .maximize }
  public var isShare: Bool { true }

  /// The function.
  public init() {}

  public func value(_ predictions: Predictions, _ truth: Truth, _ weights: SampleWeights) -> Double {
    if case .labelSets(let values, _) = truth {
      return weights.mean(predictions.count) { predictions.wrongLabels($0, values) == 0 ? 1 : 0 }
    }
    guard case .labels(let labels) = truth else { return .nan }
    let classes = predictions.classes()
    return weights.mean(labels.count) { classes[$0] == labels[$0] ? 1 : 0 }
  }
}
