/// g(z) = z/6 + ½ between 0 and 1, g'(z) = 1/6 between them, else 0 (as PyTorch has it).
@frozen
public struct HardSigmoid: ActivationFormula {
  @_transparent
  public init() {}

  /// g(z)
  @_transparent
  public func value(_ z: Vector) -> Vector {
    let line = fma(z, Vector(repeating: 1 / 6), Vector(repeating: 0.5))
    let a = line.replacing(with: Vector(), where: line .< Vector())
    return a.replacing(with: 1, where: line .> Vector(repeating: 1))
  }

  /// δ g'(z) from a.
  @_transparent
  public func delta(_ delta: Vector, _ a: Vector) -> Vector {
    Vector().replacing(with: delta * (1 / 6), where: (a .> Vector()) .& (a .< Vector(repeating: 1)))
  }
}
