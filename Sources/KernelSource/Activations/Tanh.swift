/// The hyperbolic tangent g(z) = tanh z, g'(z) = 1 − a².
@frozen
public struct Tanh: ActivationFormula {
  @_transparent
  public init() {}

  /// g(z)
  @_transparent
  public func value(_ z: Vector) -> Vector { KernelSource.tanh(z) }

  /// δ g'(z) from a.
  @_transparent
  public func delta(_ delta: Vector, _ a: Vector) -> Vector { delta * fma(-a, a, Vector(repeating: 1)) }
}
