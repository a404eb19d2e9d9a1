import ConfigurationSchema

/// The losses by their names in a configuration: what a network is trained to make small, a cost C of each sample.
///
/// Some losses are computed on the outputs a of the last layer, with δ = ∂C/∂a; those whose derivative through a certain
/// activation has a stable form where the factors have none, a − y for cross-entropy, on its logits z, with δ = ∂C/∂z.
public enum LossKind: String, Catalogue, Sendable {
  /// C = Σⱼ (aⱼ − yⱼ)²
  case squaredError
  /// C = ½ Σⱼ (aⱼ − yⱼ)²
  case halfSquaredError
  /// C = Σⱼ (aⱼ − yⱼ)² / outputs
  case meanSquaredError
  /// C = Σⱼ |aⱼ − yⱼ| / outputs
  case meanAbsoluteError
  /// C = Σⱼ h(aⱼ − yⱼ) / outputs with h(d) = ½ d² where |d| ≤ δ, else δ (|d| − ½ δ) (Huber, 1964)
  case huber
  /// C = Σⱼ (aⱼ − yⱼ ln aⱼ) with a = eᶻ
  case poisson
  /// C = −Σⱼ [yⱼ ln aⱼ + (1 − yⱼ) ln(1 − aⱼ)] with a = σ(z)
  case binaryCrossEntropy
  /// C = −Σⱼ yⱼ ln aⱼ with a = softmax(z); −ln aₗ for a true class l
  case crossEntropy
  /// C = max(0, 1 − aₗ + max_{j ≠ l} aⱼ) for the true class l (Crammer and Singer, 2001)
  case hinge

  public var help: String {
    switch self {
    case .squaredError: "Σ (a − y)² over the outputs"
    case .halfSquaredError: "½ Σ (a − y)² over the outputs"
    case .meanSquaredError: "Σ (a − y)² / outputs"
    case .meanAbsoluteError: "Σ |a − y| / outputs"
    case .huber: "the mean over the outputs of ½ (a − y)², which beyond a distance δ goes on as a straight line"
    case .poisson: "Σ (a − y ln a) over the outputs of `exponential`, which are rates of counts y"
    case .binaryCrossEntropy: "−Σ [y ln a + (1 − y) ln(1 − a)] over the outputs of `sigmoid`"
    case .crossEntropy: "−ln a of the true class, after `softmax`; −Σ y ln a where the targets are probabilities"
    case .hinge: "max(0, 1 − a of the true class + the greatest a of another), without an activation"
    }
  }

  /// What a loss compares outputs with.
  public enum Targets: Sendable {
    /// Numbers.
    case values
    /// Classes.
    case labels
    /// Classes, or a probability for each.
    case labelsOrDistributions
    /// Either.
    case labelsOrValues
  }

  /// What the loss compares outputs with.
  public var targets: Targets {
    switch self {
    case .squaredError, .halfSquaredError, .meanSquaredError, .meanAbsoluteError, .huber, .poisson: .values
    case .binaryCrossEntropy: .labelsOrValues
    case .crossEntropy: .labelsOrDistributions
    case .hinge: .labels
    }
  }

  /// The range that numbers as targets have to be in; nil if any will do.
  public var targetRange: ClosedRange<Float>? {
    switch self {
    case .binaryCrossEntropy: 0...1
    case .poisson: 0...Float.greatestFiniteMagnitude
    default: nil
    }
  }

  /// Whether so many outputs can tell so many classes apart: one for each, or where a single output is the probability of the
  /// second of two classes, that one.
  public func fits(outputs: Int, classes: Int) -> Bool {
    outputs == classes || self == .binaryCrossEntropy && outputs == 1 && classes == 2
  }

  /// Whether it is computed on the logits, the last layer's pre-activations.
  public var takesLogits: Bool {
    switch self {
    case .binaryCrossEntropy, .crossEntropy, .poisson: true
    default: false
    }
  }

  /// The activations of the last layer that fit.
  public var activations: [ActivationKind] {
    switch self {
    case .squaredError, .halfSquaredError, .meanSquaredError, .meanAbsoluteError, .huber: ActivationKind.allCases
    case .binaryCrossEntropy: [.sigmoid]
    case .crossEntropy: [.softmax]
    case .poisson: [.exponential]
    case .hinge: [.identity]
    }
  }
}
