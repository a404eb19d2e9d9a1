/// Precision, recall or F₁: of two classes those of the second, the positive one; of several the mean over the classes that
/// occur, in truth or in predictions, as scikit-learn's averages `binary` and `macro`; or weighted by the samples of each. Where samples have
/// several labels, the mean over these.
public struct ClassShare: Metric {
  /// What is measured of each class.
  public enum Kind: String, CaseIterable, Sendable {
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
      : "\(what): of two classes of the second one, of several, or of several labels, the mean"
  }
  public var takes: Set<TruthKind> { [.labels, .labelSets] }
  public var direction: MetricDirection { .maximize }
  public var isShare: Bool { true }

  public func value(_ predictions: Predictions, _ truth: Truth, _ weights: SampleWeights) -> Double {
    switch truth {
    case .values: return .nan
    case .labels(let labels):
      let matrix = ConfusionMatrix(predictions, labels, weights)
      if matrix.classes == 2 && !isWeightedBySupport { return kind.share(of: 1, matrix) }
      let present = (0..<matrix.classes).filter { matrix.support($0) + matrix.predicted($0) > 0 }
      return mean(present.map { (kind.share(of: $0, matrix), matrix.support($0)) })
    case .labelSets(let values, let columns):
      return mean(
        (0..<columns).map { label in
          let matrix = ConfusionMatrix(ofLabel: label, predictions, values, weights)
          return (kind.share(of: 1, matrix), matrix.support(1))
        })
    }
  }

  /// The mean over classes or labels; where none has samples, each counts the same, as in scikit-learn.
  private func mean(_ shares: [(share: Double, support: Double)]) -> Double {
    let isWeighted = isWeightedBySupport && shares.contains { $0.support > 0 }
    func weight(_ support: Double) -> Double { isWeighted ? support : 1 }
    return shares.reduce(0.0) { $0 + weight($1.support) * $1.share } / shares.reduce(0.0) { $0 + weight($1.support) }
  }
}

extension ClassShare.Kind {
  /// The share of one class.
  func share(of label: Int, _ matrix: ConfusionMatrix) -> Double {
    switch self {
    case .precision: matrix.precision(label)
    case .recall: matrix.recall(label)
    case .f1: matrix.f1(label)
    }
  }
}

/// Precision, recall or F₁ of one class or label.
public struct ShareOfClass: Metric {
  private let kind: ClassShare.Kind
  private let label: Int

  /// The function for the class or label with a number.
  public init(_ kind: ClassShare.Kind, label: Int) {
    self.kind = kind
    self.label = label
  }

  public var help: String { "\(kind.rawValue) of one class" }
  public var takes: Set<TruthKind> { [.labels, .labelSets] }
  public var direction: MetricDirection { .maximize }
  public var isShare: Bool { true }

  public func value(_ predictions: Predictions, _ truth: Truth, _ weights: SampleWeights) -> Double {
    switch truth {
    case .values: .nan
    case .labels(let labels): kind.share(of: label, ConfusionMatrix(predictions, labels, weights))
    case .labelSets(let values, _):
      kind.share(of: 1, ConfusionMatrix(ofLabel: label, predictions, values, weights))
    }
  }
}
