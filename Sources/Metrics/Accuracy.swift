/// The share of samples whose class is the label: |{i : cᵢ = yᵢ}| / n, with the classes cᵢ of `Predictions.classes()`.
public struct Accuracy: Metric {
  public var help: String { "the share of samples whose predicted class is the label" }
  public var needs: TruthKind { .labels }
  public var direction: MetricDirection { .maximize }
  public var isShare: Bool { true }

  /// The function.
  public init() {}

  public func value(_ predictions: Predictions, _ truth: Truth, _ weights: SampleWeights) -> Double {
    guard case .labels(let labels) = truth else { return .nan }
    let classes = predictions.classes()
    return weights.mean(labels.count) { classes[$0] == labels[$0] ? 1 : 0 }
  }
}
