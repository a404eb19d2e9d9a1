// Functions of single numbers in Double, made of additions, multiplications and divisions alone: the libraries of two systems
// differ in the last bit.

/// base to the power of a whole exponent from 0 on, by squaring.
public func power(_ base: Double, _ exponent: Int) -> Double {
  var (result, square, rest) = (1.0, base, exponent)
  while rest > 0 {
    if rest & 1 == 1 { result *= square }
    square *= square
    rest >>= 1
  }
  return result
}

/// 1 + q + q² + … + qⁿ⁻¹, by doubling, which is as exact for a q close to 1.
public func geometricSum(_ q: Double, _ count: Int) -> Double {
  // From the highest bit of `count` on: S(2n) = S(n) (1 + qⁿ), S(n + 1) = 1 + q S(n).
  var (sum, powerOfQ) = (0.0, 1.0)
  for bit in stride(from: Int.bitWidth - 1 - count.leadingZeroBitCount, through: 0, by: -1) {
    sum *= 1 + powerOfQ
    powerOfQ *= powerOfQ
    if count >> bit & 1 == 1 {
      sum = 1 + q * sum
      powerOfQ *= q
    }
  }
  return sum
}

/// eˣ within a few units of the last place: 2ⁿ eʳ with |r| ≤ ½ ln 2, and the Taylor series of eʳ.
public func exponential(_ x: Double) -> Double {
  guard x > -700 else { return x.isNaN ? x : 0 }
  guard x < 700 else { return .infinity }
  let n = (x * 1.4426950408889634).rounded()
  // ln 2 in two parts, of which n times the first is exact.
  let r = (x - n * 0.693147180369123816490) - n * 1.90821492927058770002e-10
  var (sum, term) = (1.0, 1.0)
  for k in 1...16 {
    term *= r / Double(k)
    sum += term
  }
  return Double(sign: .plus, exponent: Int(n), significand: sum)
}

/// base to the power of any positive exponent; whole ones are exact to the last bits.
public func power(_ base: Double, _ exponent: Double) -> Double {
  if exponent < 1e15, exponent == exponent.rounded() { return power(base, Int(exponent)) }
  return base > 0 ? exponential(exponent * logarithm(base)) : 0
}

/// ln x for a normal x > 0, within a few units of the last place: x = 2ⁿ m with m from √½ to √2, and
/// ln m = 2 (s + s³/3 + s⁵/5 + …) with s = (m − 1) / (m + 1).
public func logarithm(_ x: Double) -> Double {
  var (m, n) = (x.significand, Double(x.exponent))
  if m > 1.4142135623730951 { (m, n) = (m / 2, n + 1) }
  let s = (m - 1) / (m + 1)
  var sum = 0.0
  for k in stride(from: 25, through: 1, by: -2) { sum = sum * (s * s) + 1 / Double(k) }
  return n * 0.6931471805599453 + 2 * s * sum
}

/// cos(π x) for x from 0 to 1, within a few units of the last place: by symmetry the Taylor series of cos or of sin up to π/4.
public func cosineOfPi(_ x: Double) -> Double {
  if x > 0.5 { return -cosineOfPi(1 - x) }
  let isCosine = x <= 0.25
  let angle = (isCosine ? x : 0.5 - x) * Double.pi
  var (sum, term) = (0.0, isCosine ? 1 : angle)
  for k in stride(from: isCosine ? 1 : 2, through: 23, by: 2) {
    sum += term
    term *= -angle * angle / Double(k * (k + 1))
  }
  return sum
}
