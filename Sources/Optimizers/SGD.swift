import Kernels

/// Plain stochastic gradient descent: w = w − η (∂C̄/∂w + λ w) with C̄ the mean cost of the mini-batch.
///
/// λ adds (λ/2) Σ w² over the weights to C̄; biases are left out.
public struct SGD: Optimizer {
  /// η
  public let learningRate: Float
  /// λ
  public let l2: Float

  /// The rule with η and λ.
  public init(learningRate: Float, l2: Float = 0) {
    self.learningRate = learningRate
    self.l2 = l2
  }

  public func update(
    _ kernels: Kernels, parameters: FloatSlice, gradientSum: FloatSlice, samples: Int, regularized: Bool
  ) {
    kernels.gradientDescent(weights: parameters, gradientSum: gradientSum, step(samples, regularized))
  }

  public func descent(samples: Int, regularized: Bool) -> GradientDescent? { step(samples, regularized) }

  private func step(_ samples: Int, _ regularized: Bool) -> GradientDescent {
    GradientDescent(scale: 1 / Float(samples), l2: regularized ? l2 : 0, learningRate: learningRate)
  }
}
