/// The Gaussian error linear unit g(z) = z Φ(z) = ½ z erfc(−z/√2), g'(z) = Φ(z) + z φ(z), with the distribution function Φ and
/// the density φ of the standard normal distribution (Hendrycks and Gimpel, 2016); exact, not its approximation by tanh.
///
/// It is not monotonic: the derivative takes z. Both are made of Φ(−t) = e^(−½ t²) R(t), t = |z|, whose factors lose no digits in either
/// tail. Beyond t = 15, where Φ(−t) is 0, t stays 15.
@frozen
public struct GELU: ActivationFormula {
  @_transparent
  public init() {}

  /// g(z) = max(z, 0) − t Φ(−t)
  @_transparent
  public func value(_ z: Vector) -> Vector {
    let t = limitedMagnitude(z, Vector(repeating: 15))
    let tail = gaussian(t) * scaledNormalTail(t)
    return fma(-t, tail, z.replacing(with: Vector(), where: z .< Vector()))
  }

  /// δ g'(z) from z: g'(−t) = e^(−½ t²) (R(t) − t/√(2π)), and g'(t) = 1 − g'(−t).
  @_transparent
  public func delta(_ delta: Vector, _ z: Vector) -> Vector {
    let t = limitedMagnitude(z, Vector(repeating: 15))
    let slope = gaussian(t) * fma(t, Vector(repeating: -0.398_942_280), scaledNormalTail(t))
    return delta * (1 - slope).replacing(with: slope, where: z .< Vector())
  }
}
