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
