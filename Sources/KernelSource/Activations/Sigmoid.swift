/// The logistic function g(z) = σ(z) = 1 / (1 + e⁻ᶻ), g'(z) = a (1 − a).
public enum Sigmoid {
  /// g(z)
  @_transparent
  public static func value(_ z: Vector) -> Vector { sigmoid(z) }

  /// δ g'(z) from a.
  @_transparent
  public static func delta(_ delta: Vector, _ a: Vector) -> Vector { delta * (a * (1 - a)) }
}
