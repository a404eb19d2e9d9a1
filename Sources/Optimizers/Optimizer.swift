import Kernels

/// A rule that makes a step of the parameters out of the gradient.
///
/// A rule works on any range of the flat parameter vector at a time, so that the worker who has computed a part of the
/// gradient can apply it while it is in the cache. A rule with state of its own keeps it in vectors of the same layout.
public protocol Optimizer: Sendable {
  /// Updates some parameters.
  ///
  /// - Parameters:
  ///   - parameters: a range of the parameter vector.
  ///   - gradientSum: the gradient of the same parameters, summed over the samples of the mini-batch.
  ///   - samples: samples of the mini-batch; the mean gradient is `gradientSum` · (1 / samples).
  ///   - regularized: whether these are weights, which L2 applies to, or biases.
  func update(
    _ kernels: Kernels, parameters: FloatSlice, gradientSum: FloatSlice, samples: Int, regularized: Bool)

  /// The same step, if it is one of gradient descent: the product that sums a gradient can take it at once.
  func descent(samples: Int, regularized: Bool) -> GradientDescent?

  /// η of the current step.
  var learningRate: Float { get }
}
