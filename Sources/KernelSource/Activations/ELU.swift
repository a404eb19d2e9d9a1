/// The exponential linear unit g(z) = z where z > 0, else eᶻ − 1; g'(z) = 1 where z > 0, else eᶻ = a + 1 (Clevert,
/// Unterthiner and Hochreiter, 2016, with α = 1).
@frozen
public struct ELU: ActivationFormula {
  @_transparent
  public init() {}

  /// g(z)
  @_transparent
  public func value(_ z: Vector) -> Vector {
    let negative = z .< Vector()
    return z.replacing(with: expm1(z.replacing(with: Vector(), where: z .> Vector())), where: negative)
  }

  /// δ g'(z) from a: a is greater than 0 exactly where z is.
  @_transparent
  public func delta(_ delta: Vector, _ a: Vector) -> Vector {
    (delta * (a + 1)).replacing(with: delta, where: a .> Vector())
  }
}
