/// The negative logarithm of the probability of y events at the rate eˣ, without its constant ln y!: c = eˣ − y x,
/// ∂c/∂x = eˣ − y.
@frozen
public struct Poisson: LossFormula {
  @_transparent
  public init() {}

  @_transparent
  public func cost(_ x: Vector, _ y: Vector) -> Vector { fma(-y, x, KernelSource.exp(x)) }

  @_transparent
  public func derivative(_ x: Vector, _ y: Vector) -> Vector { KernelSource.exp(x) - y }
}
