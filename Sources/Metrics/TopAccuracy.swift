/// The share of samples whose label is among the k classes with the greatest outputs, of equal ones the later ones first, as
/// scikit-learn's `top_k_accuracy_score`.
public struct TopAccuracy: Metric {
  private let k: Int

  /// The function for k classes.
  public init(_ k: Int) { self.k = k }

  public var help: String { "the share of samples whose label is among the \(k) classes with the greatest outputs" }
  public var takes: Set<TruthKind> { [.labels] }
  public var direction: MetricDirection { .maximize }
  public var isShare: Bool { true }

  public func value(_ predictions: Predictions, _ truth: Truth, _ weights: SampleWeights) -> Double {
    guard case .labels(let labels) = truth else { return .nan }
    let columns = predictions.columns
    // Fewer classes than k, or a single output for two.
    guard columns > k else { return weights.mean(labels.count) { _ in 1 } }
    return weights.mean(labels.count) { sample in
      let outputs = predictions.outputs[sample * columns..<(sample + 1) * columns]
      let own = outputs.startIndex + Int(labels[sample])
      let better = outputs.indices.count { outputs[$0] > outputs[own] || (outputs[$0] == outputs[own] && $0 > own) }
      return better < k && !outputs[own].isNaN ? 1 : 0
    }
  }
}
