import ConfigurationSchema
import Kernels

/// Adam (Kingma and Ba, 2015): steps along the running mean of the gradient, divided by the root of the running mean of
/// its square.
///
///     m = β₁ m + (1 − β₁) g,   v = β₂ v + (1 − β₂) g²
///     w = w − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
///
/// t is the number of the step from 1. The formula and the defaults are PyTorch's.
public struct Adam: UpdateRule {
  private let moments: Moments

  /// The rule with β₁, β₂ and ε.
  public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8) {
    moments = Moments(beta1: beta1, beta2: beta2, epsilon: epsilon)
  }

  public static var defaultLearningRate: Double? { 0.001 }

  public init?(_ section: Section) { moments = Moments(section) }

  public var slots: [String] { Moments.slots }

  public func update(step: Int, learningRate: Double, _ terms: GradientTerms) -> Update {
    .adam(terms, moments.adamStep(step: step, learningRate: learningRate))
  }
}

/// The running means that Adam and its kin keep: the coefficients β₁, β₂ and ε.
struct Moments: Sendable, Equatable {
  let beta1: Double
  let beta2: Double
  let epsilon: Double

  static let slots = ["firstMoment", "secondMoment"]

  init(beta1: Double, beta2: Double, epsilon: Double) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  /// The keys of the coefficients.
  init(_ section: Section) {
    func beta(_ key: String, _ standard: Double, _ what: String) -> Double {
      section.value(
        key, .number(.from(0, below: 1)), default: standard, help: "the weight of the past in the mean \(what)")
    }
    beta1 = beta("beta1", 0.9, "of the gradient")
    beta2 = beta("beta2", 0.999, "of its square")
    epsilon = section.epsilon(default: 1e-8)
  }

  /// 1 / √(1 − β₂ᵗ)
  func root(step: Int) -> Double { 1 / (1 - power(beta2, step + 1)).squareRoot() }

  func adamStep(step: Int, learningRate: Double) -> AdamStep {
    AdamStep(
      beta1: Float(beta1), complement1: Float(1 - beta1), beta2: Float(beta2), complement2: Float(1 - beta2),
      rate: Float(learningRate / (1 - power(beta1, step + 1))), root: Float(root(step: step)), epsilon: Float(epsilon))
  }
}

extension Section {
  /// ε, a key that some rules have in common.
  func epsilon(default standard: Double) -> Double {
    value(
      "epsilon", .float(.positive), default: standard, help: "what is added to the root of the mean square")
  }
}
