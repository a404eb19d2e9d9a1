/// The scaled exponential linear unit g(z) = λ z where z > 0, else λ α (eᶻ − 1); g'(z) = λ where z > 0, else λ α eᶻ = a + λ α
/// (Klambauer, Unterthiner, Mayr and Hochreiter, 2017). λ = 1.0507… and α = 1.6732… make outputs of mean 0 and variance 1 from such
/// inputs.
@frozen
public struct SELU: ActivationFormula {
  @_transparent
  public init() {}

  /// g(z)
  @_transparent
  public func value(_ z: Vector) -> Vector {
    let e = expm1(z.replacing(with: Vector(), where: z .> Vector()))
    return (z * 1.050_700_987).replacing(with: e * 1.758_099_341, where: z .< Vector())
  }

  /// δ g'(z) from a: a is greater than 0 exactly where z is.
  @_transparent
  public func delta(_ delta: Vector, _ a: Vector) -> Vector {
    delta * (a + 1.758_099_341).replacing(with: 1.050_700_987, where: a .> Vector())
  }
}
