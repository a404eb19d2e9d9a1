import ConfigurationSchema
import Kernels

/// AdamW (Loshchilov and Hutter, 2019): Adam whose weights decay apart from the gradient, w = w (1 − η λ) before the step.
///
/// The decay is the key `weightDecay` of every rule; here it is 0.01 unless the configuration says otherwise, as in PyTorch.
public struct AdamW: UpdateRule {
  private let adam: Adam

  /// The rule with β₁, β₂ and ε.
  public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8) {
    adam = Adam(beta1: beta1, beta2: beta2, epsilon: epsilon)
  }

  public static var defaultLearningRate: Double? { 0.001 }
  public static var defaultWeightDecay: Double { 0.01 }

  public init?(_ section: Section) {
    guard let adam = Adam(section) else { return nil }
    self.adam = adam
  }

  public var slots: [String] { adam.slots }

  public func update(step: Int, learningRate: Double, _ terms: GradientTerms) -> Update {
    adam.update(step: step, learningRate: learningRate, terms)
  }
}
