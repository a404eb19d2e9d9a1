// exp, log and what is built on them, from + − × ÷ and fused multiply-add alone: the libraries of two systems differ
// in the last bit, and these must not. The reductions and polynomials are those of S. Moshier's Cephes library
// (single precision); the error bounds, |result − exact| in units of the last place of the exact
// result, were measured over every Float against double precision.
//
// The functions are transparent because the optimizer stops honouring `@inline(__always)` at some size of the caller,
// and a copy left out of line would be compiled for the portable instruction set.

/// eˣ, within 1.02 ulp: 0 below −103.98, ∞ above 88.72, subnormal results rounded twice.
///
/// x = n ln 2 + r with |r| ≤ ½ ln 2; eʳ = 1 + r + r² P(r); the scaling by 2ⁿ is done in two steps, so that neither
/// factor leaves the range.
@_transparent
public func exp(_ x: Vector) -> Vector {
  var x = x.replacing(with: 89, where: x .> Vector(repeating: 89))
  x = x.replacing(with: -105, where: x .< Vector(repeating: -105))
  let rounder = Vector(repeating: 0x1.8p23)
  let shifted = fma(x, Vector(repeating: 1.442_695_04), rounder)
  let n = shifted - rounder
  var r = fma(n, Vector(repeating: -0.693_359_375), x)
  r = fma(n, Vector(repeating: 2.121_944_4e-4), r)
  var p = Vector(repeating: 1.987_569_15e-4)
  p = fma(p, r, Vector(repeating: 1.398_199_95e-3))
  p = fma(p, r, Vector(repeating: 8.333_451_9e-3))
  p = fma(p, r, Vector(repeating: 4.166_579_59e-2))
  p = fma(p, r, Vector(repeating: 1.666_666_55e-1))
  p = fma(p, r, Vector(repeating: 5.000_000_12e-1))
  let result = fma(p, r * r, r) + 1
  let exponent = unsafeBitCast(shifted, to: SIMD16<Int32>.self) &- unsafeBitCast(rounder, to: SIMD16<Int32>.self)
  let half = exponent &>> SIMD16<Int32>(repeating: 1)
  return result * powerOfTwo(half) * powerOfTwo(exponent &- half)
}

/// eˣ − 1 for x ≤ 0, within 1.2 ulp, without the loss of digits of `exp(x) − 1` for small x: −1 below −87.
///
/// With x = n ln 2 + r and q = eʳ − 1 as in `exp`, eˣ − 1 = 2ⁿ q + (2ⁿ − 1), of which the last is exact for n ≥ −24.
@_transparent
public func expm1(_ x: Vector) -> Vector {
  let x = x.replacing(with: -87, where: x .< Vector(repeating: -87))
  let rounder = Vector(repeating: 0x1.8p23)
  let shifted = fma(x, Vector(repeating: 1.442_695_04), rounder)
  let n = shifted - rounder
  var r = fma(n, Vector(repeating: -0.693_359_375), x)
  r = fma(n, Vector(repeating: 2.121_944_4e-4), r)
  var p = Vector(repeating: 1.987_569_15e-4)
  p = fma(p, r, Vector(repeating: 1.398_199_95e-3))
  p = fma(p, r, Vector(repeating: 8.333_451_9e-3))
  p = fma(p, r, Vector(repeating: 4.166_579_59e-2))
  p = fma(p, r, Vector(repeating: 1.666_666_55e-1))
  p = fma(p, r, Vector(repeating: 5.000_000_12e-1))
  let q = fma(p, r * r, r)
  let power = powerOfTwo(
    unsafeBitCast(shifted, to: SIMD16<Int32>.self) &- unsafeBitCast(rounder, to: SIMD16<Int32>.self))
  return fma(q, power, power - 1)
}

/// 2ⁿ for −126 ≤ n ≤ 127.
@_transparent @usableFromInline
func powerOfTwo(_ n: SIMD16<Int32>) -> Vector {
  unsafeBitCast(
    (n &+ SIMD16<Int32>(repeating: 127)) &<< SIMD16<Int32>(repeating: 23), to: Vector.self)
}

