import ConfigurationSchema
import Kernels

/// Adagrad (Duchi, Hazan and Singer, 2011): steps along the gradient, divided by the root of the sum of all its squares.
///
///     s = s + g²
///     w = w − η g / (√s + ε)
///
/// The formula and the defaults are PyTorch's; s starts at 0, and η falls by the schedule alone.
public struct Adagrad: UpdateRule {
  private let epsilon: Double

  /// The rule with ε.
  public init(epsilon: Double = 1e-10) { self.epsilon = epsilon }

  public static var defaultLearningRate: Double? { 0.01 }

  public init?(_ section: Section) {
    epsilon = section.value(
      "epsilon", .float(.positive), default: 1e-10, help: "what is added to the root of the sum of squares")
  }

  public var slots: [String] { ["sumOfSquares"] }

  public func update(step: Int, learningRate: Double, _ terms: GradientTerms) -> Update {
    .adagrad(terms, AdagradStep(learningRate: Float(learningRate), epsilon: Float(epsilon)))
  }
}
