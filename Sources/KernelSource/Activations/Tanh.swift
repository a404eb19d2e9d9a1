/// The hyperbolic tangent g(z) = tanh z, g'(z) = 1 − a².
public enum Tanh {
  /// g(z)
  @_transparent
  public static func value(_ z: Vector) -> Vector { tanh(z) }

  /// δ g'(z) from a.
  @_transparent
  public static func delta(_ delta: Vector, _ a: Vector) -> Vector { delta * fma(-a, a, Vector(repeating: 1)) }
}
