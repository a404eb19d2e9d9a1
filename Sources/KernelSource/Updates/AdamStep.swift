/// A step of Adam (Kingma and Ba, 2015) on a mean cost with L2 regularization:
///
///     g = gradientSum · scale,   g = λ w + g
///     m = β₁ m + (1 − β₁) g,   v = β₂ v + (1 − β₂) g²
///     w = w − rate · m / (√v · root + ε)
///
/// with rate = η / (1 − β₁ᵗ) and root = 1 / √(1 − β₂ᵗ).
@frozen
public struct AdamStep: Sendable {
  @usableFromInline let scale: Float
  @usableFromInline let l2: Float
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
    scale: Float, l2: Float, beta1: Float, complement1: Float, beta2: Float, complement2: Float, rate: Float,
    root: Float,
    epsilon: Float
  ) {
    self.scale = scale
    self.l2 = l2
    self.beta1 = beta1
    self.complement1 = complement1
    self.beta2 = beta2
    self.complement2 = complement2
    self.rate = rate
    self.root = root
    self.epsilon = epsilon
  }

  /// The weights after the step; replaces the moments m and v.
  @_transparent @usableFromInline
  func step(_ weights: Vector, _ gradientSum: Vector, _ m: inout Vector, _ v: inout Vector) -> Vector {
    let gradient = fma(Vector(repeating: l2), weights, gradientSum * Vector(repeating: scale))
    m = fma(Vector(repeating: complement1), gradient, m * Vector(repeating: beta1))
    v = fma(Vector(repeating: complement2), gradient * gradient, v * Vector(repeating: beta2))
    let denominator = fma(squareRoot(v), Vector(repeating: root), Vector(repeating: epsilon))
    return fma(Vector(repeating: -rate), m / denominator, weights)
  }
}
