/// A step of gradient descent on a mean cost with L2 regularization:
///
///     g = gradientSum · scale,   g = λ w + g,   w = w − η g
@frozen
public struct GradientDescent: Sendable {
  @usableFromInline let scale: Float
  @usableFromInline let l2: Float
  @usableFromInline let learningRate: Float

  /// - Parameters:
  ///   - scale: 1 / samples of the mini-batch.
  ///   - l2: λ
  ///   - learningRate: η
  @inlinable @inline(__always)
  public init(scale: Float, l2: Float, learningRate: Float) {
    self.scale = scale
    self.l2 = l2
    self.learningRate = learningRate
  }

  /// The weights after the step.
  @_transparent @usableFromInline
  func step(_ weights: Vector, _ gradientSum: Vector) -> Vector {
    let gradient = fma(Vector(repeating: l2), weights, gradientSum * Vector(repeating: scale))
    return fma(Vector(repeating: -learningRate), gradient, weights)
  }
}
