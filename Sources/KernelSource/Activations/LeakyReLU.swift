/// The leaky rectified linear unit g(z) = z where z > 0, else s z; g'(z) = 1 where z > 0, else s. s ≥ 0, so that a is
/// greater than 0 exactly where z is.
@frozen
public struct LeakyReLU: ActivationFormula {
  @usableFromInline let slope: Vector

  /// The function with the slope s.
  @_transparent
  public init(_ slope: Float) { self.slope = Vector(repeating: slope) }

  /// g(z)
  @_transparent
  public func value(_ z: Vector) -> Vector {
    z.replacing(with: z * slope, where: z .< Vector())
  }

  /// δ g'(z) from a.
  @_transparent
  public func delta(_ delta: Vector, _ a: Vector) -> Vector {
    (delta * slope).replacing(with: delta, where: a .> Vector())
  }
}
