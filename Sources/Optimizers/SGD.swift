import Kernels

/// Plain stochastic gradient descent: w = w − η (∂C̄/∂w + λ w) with C̄ the mean cost of the mini-batch.
///
/// λ adds (λ/2) Σ w² over the weights to C̄; biases are left out.
public struct SGD: UpdateRule {
  private let learningRate: Float
  private let l2: Float

  /// The rule with η and λ.
  public init(learningRate: Float, l2: Float = 0) {
    self.learningRate = learningRate
    self.l2 = l2
  }

  public var slots: [String] { [] }

  public func learningRate(step: Int) -> Float { learningRate }

  public func update(step: Int, scale: Float, isRegularized: Bool) -> Update {
    .gradientDescent(
      GradientDescent(scale: scale, l2: isRegularized ? l2 : 0, learningRate: learningRate))
  }
}
