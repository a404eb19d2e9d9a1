/// The leaky rectified linear unit g(z) = z where z > 0, else s z; g'(z) = 1 where z > 0, else s. s ≥ 0, so that a is
/// greater than 0 exactly where z is.
public enum LeakyReLU {
  /// g(z)
  @_transparent
  public static func value(_ z: Vector, _ slope: Float) -> Vector {
    z.replacing(with: z * slope, where: z .< Vector())
  }

  /// δ g'(z) from a.
  @_transparent
  public static func delta(_ delta: Vector, _ a: Vector, _ slope: Float) -> Vector {
    (delta * slope).replacing(with: delta, where: a .> Vector())
  }
}
