/// A step of RMSProp (Tieleman and Hinton, 2012): along the gradient, divided by the root of the running mean of its square.
///
///     v = α v + (1 − α) g²
///     w = w − η g / (√v + ε)
@frozen
public struct RMSPropStep: StepFormula {
  @usableFromInline let learningRate: Float
  @usableFromInline let alpha: Float
  @usableFromInline let complement: Float
  @usableFromInline let epsilon: Float

  /// The coefficients as above; the complement is 1 − α, rounded once.
  @inlinable @inline(__always)
  public init(learningRate: Float, alpha: Float, complement: Float, epsilon: Float) {
    self.learningRate = learningRate
    self.alpha = alpha
    self.complement = complement
    self.epsilon = epsilon
  }

  @inlinable public static var slots: Int { @inline(__always) get { 1 } }

  /// The direction of the step; replaces the mean square.
  @_transparent @usableFromInline
  func direction(_ gradient: Vector, _ square: inout Vector) -> Vector {
    square = fma(Vector(repeating: complement), gradient * gradient, square * Vector(repeating: alpha))
    return gradient / (squareRoot(square) + Vector(repeating: epsilon))
  }

  @_transparent
  public func step(_ weights: Vector, _ gradient: Vector, _ first: inout Vector, _ second: inout Vector) -> Vector {
    fma(Vector(repeating: -learningRate), direction(gradient, &first), weights)
  }
}

/// The same with momentum: u = μ u + g / (√v + ε), w = w − η u.
@frozen
public struct RMSPropMomentumStep: StepFormula {
  @usableFromInline let plain: RMSPropStep
  @usableFromInline let momentum: Float

  /// The step `plain` with μ.
  @inlinable @inline(__always)
  public init(_ plain: RMSPropStep, momentum: Float) {
    self.plain = plain
    self.momentum = momentum
  }

  @inlinable public static var slots: Int { @inline(__always) get { 2 } }

  @_transparent
  public func step(_ weights: Vector, _ gradient: Vector, _ first: inout Vector, _ second: inout Vector) -> Vector {
    second = fma(Vector(repeating: momentum), second, plain.direction(gradient, &first))
    return fma(Vector(repeating: -plain.learningRate), second, weights)
  }
}
