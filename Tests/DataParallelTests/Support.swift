import Testing

/// The same floats on every machine, in (-1, 1), many of them with all bits of the fraction in use.
func floats(_ count: Int, seed: UInt64) -> [Float] {
  var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(Int32(truncatingIfNeeded: state >> 32)) / Float(1 << 31)
  }
}

/// The hash function FNV-1a over words of 64 bits.
private func hash(_ words: some Sequence<UInt64>, from start: UInt64 = 0xCBF2_9CE4_8422_2325) -> UInt64 {
  words.reduce(start) { ($0 ^ $1) &* 0x100_0000_01B3 }
}

/// A hash of the bit patterns of floats, and of those of doubles after them.
func digest(_ values: [Float], _ doubles: [Double] = []) -> UInt64 {
  hash(doubles.lazy.map(\.bitPattern), from: hash(values.lazy.map { UInt64($0.bitPattern) }))
}

@Suite struct SupportTests {
  @Test func floatsAreVaried() {
    let values = floats(1000, seed: 1)
    #expect(Set(values).count > 990 && values.allSatisfy { $0 > -1 && $0 < 1 })
    #expect(values != floats(1000, seed: 2))
  }

  /// A single bit, a change of order, and the sign of a zero are noticed.
  @Test func digestTellsBitsApart() {
    #expect(digest([1, 2]) == digest([1, 2]))
    #expect(digest([1, 2]) != digest([2, 1]))
    #expect(digest([1, 2]) != digest([1, Float(2).nextUp]))
    #expect(digest([0]) != digest([-0.0]))
    #expect(digest([1], [2]) == digest([1], [2]))
    #expect(digest([1], [2]) != digest([1], [Double(2).nextUp]))
  }
}
