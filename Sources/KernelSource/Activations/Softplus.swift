/// g(z) = ln(1 + eᶻ) = max(z, 0) + ln(1 + e^−|z|) (Dugas, Bengio, Bélisle, Nadeau and Garcia, 2001), g'(z) = σ(z) = 1 − e⁻ᵃ.
@frozen
public struct Softplus: ActivationFormula {
  @_transparent
  public init() {}

  /// g(z)
  @_transparent
  public func value(_ z: Vector) -> Vector { KernelSource.softplus(z) }

  /// δ g'(z) from a ≥ 0.
  @_transparent
  public func delta(_ delta: Vector, _ a: Vector) -> Vector { delta * -expm1(-a) }
}
