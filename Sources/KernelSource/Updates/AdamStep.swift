/// A step of Adam (Kingma and Ba, 2015):
///
///     m = β₁ m + (1 − β₁) g,   v = β₂ v + (1 − β₂) g²
///     w = w − rate · m / (√v · root + ε)
///
/// with rate = η / (1 − β₁ᵗ) and root = 1 / √(1 − β₂ᵗ).
@frozen
public struct AdamStep: StepFormula {
  @usableFromInline let beta1: Float
  @usableFromInline let complement1: Float
  @usableFromInline let beta2: Float
  @usableFromInline let complement2: Float
  @usableFromInline let rate: Float
  @usableFromInline let root: Float
  @usableFromInline let epsilon: Float

  /// The coefficients as above; a complement is 1 − β, rounded once.
  @inlinable @inline(__always)
  public init(
    beta1: Float, complement1: Float, beta2: Float, complement2: Float, rate: Float, root: Float, epsilon: Float
  ) {
    self.beta1 = beta1
    self.complement1 = complement1
    self.beta2 = beta2
    self.complement2 = complement2
    self.rate = rate
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
    return fma(Vector(repeating: -rate), first / denominator, weights)
  }
}
