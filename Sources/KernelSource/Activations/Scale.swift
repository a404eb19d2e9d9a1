/// g(z) = s z, g'(z) = s.
@frozen
public struct Scale: ActivationFormula {
  @usableFromInline let factor: Vector

  /// The factor s.
  @_transparent
  public init(_ factor: Float) { self.factor = Vector(repeating: factor) }

  /// g(z)
  @_transparent
  public func value(_ z: Vector) -> Vector { z * factor }

  /// δ g'(z), which depends on neither z nor a.
  @_transparent
  public func delta(_ delta: Vector, _ a: Vector) -> Vector { delta * factor }
}
