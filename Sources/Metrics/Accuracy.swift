/// The share of samples whose class is the label: |{i : cᵢ = yᵢ}| / n, with the classes cᵢ of `Predictions.classes()`.
public struct Accuracy: Metric {
  public var help: String { "the share of samples whose predicted class is the label" }
  public var needs: TruthKind { .labels }
  public var direction: MetricDirection { .maximize }
  public var isShare: Bool { true }

  /// The function.
  public init() {}

  public func value(_ predictions: Predictions, _ truth: Truth) -> Double {
    guard case .labels(let labels) = truth else { return .nan }
    var correct = 0
    for (found, label) in zip(predictions.classes(), labels) where found == label { correct += 1 }
    return Double(correct) / Double(labels.count)
  }
}
