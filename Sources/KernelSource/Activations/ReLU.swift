/// The rectified linear unit g(z) = max(z, 0), g'(z) = 1 where z > 0, else 0. NaN stays NaN.
@frozen
public struct ReLU: ActivationFormula {
  @_transparent
  public init() {}

  /// g(z)
  @_transparent
  public func value(_ z: Vector) -> Vector { z.replacing(with: Vector(), where: z .< Vector()) }

  /// δ g'(z) from a: a is greater than 0 exactly where z is.
  @_transparent
  public func delta(_ delta: Vector, _ a: Vector) -> Vector {
    Vector().replacing(with: delta, where: a .> Vector())
  }
}
