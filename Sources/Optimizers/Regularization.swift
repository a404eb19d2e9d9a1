import ConfigurationSchema
import Kernels

/// What keeps parameters small, whatever the rule:
///
///     g = ∂C̄/∂w + λ₂ w + λ₁ sign(w)       l2 and l1, penalties (λ₂/2) Σ w² and λ₁ Σ |w| of the mean cost C̄
///     w = w (1 − η λ)                      weightDecay, before the step and apart from the gradient
///
/// Each is of weights alone, or of all parameters. The decoupled decay is that of Loshchilov and Hutter (2019); both
/// penalties are of the weights before it.
public struct Regularization: Sendable, Equatable {
  /// λ₁
  public let l1: Double
  /// λ₂
  public let l2: Double
  /// λ
  public let weightDecay: Double
  /// Whether biases, and scales and shifts of norms, are treated as weights are.
  public let decaysBiases: Bool

  /// Nothing, unless given.
  public init(l1: Double = 0, l2: Double = 0, weightDecay: Double = 0, decaysBiases: Bool = false) {
    self.l1 = l1
    self.l2 = l2
    self.weightDecay = weightDecay
    self.decaysBiases = decaysBiases
  }

  /// The keys among those of an optimizer.
  ///
  /// - Parameter standard: the default of `weightDecay`.
  init(_ section: Section, weightDecay standard: Double) {
    l1 = section.value(
      "l1", .float(.nonNegative), default: 0, help: "λ₁, which adds λ₁ Σ |w| over the weights to the loss")
    l2 = section.value(
      "l2", .float(.nonNegative), default: 0, help: "λ, which adds (λ/2) Σ w² over the weights to the loss")
    weightDecay = section.value(
      "weightDecay", .float(.nonNegative), default: standard,
      help: "λ of the decay apart from the gradient: before each step the weights are multiplied by 1 − η λ")
    decaysBiases = section.value(
      "decayBiases", .bool, default: false,
      help: "whether `l1`, `l2` and `weightDecay` are for biases too, and for scales and shifts of normalizations")
  }

  /// What a step makes of the gradient and of the parameters before its rule.
  ///
  /// - Parameters:
  ///   - scale: what the sum of the gradients is multiplied by.
  ///   - limit: the greatest magnitude of an element of the mean gradient.
  ///   - learningRate: η of the step.
  ///   - isWeight: whether the parameters are weights.
  func terms(scale: Float, limit: Float, learningRate: Double, isWeight: Bool) -> GradientTerms {
    guard isWeight || decaysBiases else { return GradientTerms(scale: scale, limit: limit) }
    return GradientTerms(
      scale: scale, l2: Float(l2), l1: Float(l1), decay: Float(1 - learningRate * weightDecay), limit: limit)
  }
}
