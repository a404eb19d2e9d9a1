import ConfigurationSchema
import Kernels

/// RMSProp (Tieleman and Hinton, 2012): steps along the gradient, divided by the root of the running mean of its square.
///
///     v = α v + (1 − α) g²
///     w = w − η g / (√v + ε)                                         μ = 0
///     u = μ u + g / (√v + ε),   w = w − η u                          with momentum
///
/// The formulas and the defaults are PyTorch's, not centred.
public struct RMSProp: UpdateRule {
  private let alpha: Double
  private let epsilon: Double
  private let momentum: Double

  /// The rule with α, ε and μ.
  public init(alpha: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0) {
    self.alpha = alpha
    self.epsilon = epsilon
    self.momentum = momentum
  }

  public static var defaultLearningRate: Double? { 0.01 }

  public init?(_ section: Section) {
    alpha = section.value(
      "alpha", .number(.from(0, below: 1)), default: 0.99,
      help: "the weight of the past in the mean of the gradient's square")
    epsilon = section.epsilon(default: 1e-8)
    momentum = section.value(
      "momentum", .number(.from(0, below: 1)), default: 0,
      help: "μ, the part of the velocity that a step keeps")
  }

  public var slots: [String] { ["secondMoment"] + (momentum > 0 ? ["velocity"] : []) }

  public func update(step: Int, learningRate: Double, _ terms: GradientTerms) -> Update {
    let plain = RMSPropStep(
      learningRate: Float(learningRate), alpha: Float(alpha), complement: Float(1 - alpha), epsilon: Float(epsilon))
    return momentum > 0
      ? .rmspropMomentum(terms, RMSPropMomentumStep(plain, momentum: Float(momentum))) : .rmsprop(terms, plain)
  }
}
