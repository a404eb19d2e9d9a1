import ConfigurationSchema
import Kernels

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
  /// C = −Σⱼ [yⱼ ln aⱼ + (1 − yⱼ) ln(1 − aⱼ)] with a = σ(z)
  case binaryCrossEntropy
  /// C = −ln aₗ for the true class l, with a = softmax(z)
  case crossEntropy

  public var help: String {
    switch self {
    case .squaredError: "Σ (a − y)² over the outputs"
    case .halfSquaredError: "½ Σ (a − y)² over the outputs"
    case .meanSquaredError: "Σ (a − y)² / outputs"
    case .binaryCrossEntropy: "−Σ [y ln a + (1 − y) ln(1 − a)] over the outputs of `sigmoid`"
    case .crossEntropy: "−ln a of the true class, after `softmax`"
    }
  }

  /// What a loss compares outputs with.
  public enum Targets: Sendable {
    /// Numbers.
    case values
    /// Classes.
    case labels
    /// Either.
    case labelsOrValues
  }

  /// What the loss compares outputs with.
  public var targets: Targets {
    switch self {
    case .squaredError, .halfSquaredError, .meanSquaredError: .values
    case .binaryCrossEntropy: .labelsOrValues
    case .crossEntropy: .labels
    }
  }

  /// The range that numbers as targets have to be in; nil if any will do.
  public var targetRange: ClosedRange<Float>? {
    switch self {
    case .squaredError, .halfSquaredError, .meanSquaredError, .crossEntropy: nil
    case .binaryCrossEntropy: 0...1
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
    case .squaredError, .halfSquaredError, .meanSquaredError: false
    case .binaryCrossEntropy, .crossEntropy: true
    }
  }

  /// The activations of the last layer that fit.
  public var activations: [ActivationKind] {
    switch self {
    case .squaredError, .halfSquaredError, .meanSquaredError: ActivationKind.allCases
    case .binaryCrossEntropy: [.sigmoid]
    case .crossEntropy: [.softmax]
    }
  }
}

/// The cost of whole rows, and δ by the outputs or by the logits.
struct LossOfRows: Sendable {
  let kind: LossKind
  /// a or z, [samples, outputs]
  let outputs: Matrix
  /// δ, [samples, outputs]
  let delta: Matrix

  @inline(__always)
  func perform(_ context: Context, rows: Range<Int>) {
    let (kernels, outputs, delta) = (context.kernels, context[outputs], context[delta])
    switch kind {
    case .squaredError: squaredError(context, scale: 1, rows)
    case .halfSquaredError: squaredError(context, scale: 0.5, rows)
    case .meanSquaredError: squaredError(context, scale: 1 / Float(outputs.columns), rows)
    case .binaryCrossEntropy:
      kernels.binaryCrossEntropy(
        logits: outputs, targets: context.targets, delta: delta, losses: context.losses, rows: rows)
    case .crossEntropy:
      kernels.crossEntropy(
        logits: outputs, targets: context.targets, delta: delta, losses: context.losses, rows: rows)
    }
  }

  @inline(__always)
  private func squaredError(_ context: Context, scale: Float, _ rows: Range<Int>) {
    context.kernels.squaredError(
      outputs: context[outputs], targets: context.targets, scale: scale, delta: context[delta],
      losses: context.losses, rows: rows)
  }
}
