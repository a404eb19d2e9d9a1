// Dropout: random bits by Philox4x32-10 for sixteen units of a sample at a time, one block of 128 bits for each pair of a
// panel's vectors. `RandomStream` in Kernels is the same generator for single numbers.

/// The random numbers of a mask: the key, and the parts of the counter that all elements share.
@frozen
public struct MaskCounter: Sendable {
  @usableFromInline let key: (UInt32, UInt32)
  @usableFromInline let stream: UInt32
  @usableFromInline let purpose: UInt32

  /// - Parameters:
  ///   - stream: counts epochs.
  ///   - purpose: what the numbers are for, and the layer.
  @inlinable
  public init(key: (UInt32, UInt32), stream: UInt32, purpose: UInt32) {
    self.key = key
    self.stream = stream
    self.purpose = purpose
  }

  /// Two vectors of 32 random bits a lane, for the units of a panel: lane l of the first belongs to unit 32 panel + l, that of
  /// the second to the unit 16 further on.
  @inlinable @inline(__always)
  func bits(sample: UInt32, panel: UInt32) -> (Words, Words) {
    let lanes = Words(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    var c0 = Words(repeating: sample)
    var c1 = Words(repeating: panel &* 16) &+ lanes
    var c2 = Words(repeating: stream)
    var c3 = Words(repeating: purpose)
    var k0 = key.0
    var k1 = key.1
    for _ in 0..<10 {
      let (high0, low0) = multiplyWords(c0, 0xD251_1F53)
      let (high1, low1) = multiplyWords(c2, 0xCD9E_8D57)
      (c0, c1, c2, c3) = (high1 ^ c1 ^ Words(repeating: k0), low1, high0 ^ c3 ^ Words(repeating: k1), low0)
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return (c0, c1)
  }
}

/// Sixteen words of 32 bits.
public typealias Words = SIMD16<UInt32>

/// The upper and the lower halves of the products of sixteen words and a constant: of the even lanes, and of the odd ones.
@inlinable @inline(__always)
func multiplyWords(_ x: Words, _ factor: UInt64) -> (high: Words, low: Words) {
  let low32 = SIMD8<UInt64>(repeating: 0xFFFF_FFFF)
  let pairs = unsafeBitCast(x, to: SIMD8<UInt64>.self)
  let factors = SIMD8<UInt64>(repeating: factor)
  let thirtyTwo = SIMD8<UInt64>(repeating: 32)
  let even = (pairs & low32) &* factors
  let odd = (pairs &>> thirtyTwo) &* factors
  return (
    unsafeBitCast((even &>> thirtyTwo) | (odd & ~low32), to: Words.self),
    unsafeBitCast((even & low32) | (odd &<< thirtyTwo), to: Words.self)
  )
}

extension KernelSet {
  @inlinable @inline(__always)
  public static func dropout(
    rows: Int, vectors: Int, _ x: Source, _ y: Target, counter: MaskCounter, samples: UnsafePointer<Int32>, panel: Int,
    dropped: UInt32, scale: Float
  ) {
    let factor = Vector(repeating: scale)
    // The upper 24 bits of a word, as the random numbers in [0, 1) have them.
    let limit = Words(repeating: dropped)
    let eight = Words(repeating: 8)
    for r in 0..<rows {
      let (first, second) = counter.bits(
        sample: UInt32(bitPattern: samples[r]), panel: UInt32(truncatingIfNeeded: panel))
      let row = r &* panelWidth
      store(
        Vector().replacing(with: load(x + row) * factor, where: (first &>> eight) .>= limit), y + row)
      if vectors == 2 {
        let place = row &+ vectorWidth
        store(
          Vector().replacing(with: load(x + place) * factor, where: (second &>> eight) .>= limit), y + place)
      }
    }
  }
}
