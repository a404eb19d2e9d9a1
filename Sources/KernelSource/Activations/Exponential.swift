/// g(z) = eᶻ, g'(z) = a
extension Exponential: ActivationFormula {
  @_transparent
  public func delta(_ delta: Vector, _ a: Vector) -> Vector { delta * a }
}
