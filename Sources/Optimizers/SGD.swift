import ConfigurationSchema
import Kernels

/// Plain stochastic gradient descent: w = w − η (∂C̄/∂w + λ w) with C̄ the mean cost of the mini-batch.
///
/// λ adds (λ/2) Σ w² over the weights to C̄; biases are left out.
public struct SGD: UpdateRule, Equatable {
  private let learningRate: Double
  private let l2: Double

  /// The rule with η and λ.
  public init(learningRate: Double, l2: Double = 0) {
    self.learningRate = learningRate
    self.l2 = l2
  }

  /// The keys of the optimizer; nil after reporting issues.
  init?(_ section: Section) {
    let learningRate = section.required("learningRate", .float(.positive), help: "η, the length of a step")
    let l2 = section.l2
    guard let learningRate else { return nil }
    self.init(learningRate: learningRate, l2: l2)
  }

  public var slots: [String] { [] }

  public func learningRate(step: Int) -> Double { learningRate }

  public func update(step: Int, scale: Float, isRegularized: Bool) -> Update {
    .gradientDescent(
      GradientDescent(scale: scale, l2: isRegularized ? Float(l2) : 0, learningRate: Float(learningRate)))
  }
}

extension Section {
  /// λ, a key that rules have in common.
  var l2: Double {
    value(
      "l2", .float(.nonNegative), default: 0,
      help: "λ, which adds (λ/2) Σ w² over the weights, not the biases, to the loss")
  }
}
