/// The sigmoid linear unit g(z) = z σ(z), g'(z) = σ(z) (1 + z (1 − σ(z))) (Elfwing, Uchibe and Doya, 2018; "swish").
///
/// It is not monotonic, so z cannot be told from a: the derivative takes z.
@frozen
public struct SiLU: ActivationFormula {
  @_transparent
  public init() {}

  /// g(z)
  @_transparent
  public func value(_ z: Vector) -> Vector { z * sigmoid(z) }

  /// δ g'(z) from z.
  @_transparent
  public func delta(_ delta: Vector, _ z: Vector) -> Vector {
    let s = sigmoid(z)
    return delta * (s * fma(z, 1 - s, Vector(repeating: 1)))
  }
}
