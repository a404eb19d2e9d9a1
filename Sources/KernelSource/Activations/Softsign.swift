/// g(z) = z / (1 + |z|) (Bergstra, Desjardins, Lamblin and Bengio, 2009), g'(z) = 1 / (1 + |z|)².
///
/// Its tails are long: from a = g(z), which is near ±1 there, the derivative would lose its digits, and so it takes z.
@frozen
public struct Softsign: ActivationFormula {
  @_transparent
  public init() {}

  /// g(z)
  @_transparent
  public func value(_ z: Vector) -> Vector {
    let t = limitedMagnitude(z, Vector(repeating: 0x1p127))
    return withSign(of: z, t / (t + 1))
  }

  /// δ g'(z) from z.
  @_transparent
  public func delta(_ delta: Vector, _ z: Vector) -> Vector {
    let r = 1 / (1 - negativeMagnitude(z))
    return delta * (r * r)
  }
}
