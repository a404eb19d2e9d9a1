// Functions of single numbers in Double, made of additions, multiplications and divisions alone: the libraries of two systems
// differ in the last bit.

/// base to the power of a whole exponent from 0 on, by squaring.
func power(_ base: Double, _ exponent: Int) -> Double {
  var (result, square, rest) = (1.0, base, exponent)
  while rest > 0 {
    if rest & 1 == 1 { result *= square }
    square *= square
    rest >>= 1
  }
  return result
}

/// 1 + q + q² + … + qⁿ⁻¹, by doubling, which is as exact for a q close to 1.
func geometricSum(_ q: Double, _ count: Int) -> Double {
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
func exponential(_ x: Double) -> Double {
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
