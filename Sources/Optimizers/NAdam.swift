import ConfigurationSchema
import Kernels

/// NAdam (Dozat, 2016): Adam whose mean of the gradient looks ahead as Nesterov's momentum does.
///
///     μₜ = β₁ (1 − ½ · 0.96^(t ψ)),   Πₜ = μ₁ μ₂ … μₜ
///     m = β₁ m + (1 − β₁) g,   v = β₂ v + (1 − β₂) g²
///     w = w − η ((1 − μₜ) / (1 − Πₜ) · g + μₜ₊₁ / (1 − Πₜ₊₁) · m) / (√v / √(1 − β₂ᵗ) + ε)
///
/// t is the number of the step from 1. The formula and the defaults are PyTorch's; ψ is its `momentum_decay`.
public struct NAdam: UpdateRule {
  private let moments: Moments
  private let momentumDecay: Double

  /// The rule with β₁, β₂, ε and ψ.
  public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, momentumDecay: Double = 0.004) {
    moments = Moments(beta1: beta1, beta2: beta2, epsilon: epsilon)
    self.momentumDecay = momentumDecay
  }

  public static var defaultLearningRate: Double? { 0.002 }

  public init?(_ section: Section) {
    moments = Moments(section)
    momentumDecay = section.value(
      "momentumDecay", .number(.from(0, through: 1000)), default: 0.004,
      help: "ψ, how fast the momentum grows to β₁: μ = β₁ (1 − ½ · 0.96^(t ψ)) in step t")
  }

  public var slots: [String] { Moments.slots }

  public func update(step: Int, learningRate: Double, _ terms: GradientTerms) -> Update {
    let (momentum, next) = (momentum(step + 1), momentum(step + 2))
    let product = productOfMomenta(step + 1)
    let (beta1, beta2) = (moments.beta1, moments.beta2)
    return .nadam(
      terms,
      NadamStep(
        beta1: Float(beta1), complement1: Float(1 - beta1), beta2: Float(beta2), complement2: Float(1 - beta2),
        gradientRate: Float(learningRate * (1 - momentum) / (1 - product)),
        momentRate: Float(learningRate * next / (1 - product * next)),
        root: Float(moments.root(step: step)), epsilon: Float(moments.epsilon)))
  }

  /// 0.96^ψ
  private var ratio: Double { exponential(momentumDecay * -0.040821994520255166) }

  /// μₜ
  private func momentum(_ t: Int) -> Double { moments.beta1 * (1 - 0.5 * power(ratio, t)) }

  /// Πₜ = β₁ᵗ Π (1 − ½ qⁱ) with q = 0.96^ψ, in a time that hardly grows with t:
  ///
  ///     ln Π (1 − ½ qⁱ) = −Σₖ ½ᵏ / k · (qᵏ + q²ᵏ + … + qᵗᵏ)
  func productOfMomenta(_ t: Int) -> Double {
    let start = power(moments.beta1, t)
    guard start > 1e-20 else { return 0 }
    var (sum, half, ratioOfTerm) = (0.0, 1.0, 1.0)
    for k in 1...60 {
      half *= 0.5
      ratioOfTerm *= ratio
      sum += half / Double(k) * ratioOfTerm * geometricSum(ratioOfTerm, t)
    }
    return start * exponential(-sum)
  }
}
