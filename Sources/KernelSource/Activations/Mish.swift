/// g(z) = z tanh(ln(1 + eᶻ)) (Misra, 2020), g'(z) = T + z (1 − T²) σ(z) with T = tanh(ln(1 + eᶻ)).
///
/// T = n / d with n = e (e + 2), d = n + 2 for e = eᶻ, z < 0, and n = 1 + 2 e, d = n + 2 e² for e = e⁻ᶻ, z ≥ 0: one exponential, and
/// nothing overflows. It is not monotonic: the derivative takes z.
@frozen
public struct Mish: ActivationFormula {
  @_transparent
  public init() {}

  /// g(z)
  @_transparent
  public func value(_ z: Vector) -> Vector {
    let isNegative = z .< Vector()
    let e = exp(negativeMagnitude(z))
    let n = fma(e, Vector(repeating: 2), Vector(repeating: 1)).replacing(with: e * (e + 2), where: isNegative)
    let d = fma(e * 2, e, n).replacing(with: n + 2, where: isNegative)
    // Far below 0 eᶻ is 0; −∞ · 0 would be NaN.
    let limited = z.replacing(with: -110, where: z .< Vector(repeating: -110))
    return limited * (n / d)
  }

  /// δ g'(z) from z: (1 − T²) σ(z) = 4 e (1 + e) / d² for z < 0, and 4 e² (1 + e) / d² for z ≥ 0.
  @_transparent
  public func delta(_ delta: Vector, _ z: Vector) -> Vector {
    let isNegative = z .< Vector()
    let t = limitedMagnitude(z, Vector(repeating: 110))
    let e = exp(-t)
    let n = fma(e, Vector(repeating: 2), Vector(repeating: 1)).replacing(with: e * (e + 2), where: isNegative)
    let d = fma(e * 2, e, n).replacing(with: n + 2, where: isNegative)
    let factor = (e * e).replacing(with: -e, where: isNegative)
    let r = 1 / d
    return delta * (fma(t * 4 * factor * (e + 1), r, n) * r)
  }
}
