/// The logistic function g(z) = σ(z) = 1 / (1 + e⁻ᶻ), g'(z) = a (1 − a).
@frozen
public struct Sigmoid: ActivationFormula {
  @_transparent
  public init() {}

  /// g(z)
  @_transparent
  public func value(_ z: Vector) -> Vector { KernelSource.sigmoid(z) }

  /// δ g'(z) from a.
  @_transparent
  public func delta(_ delta: Vector, _ a: Vector) -> Vector { delta * (a * (1 - a)) }
}
