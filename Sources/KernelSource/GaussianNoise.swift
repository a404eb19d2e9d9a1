// Normally distributed noise, counted as masks of dropout are: one Philox block makes the numbers of two units by the method of Box
// and Muller.

/// cos and sin of 2π (w / 2³² − ⅛), for 25 bits of each word w, within 1 ulp of 1.
///
/// The two upper bits are the quadrant; the others are an angle from −π/4 to π/4, for which the polynomials are those of Cephes.
@_transparent @usableFromInline
func cosineAndSine(_ words: Words) -> (cosine: Vector, sine: Vector) {
  let quadrant = words &>> Words(repeating: 30)
  let fraction = (words &>> Words(repeating: 7)) & Words(repeating: 0x7F_FFFF)
  // 1 ≤ m < 2 has the 23 bits of the fraction: m − 1.5 is exact.
  let m = unsafeBitCast(fraction | Words(repeating: 0x3F80_0000), to: Vector.self)
  let angle = (m - 1.5) * 1.570_796_33
  let square = angle * angle
  var s = Vector(repeating: -1.951_529_59e-4)
  s = fma(s, square, Vector(repeating: 8.332_160_87e-3))
  s = fma(s, square, Vector(repeating: -1.666_665_46e-1))
  let sine = fma(s * square, angle, angle)
  var c = Vector(repeating: 2.443_315_71e-5)
  c = fma(c, square, Vector(repeating: -1.388_731_63e-3))
  c = fma(c, square, Vector(repeating: 4.166_664_57e-2))
  let cosine = fma(c * square, square, fma(square, Vector(repeating: -0.5), Vector(repeating: 1)))
  let one = Words(repeating: 1)
  let isOdd = (quadrant & one) .== one
  let two = Words(repeating: 2)
  let thirty = Words(repeating: 30)
  let sineSign = (quadrant & two) &<< thirty
  let cosineSign = ((quadrant &+ one) & two) &<< thirty
  return (
    withBits(cosineSign, of: cosine.replacing(with: sine, where: isOdd)),
    withBits(sineSign, of: sine.replacing(with: cosine, where: isOdd))
  )
}

/// `x` with the signs changed where `signs` have the upper bit.
@_transparent @usableFromInline
func withBits(_ signs: Words, of x: Vector) -> Vector {
  unsafeBitCast(unsafeBitCast(x, to: Words.self) ^ signs, to: Vector.self)
}

/// Two independent numbers of the standard normal distribution a lane from two words: √(−2 ln u) cos θ and √(−2 ln u) sin θ, with u in
/// (0, 1] of 23 bits, so that none is beyond 5.65 (Box and Muller, 1958).
@inlinable @inline(__always)
func normalNumbers(_ first: Words, _ second: Words) -> (Vector, Vector) {
  let m = unsafeBitCast((first &>> Words(repeating: 9)) | Words(repeating: 0x3F80_0000), to: Vector.self)
  let radius = squareRoot(log(2 - m) * -2)
  let (cosine, sine) = cosineAndSine(second)
  return (radius * cosine, radius * sine)
}

extension KernelSet {
  @inlinable @inline(__always)
  public static func gaussianNoise(
    rows: Int, vectors: Int, _ x: Source, _ y: Target, counter: MaskCounter, samples: UnsafePointer<Int32>, panel: Int,
    deviation: Float
  ) {
    let deviation = Vector(repeating: deviation)
    for r in 0..<rows {
      let (first, second) = counter.bits(
        sample: UInt32(bitPattern: samples[r]), panel: UInt32(truncatingIfNeeded: panel))
      let (low, high) = normalNumbers(first, second)
      let row = r &* panelWidth
      store(fma(low, deviation, load(x + row)), y + row)
      if vectors == 2 {
        let place = row &+ vectorWidth
        store(fma(high, deviation, load(x + place)), y + place)
      }
    }
  }
}
