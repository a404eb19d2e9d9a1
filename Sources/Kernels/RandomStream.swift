/// What random numbers are drawn for. The raw value is part of the counter, so a purpose keeps its numbers for ever:
/// add new cases with new values, never renumber.
public enum RandomPurpose: UInt16, Sendable {
  case initialWeights = 1
  case shuffle = 2
  case split = 3
  case syntheticData = 4
  case dropout = 5
  case gaussianNoise = 6
}

/// A counter-based source of random numbers: a pure function of (seed, purpose, stream, index).
///
/// Nothing is advanced by a call, so the value of one number does not depend on who asks for it, or when, or how many
/// others were drawn. The generator is Philox4x32-10 (Salmon, Moraes, Dror and Shaw, *Parallel random numbers: as easy
/// as 1, 2, 3*, SC 2011).
public struct RandomStream: Sendable {
  private let key: SIMD2<UInt32>
  private let stream: UInt32
  private let purpose: UInt32

  /// - Parameters:
  ///   - seed: the seed of the run.
  ///   - purpose: what the numbers are for.
  ///   - stream: a number that separates uses of one purpose: the epoch for `shuffle`, the layer for `initialWeights`.
  public init(seed: UInt64, purpose: RandomPurpose, stream: UInt32 = 0) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    self.stream = stream
    self.purpose = UInt32(purpose.rawValue)
  }

  /// 128 random bits for `index`; `attempt` gives further independent blocks to rejection methods.
  public func block(at index: UInt64, attempt: UInt16 = 0) -> SIMD4<UInt32> {
    let counter = SIMD4(
      UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32), stream,
      purpose | UInt32(attempt) << 16)
    return philox4x32(counter: counter, key: key)
  }

  /// A number in [0, 1): a multiple of 2⁻²⁴, each with the same probability.
  public func uniform(at index: UInt64) -> Float {
    Self.uniform(block(at: index)[0])
  }

  /// A number of the standard normal distribution: mean 0, variance 1 (Marsaglia's polar method).
  ///
  /// - Parameter bound: what the magnitude may be at the most; beyond it the number is drawn again.
  public func normal(at index: UInt64, within bound: Float = .infinity) -> Float {
    var attempt: UInt16 = 0
    while true {
      let bits = block(at: index, attempt: attempt)
      let u = 2 * Self.uniform(bits[0]) - 1
      let v = 2 * Self.uniform(bits[1]) - 1
      let s = u * u + v * v
      if s > 0 && s < 1 {
        let number = u * (-2 * kernelLogarithm(s) / s).squareRoot()
        if abs(number) <= bound { return number }
      }
      attempt &+= 1
    }
  }

  /// A permutation of 0 ..< count, each with the same probability but for less than count · 2⁻⁶⁴ (Fisher and Yates).
  public func permutation(count: Int) -> [Int32] {
    var order = [Int32](unsafeUninitializedCapacity: count) { buffer, initialized in
      for i in 0..<count { buffer[i] = Int32(truncatingIfNeeded: i) }
      initialized = count
    }
    permute(&order)
    return order
  }

  /// Rearranges `elements` as `permutation(count:)` would.
  public func permute(_ elements: inout [Int32]) {
    elements.withUnsafeMutableBufferPointer { elements in
      var i = elements.count &- 1
      while i > 0 {
        // One block serves the two elements with the same i / 2.
        let bits = block(at: UInt64(truncatingIfNeeded: i >> 1))
        repeat {
          let low = i & 1 == 0 ? bits[0] : bits[2]
          let high = i & 1 == 0 ? bits[1] : bits[3]
          let random = UInt64(high) << 32 | UInt64(low)
          let j = Int(truncatingIfNeeded: random.multipliedFullWidth(by: UInt64(truncatingIfNeeded: i &+ 1)).high)
          let element = elements[i]
          elements[i] = elements[j]
          elements[j] = element
          i &-= 1
        } while i > 0 && i & 1 == 0
      }
    }
  }

  private static func uniform(_ bits: UInt32) -> Float { Float(bits >> 8) * 0x1p-24 }
}

/// The Philox4x32-10 block function: a bijection of 128-bit counters for each 64-bit key.
@inline(__always)
func philox4x32(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
  var c0 = counter[0]
  var c1 = counter[1]
  var c2 = counter[2]
  var c3 = counter[3]
  var k0 = key[0]
  var k1 = key[1]
  for _ in 0..<10 {
    let product0 = UInt64(0xD251_1F53) &* UInt64(c0)
    let product1 = UInt64(0xCD9E_8D57) &* UInt64(c2)
    c0 = UInt32(truncatingIfNeeded: product1 >> 32) ^ c1 ^ k0
    c1 = UInt32(truncatingIfNeeded: product1)
    c2 = UInt32(truncatingIfNeeded: product0 >> 32) ^ c3 ^ k1
    c3 = UInt32(truncatingIfNeeded: product0)
    k0 &+= 0x9E37_79B9
    k1 &+= 0xBB67_AE85
  }
  return SIMD4(c0, c1, c2, c3)
}
