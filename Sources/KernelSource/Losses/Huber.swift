/// With d = x − y: c = ½ d² where |d| ≤ δ, else δ (|d| − ½ δ); ∂c/∂x = d, but no farther from 0 than δ (Huber, 1964).
@frozen
public struct Huber: LossFormula {
  @usableFromInline let delta: Float

  /// The loss with the threshold δ > 0.
  @_transparent
  public init(_ delta: Float) { self.delta = delta }

  @_transparent
  public func cost(_ x: Vector, _ y: Vector) -> Vector {
    let size = magnitude(x - y)
    let delta = Vector(repeating: delta)
    let linear = delta * (size - delta * 0.5)
    return (size * size * 0.5).replacing(with: linear, where: size .> delta)
  }

  @_transparent
  public func derivative(_ x: Vector, _ y: Vector) -> Vector {
    let difference = x - y
    let delta = Vector(repeating: delta)
    return difference.replacing(with: delta, where: difference .> delta)
      .replacing(with: -delta, where: difference .< -delta)
  }
}