/// ln x, within 0.83 ulp: −∞ at 0, NaN below.
///
/// x = 2ᵉ m with √½ ≤ m < √2; ln x = e ln 2 + ln m, and ln m = f − ½ f² + f³ P(f) with f = m − 1.
@_transparent
public func log(_ x: Vector) -> Vector {
  // Subnormal numbers are brought into the normal range first.
  let small = x .< Vector(repeating: 0x1p-126)
  let scaled = x.replacing(with: x * 0x1p23, where: small)
  let bits = unsafeBitCast(scaled, to: SIMD16<Int32>.self)
  // m in [√½, √2): √½ has the bits 0x3F3504F3.
  let offset = bits &- SIMD16<Int32>(repeating: 0x3F35_04F3)
  let exponent = offset &>> SIMD16<Int32>(repeating: 23)
  let m = unsafeBitCast(
    bits &- (exponent &<< SIMD16<Int32>(repeating: 23)), to: Vector.self)
  let magic = Vector(repeating: 0x1.8p23)
  var e = unsafeBitCast(exponent &+ unsafeBitCast(magic, to: SIMD16<Int32>.self), to: Vector.self) - magic
  e = e.replacing(with: e - 23, where: small)
  let f = m - 1
  let square = f * f
  var p = Vector(repeating: 7.037_683_6e-2)
  p = fma(p, f, Vector(repeating: -1.151_461_03e-1))
  p = fma(p, f, Vector(repeating: 1.167_699_87e-1))
  p = fma(p, f, Vector(repeating: -1.242_014_08e-1))
  p = fma(p, f, Vector(repeating: 1.424_932_28e-1))
  p = fma(p, f, Vector(repeating: -1.666_805_77e-1))
  p = fma(p, f, Vector(repeating: 2.000_071_48e-1))
  p = fma(p, f, Vector(repeating: -2.499_999_40e-1))
  p = fma(p, f, Vector(repeating: 3.333_333_12e-1))
  var tail = p * f * square
  tail = fma(e, Vector(repeating: -2.121_944_4e-4), tail)
  tail = fma(Vector(repeating: -0.5), square, tail)
  var result = fma(e, Vector(repeating: 0.693_359_375), f + tail)
  result = result.replacing(with: x, where: x .== Vector(repeating: .infinity))
  result = result.replacing(with: -.infinity, where: x .== Vector())
  return result.replacing(with: .nan, where: (x .< Vector()) .| (x .!= x))
}

/// ln(1 + x) for x ≥ 0, within 1.26 ulp, without the loss of digits of `log(1 + x)` for small x.
///
/// With u = 1 + x as rounded, ln(1 + x) = ln u + (x − (u − 1)) / u to first order in the rounding error.
@_transparent
public func log1p(_ x: Vector) -> Vector {
  let u = x + 1
  let result = log(u) + (x - (u - 1)) / u
  return result.replacing(with: x, where: x .== Vector(repeating: .infinity))
}

/// The logistic function σ(x) = 1 / (1 + e⁻ˣ), within 2.41 ulp.
///
/// The exponential is always of −|x|, so that nothing overflows: σ(x) = e^x / (1 + e^x) for negative x.
@_transparent
public func sigmoid(_ x: Vector) -> Vector {
  let e = exp(negativeMagnitude(x))
  return Vector(repeating: 1).replacing(with: e, where: x .< Vector()) / (e + 1)
}

/// ln(1 + eˣ), the smooth maximum of x and 0, within 2 ulp: max(x, 0) + ln(1 + e^−|x|).
@_transparent
public func softplus(_ x: Vector) -> Vector {
  x.replacing(with: 0, where: x .< Vector()) + log1p(exp(negativeMagnitude(x)))
}

/// tanh x, within 1.34 ulp.
///
/// For |x| < 0.625 an odd polynomial; else 1 − 2 / (e^2|x| + 1) with the sign of x.
@_transparent
public func tanh(_ x: Vector) -> Vector {
  let magnitude = -negativeMagnitude(x)
  let square = x * x
  var p = Vector(repeating: -5.704_988_73e-3)
  p = fma(p, square, Vector(repeating: 2.063_908_88e-2))
  p = fma(p, square, Vector(repeating: -5.373_971_56e-2))
  p = fma(p, square, Vector(repeating: 1.333_144_22e-1))
  p = fma(p, square, Vector(repeating: -3.333_328_19e-1))
  let small = fma(p * square, magnitude, magnitude)
  let large = 1 - 2 / (exp(magnitude + magnitude) + 1)
  return withSign(of: x, large.replacing(with: small, where: magnitude .< Vector(repeating: 0.625)))
}

