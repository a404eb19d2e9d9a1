/// A step of Adagrad (Duchi, Hazan and Singer, 2011): along the gradient, divided by the root of the sum of all its squares.
///
///     s = s + g²
///     w = w − η g / (√s + ε)
@frozen
public struct AdagradStep: StepFormula {
  @usableFromInline let learningRate: Float
  @usableFromInline let epsilon: Float

  /// The step of η and ε.
  @inlinable @inline(__always)
  public init(learningRate: Float, epsilon: Float) {
    self.learningRate = learningRate
    self.epsilon = epsilon
  }

  @inlinable public static var slots: Int { @inline(__always) get { 1 } }

  @_transparent
  public func step(_ weights: Vector, _ gradient: Vector, _ first: inout Vector, _ second: inout Vector) -> Vector {
    first = fma(gradient, gradient, first)
    let direction = gradient / (squareRoot(first) + Vector(repeating: epsilon))
    return fma(Vector(repeating: -learningRate), direction, weights)
  }
}
