/// Precision, recall or F₁: of two classes those of the second, the positive one; of several the mean over the classes that
/// occur, in truth or in predictions, as scikit-learn's averages `binary` and `macro`; or weighted by the samples of each.
public struct ClassShare: Metric {
  /// What is measured of each class.
  public enum Kind: Sendable {
    /// Of what is predicted as the class, the share that is right.
    case precision
    /// Of the samples of the class, the share that is found.
    case recall
    /// The harmonic mean of both.
    case f1
  }

  private let kind: Kind
  private let isWeightedBySupport: Bool

  /// The function.
  public init(_ kind: Kind, isWeightedBySupport: Bool = false) {
    self.kind = kind
    self.isWeightedBySupport = isWeightedBySupport
  }

  public var help: String {
    let what =
      switch kind {
      case .precision: "the share of the predictions of a class that are right"
      case .recall: "the share of the samples of a class that are predicted so"
      case .f1: "the harmonic mean of precision and recall"
      }
    return isWeightedBySupport
      ? "\(what), its mean over the classes weighted by their samples"
      : "\(what): of two classes of the second one, of several the mean"
  }
  public var needs: TruthKind { .labels }
  public var direction: MetricDirection { .maximize }
  public var isShare: Bool { true }

  public func value(_ predictions: Predictions, _ truth: Truth, _ weights: SampleWeights) -> Double {
    guard case .labels(let labels) = truth else { return .nan }
    let matrix = ConfusionMatrix(predictions, labels, weights)
    func share(_ label: Int) -> Double {
      switch kind {
      case .precision: matrix.precision(label)
      case .recall: matrix.recall(label)
      case .f1: matrix.f1(label)
      }
    }
    if isWeightedBySupport {
      let all = (0..<matrix.classes).reduce(0.0) { $0 + matrix.support($1) }
      return (0..<matrix.classes).reduce(0.0) { $0 + matrix.support($1) * share($1) } / all
    }
    if matrix.classes == 2 { return share(1) }
    let present = (0..<matrix.classes).filter { matrix.support($0) + matrix.predicted($0) > 0 }
    return present.reduce(0.0) { $0 + share($1) } / Double(present.count)
  }
}
