/// A step of gradient descent with momentum (Polyak, 1964): v = μ v + g, w = w − η v.
@frozen
public struct MomentumStep: StepFormula {
  @usableFromInline let learningRate: Float
  @usableFromInline let momentum: Float

  /// The step of η and μ.
  @inlinable @inline(__always)
  public init(learningRate: Float, momentum: Float) {
    self.learningRate = learningRate
    self.momentum = momentum
  }

  @inlinable public static var slots: Int { @inline(__always) get { 1 } }

  @_transparent
  public func step(_ weights: Vector, _ gradient: Vector, _ first: inout Vector, _ second: inout Vector) -> Vector {
    first = fma(Vector(repeating: momentum), first, gradient)
    return fma(Vector(repeating: -learningRate), first, weights)
  }
}

/// A step with Nesterov's momentum, which looks ahead (Sutskever et al., 2013): v = μ v + g, w = w − η (g + μ v).
@frozen
public struct NesterovStep: StepFormula {
  @usableFromInline let learningRate: Float
  @usableFromInline let momentum: Float

  /// The step of η and μ.
  @inlinable @inline(__always)
  public init(learningRate: Float, momentum: Float) {
    self.learningRate = learningRate
    self.momentum = momentum
  }

  @inlinable public static var slots: Int { @inline(__always) get { 1 } }

  @_transparent
  public func step(_ weights: Vector, _ gradient: Vector, _ first: inout Vector, _ second: inout Vector) -> Vector {
    first = fma(Vector(repeating: momentum), first, gradient)
    let direction = fma(Vector(repeating: momentum), first, gradient)
    return fma(Vector(repeating: -learningRate), direction, weights)
  }
}
