import ConfigurationSchema
import Kernels

/// Stochastic gradient descent, with momentum where μ > 0.
///
///     w = w − η g                                                   μ = 0
///     v = μ v + g,   w = w − η v                                    momentum (Polyak, 1964)
///     v = μ v + g,   w = w − η (g + μ v)                            Nesterov's (Sutskever et al., 2013)
///
/// g is the gradient of the mean cost of the mini-batch with its penalties; v starts at 0. The formulas are PyTorch's, with no
/// dampening.
public struct SGD: UpdateRule {
  private let momentum: Double
  private let isNesterov: Bool

  /// The rule with μ.
  public init(momentum: Double = 0, isNesterov: Bool = false) {
    precondition(!isNesterov || momentum > 0, "Nesterov's momentum is one")
    self.momentum = momentum
    self.isNesterov = isNesterov
  }

  public static var defaultLearningRate: Double? { nil }

  public init?(_ section: Section) {
    let momentum = section.value(
      "momentum", .number(.from(0, below: 1)), default: 0,
      help: "μ, the part of the velocity that a step keeps")
    let isNesterov = section.value(
      "nesterov", .bool, default: false, help: "whether the step looks ahead along the velocity")
    if isNesterov && momentum == 0 {
      section.report("nesterov", "needs a momentum greater than 0")
      return nil
    }
    self.init(momentum: momentum, isNesterov: isNesterov)
  }

  public var slots: [String] { momentum > 0 ? ["velocity"] : [] }

  public func update(step: Int, learningRate: Double, _ terms: GradientTerms) -> Update {
    let (rate, momentum) = (Float(learningRate), Float(momentum))
    if momentum == 0 {
      return terms.arePlain
        ? .gradientDescent(GradientDescent(terms, learningRate: rate))
        : .descent(terms, DescentStep(learningRate: rate))
    }
    return isNesterov
      ? .nesterov(terms, NesterovStep(learningRate: rate, momentum: momentum))
      : .momentum(terms, MomentumStep(learningRate: rate, momentum: momentum))
  }
}
