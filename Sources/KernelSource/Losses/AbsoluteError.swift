/// c = |x − y|, ∂c/∂x = sign(x − y), which is 0 where x = y.
@frozen
public struct AbsoluteError: LossFormula {
  @_transparent
  public init() {}

  @_transparent
  public func cost(_ x: Vector, _ y: Vector) -> Vector { magnitude(x - y) }

  @_transparent
  public func derivative(_ x: Vector, _ y: Vector) -> Vector { signum(x - y) }
}

/// |x|
@_transparent @usableFromInline
func magnitude(_ x: Vector) -> Vector { -negativeMagnitude(x) }

/// −1, 0 or 1, with the sign of x; NaN stays.
@_transparent @usableFromInline
func signum(_ x: Vector) -> Vector {
  let one = Vector(repeating: 1)
  return x.replacing(with: one, where: x .> Vector()).replacing(with: -one, where: x .< Vector())
}
