import ConfigurationSchema
import Kernels

/// Adam (Kingma and Ba, 2015): steps along the running mean of the gradient, divided by the root of the running mean of
/// its square.
///
///     g = ∂C̄/∂w + λ w
///     m = β₁ m + (1 − β₁) g,   v = β₂ v + (1 − β₂) g²
///     w = w − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
///
/// t is the number of the step from 1. The formula and the defaults are PyTorch's.
public struct Adam: UpdateRule, Equatable {
  private let learningRate: Double
  private let beta1: Double
  private let beta2: Double
  private let epsilon: Double
  private let l2: Double

  /// The rule with η, β₁, β₂, ε and λ.
  public init(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, l2: Double = 0
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.l2 = l2
  }

  /// The keys of the optimizer; nil after reporting issues.
  init?(_ section: Section) {
    let learningRate = section.value(
      "learningRate", .float(.positive), default: 0.001, help: "η, the length of a step")
    func beta(_ key: String, _ standard: Double, _ what: String) -> Double {
      section.value(
        key, .number(.from(0, below: 1)), default: standard, help: "the weight of the past in the mean \(what)")
    }
    let (beta1, beta2) = (beta("beta1", 0.9, "of the gradient"), beta("beta2", 0.999, "of its square"))
    let epsilon = section.value(
      "epsilon", .float(.positive), default: 1e-8, help: "what is added to the root of the mean square")
    self.init(learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, l2: section.l2)
  }

  public var slots: [String] { ["firstMoment", "secondMoment"] }

  public func learningRate(step: Int) -> Double { learningRate }

  public func update(step: Int, scale: Float, isRegularized: Bool) -> Update {
    // Powers by squaring, because the libraries' differ in the last bit between systems.
    let correction1 = 1 - power(beta1, step + 1)
    let correction2 = 1 - power(beta2, step + 1)
    return .adam(
      AdamStep(
        scale: scale, l2: isRegularized ? Float(l2) : 0, beta1: Float(beta1), complement1: Float(1 - beta1),
        beta2: Float(beta2), complement2: Float(1 - beta2),
        rate: Float(learningRate / correction1), root: Float(1 / correction2.squareRoot()), epsilon: Float(epsilon)))
  }
}

/// base to the power of a whole exponent from 0 on, by squaring.
private func power(_ base: Double, _ exponent: Int) -> Double {
  var (result, square, rest) = (1.0, base, exponent)
  while rest > 0 {
    if rest & 1 == 1 { result *= square }
    square *= square
    rest >>= 1
  }
  return result
}