/// x / √(1 + (x/3)²), within 2.2 ulp: nearly x for small |x|, and never beyond ±3 (Holzmüller, Grinsztajn and Steinwart, 2024).
@_transparent
public func smoothClip(_ x: Vector) -> Vector {
  // Beyond 2²⁰ nothing changes any more, and squares stay finite.
  let magnitude = limitedMagnitude(x, Vector(repeating: 0x1p20))
  let clipped = magnitude / squareRoot(fma(magnitude * (1.0 / 9), magnitude, Vector(repeating: 1)))
  return withSign(of: x, limitedMagnitude(clipped, Vector(repeating: 3)))
}

/// The distribution function of the standard normal distribution Φ(x) = ½ erfc(−x/√2), within 6 ulp in both tails: 0 below −14.2.
///
/// Φ(x) = 1 − Φ(−x) for x ≥ 0.
@_transparent
public func normalDistribution(_ x: Vector) -> Vector {
  let t = limitedMagnitude(x, Vector(repeating: 15))
  let tail = gaussian(t) * scaledNormalTail(t)
  return (1 - tail).replacing(with: tail, where: x .< Vector())
}

/// e^(−½ t²) for 0 ≤ t ≤ 15. What t² loses by rounding is put back: far out it would be many ulps of the result.
@_transparent @usableFromInline
func gaussian(_ t: Vector) -> Vector {
  let square = t * t
  let rest = fma(t, t, -square)
  let e = exp(square * -0.5)
  return fma(e * -0.5, rest, e)
}

/// Φ(−t) e^(½ t²) = ½ erfcx(t/√2) for 0 ≤ t ≤ 15, within 4.2 ulp.
///
/// P(k) / (t + 2.5) with k = (t − 2.5) / (t + 2.5), where P is the polynomial of degree 9 with the least greatest relative
/// error, 1.6 · 10⁻⁸ (the form of M. Shepherd and J. Laframboise, 1981; fitted by
/// Tests/KernelsTests/Expected/normal_tail.py).
@_transparent @usableFromInline
func scaledNormalTail(_ t: Vector) -> Vector {
  let reciprocal = 1 / (t + 2.5)
  let k = (t - 2.5) * reciprocal
  var p = Vector(repeating: -1.577_111_834_19e-4)
  p = fma(p, k, Vector(repeating: -3.116_277_221_12e-4))
  p = fma(p, k, Vector(repeating: 6.844_286_108_39e-4))
  p = fma(p, k, Vector(repeating: 2.523_941_686_38e-3))
  p = fma(p, k, Vector(repeating: -1.600_837_800_65e-3))
  p = fma(p, k, Vector(repeating: -1.638_619_042_93e-2))
  p = fma(p, k, Vector(repeating: 9.235_876_612_37e-3))
  p = fma(p, k, Vector(repeating: 0.131_986_975_67))
  p = fma(p, k, Vector(repeating: -0.433_692_008_257))
  p = fma(p, k, Vector(repeating: 0.706_656_634_81))
  return p * reciprocal
}

/// |x|, but not more than `limit`. NaN stays NaN.
@_transparent @usableFromInline
func limitedMagnitude(_ x: Vector, _ limit: Vector) -> Vector {
  let magnitude = -negativeMagnitude(x)
  return magnitude.replacing(with: limit, where: magnitude .> limit)
}

/// −|x|
@_transparent @usableFromInline
func negativeMagnitude(_ x: Vector) -> Vector {
  unsafeBitCast(
    unsafeBitCast(x, to: SIMD16<UInt32>.self) | SIMD16<UInt32>(repeating: 0x8000_0000), to: Vector.self)
}

/// `magnitude`, which is not negative, with the sign of `x`.
@_transparent @usableFromInline
func withSign(of x: Vector, _ magnitude: Vector) -> Vector {
  let sign = unsafeBitCast(x, to: SIMD16<UInt32>.self) & SIMD16<UInt32>(repeating: 0x8000_0000)
  return unsafeBitCast(unsafeBitCast(magnitude, to: SIMD16<UInt32>.self) | sign, to: Vector.self)
}
