/// A step of Adam with Nesterov's momentum (Dozat, 2016):
///
///     m = β₁ m + (1 − β₁) g,   v = β₂ v + (1 − β₂) g²
///     w = w − (gradientRate · g + momentRate · m) / (√v · root + ε)
///
/// with root = 1 / √(1 − β₂ᵗ); the two rates are η with the weights of the momenta of this step and of the next.
@frozen
public struct NadamStep: StepFormula {
  @usableFromInline let beta1: Float
  @usableFromInline let complement1: Float
  @usableFromInline let beta2: Float
  @usableFromInline let complement2: Float
  @usableFromInline let gradientRate: Float
  @usableFromInline let momentRate: Float
  @usableFromInline let root: Float
  @usableFromInline let epsilon: Float

  /// The coefficients as above; a complement is 1 − β, rounded once.
  @inlinable @inline(__always)
  public init(
    beta1: Float, complement1: Float, beta2: Float, complement2: Float, gradientRate: Float, momentRate: Float,
    root: Float, epsilon: Float
  ) {
    self.beta1 = beta1
    self.complement1 = complement1
    self.beta2 = beta2
    self.complement2 = complement2
    self.gradientRate = gradientRate
    self.momentRate = momentRate
    self.root = root
    self.epsilon = epsilon
  }

  @inlinable public static var slots: Int { @inline(__always) get { 2 } }

  /// The weights after the step; replaces the moments m and v.
  @_transparent
  public func step(_ weights: Vector, _ gradient: Vector, _ first: inout Vector, _ second: inout Vector) -> Vector {
    first = fma(Vector(repeating: complement1), gradient, first * Vector(repeating: beta1))
    second = fma(Vector(repeating: complement2), gradient * gradient, second * Vector(repeating: beta2))
    let denominator = fma(squareRoot(second), Vector(repeating: root), Vector(repeating: epsilon))
    let direction = fma(Vector(repeating: gradientRate), gradient, first * Vector(repeating: momentRate))
    return weights - direction / denominator
  }
}
