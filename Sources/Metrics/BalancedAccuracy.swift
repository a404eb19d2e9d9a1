/// The mean over the classes of the share of their samples that are predicted so: what accuracy would be if all classes were of
/// one size. Classes without samples are left out.
public struct BalancedAccuracy: Metric {
  public var help: String { "the mean over the classes of the share of their samples that are predicted right" }
  public var takes: Set<TruthKind> { [.labels] }
  public var direction: MetricDirection { .maximize }
  public var isShare: Bool { true }

  /// The function.
  public init() {}

  public func value(_ predictions: Predictions, _ truth: Truth, _ weights: SampleWeights) -> Double {
    guard case .labels(let labels) = truth else { return .nan }
    let matrix = ConfusionMatrix(predictions, labels, weights)
    let present = (0..<matrix.classes).filter { matrix.support($0) > 0 }
    return present.reduce(0.0) { $0 + matrix.recall($1) } / Double(present.count)
  }
}
