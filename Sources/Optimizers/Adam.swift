import Kernels

/// Adam (Kingma and Ba, 2015): steps along the running mean of the gradient, divided by the root of the running mean of
/// its square.
///
///     g = ∂C̄/∂w + λ w
///     m = β₁ m + (1 − β₁) g,   v = β₂ v + (1 − β₂) g²
///     w = w − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
///
/// t is the number of the step from 1. The formula and the defaults are PyTorch's.
public struct Adam: UpdateRule {
  private let learningRate: Float
  private let beta1: Double
  private let beta2: Double
  private let epsilon: Float
  private let l2: Float

  /// The rule with η, β₁, β₂, ε and λ.
  public init(
    learningRate: Float = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Float = 1e-8, l2: Float = 0
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.l2 = l2
  }

  public var slots: [String] { ["firstMoment", "secondMoment"] }

  public func learningRate(step: Int) -> Float { learningRate }

  public func update(step: Int, scale: Float, isRegularized: Bool) -> Update {
    // Powers by squaring, because the libraries' differ in the last bit between systems.
    let correction1 = 1 - power(beta1, step + 1)
    let correction2 = 1 - power(beta2, step + 1)
    return .adam(
      AdamStep(
        scale: scale, l2: isRegularized ? l2 : 0, beta1: Float(beta1), complement1: Float(1 - beta1),
        beta2: Float(beta2), complement2: Float(1 - beta2),
        rate: Float(Double(learningRate) / correction1), root: Float(1 / correction2.squareRoot()), epsilon: epsilon))
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
