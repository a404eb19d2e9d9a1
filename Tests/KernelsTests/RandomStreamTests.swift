import Foundation
import Testing

@testable import Kernels

@Suite struct RandomStreamTests {
  private let stream = RandomStream(seed: 42, purpose: .initialWeights, stream: 3)

  // MARK: Philox

  private struct KnownAnswers: Decodable {
    struct Vector: Decodable {
      let counter: [UInt32]
      let key: [UInt32]
      let output: [UInt32]
    }
    let vectors: [Vector]
  }

  @Test func blocksAreThoseOfPhilox() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Expected/philox.json")
    let vectors = try JSONDecoder().decode(KnownAnswers.self, from: Data(contentsOf: file)).vectors
    #expect(vectors.count >= 20)
    for vector in vectors {
      let output = philox4x32(counter: SIMD4(vector.counter), key: SIMD2(vector.key))
      #expect(output == SIMD4(vector.output))
      #expect(philox4x32(counter: SIMD4(vector.counter) &+ 1, key: SIMD2(vector.key)) != output)
    }
  }

  @Test func countersAndKeysAreLaidOut() {
    let stream = RandomStream(seed: 0x1234_5678_9ABC_DEF0, purpose: .split, stream: 0xFEDC_BA98)
    let counter = SIMD4<UInt32>(0x89AB_CDEF, 0x0123_4567, 0xFEDC_BA98, 0x5432_0003)
    #expect(
      stream.block(at: 0x0123_4567_89AB_CDEF, attempt: 0x5432)
        == philox4x32(counter: counter, key: SIMD2(0x9ABC_DEF0, 0x1234_5678)))
  }

  @Test func purposesKeepTheirNumbers() {
    let purposes: [RandomPurpose] = [.initialWeights, .shuffle, .split, .syntheticData, .dropout, .gaussianNoise]
    #expect(purposes.map(\.rawValue) == [1, 2, 3, 4, 5, 6])
  }

  // MARK: Numbers

  @Test func everyPartOfTheKeyMatters() {
    let others = [
      RandomStream(seed: 43, purpose: .initialWeights, stream: 3),
      RandomStream(seed: 42 + 1 << 32, purpose: .initialWeights, stream: 3),
      RandomStream(seed: 42, purpose: .shuffle, stream: 3),
      RandomStream(seed: 42, purpose: .initialWeights, stream: 4),
      RandomStream(seed: 42, purpose: .initialWeights),
    ]
    for other in others {
      #expect((0..<8).map { other.uniform(at: $0) } != (0..<8).map { stream.uniform(at: $0) })
      #expect((0..<8).map { other.normal(at: $0) } != (0..<8).map { stream.normal(at: $0) })
      #expect(other.permutation(count: 50) != stream.permutation(count: 50))
    }
  }

  @Test func numbersDependOnTheirIndexAlone() {
    let indices: [UInt64] = [0, 1, 2, 77, 1 << 32, .max]
    let uniform = indices.map { stream.uniform(at: $0) }
    let normal = indices.map { stream.normal(at: $0) }
    #expect(Set(uniform).count == indices.count && Set(normal).count == indices.count)
    let again = RandomStream(seed: 42, purpose: .initialWeights, stream: 3)
    #expect(indices.reversed().map { again.normal(at: $0) } == normal.reversed())
    #expect(indices.reversed().map { again.uniform(at: $0) } == uniform.reversed())
  }

  @Test func uniformNumbersFillTheUnitInterval() {
    let count = 100_000
    var (sum, squares) = (0.0, 0.0)
    var (least, greatest) = (Float(1), Float(0))
    var eighths = [Int](repeating: 0, count: 8)
    for i in 0..<count {
      let x = stream.uniform(at: UInt64(i))
      (sum, squares) = (sum + Double(x), squares + Double(x * x))
      (least, greatest) = (min(least, x), max(greatest, x))
      eighths[Int(x * 8)] += 1
    }
    #expect(least >= 0 && least < 1e-3 && greatest < 1 && greatest > 0.999)
    #expect(abs(sum / Double(count) - 1 / 2) < 0.004)
    #expect(abs(squares / Double(count) - 1 / 3) < 0.004)
    // 7 degrees of freedom: beyond 24.3 once in a thousand.
    #expect(chiSquare(eighths) < 24.3)
  }

  @Test func uniformNumbersAreTheUpperBits() {
    for i in 0..<100 as Range<UInt64> {
      #expect(stream.uniform(at: i) == Float(stream.block(at: i)[0] / 256) / 16_777_216)
    }
  }

  @Test func normalNumbersHaveTheMomentsOfTheDistribution() {
    let count = 100_000
    var moments = [0.0, 0.0, 0.0, 0.0]
    for i in 0..<count {
      let x = Double(stream.normal(at: UInt64(i)))
      for k in 0..<4 { moments[k] += pow(x, Double(k + 1)) / Double(count) }
    }
    // Four standard errors each: sqrt of 1, 2, 15 and 96 over the count.
    let root = Double(count).squareRoot()
    #expect(abs(moments[0]) < 4 * 1 / root)
    #expect(abs(moments[1] - 1) < 4 * 1.42 / root)
    #expect(abs(moments[2]) < 4 * 3.88 / root)
    #expect(abs(moments[3] - 3) < 4 * 9.8 / root)
  }

  @Test func normalNumbersFollowThePolarMethod() {
    var rejections = 0
    for i in 0..<200 as Range<UInt64> {
      var attempt: UInt16 = 0
      while true {
        let block = stream.block(at: i, attempt: attempt)
        let u = Float(block[0] / 256) / 8_388_608 - 1
        let v = Float(block[1] / 256) / 8_388_608 - 1
        let s = u * u + v * v
        if s < 1 {
          #expect(stream.normal(at: i) == u * (-2 * portable(.log, s) / s).squareRoot())
          break
        }
        attempt += 1
        rejections += 1
      }
    }
    // One in 4 / π − 1 = 0.27.
    #expect((30..<80).contains(rejections))
  }

  // MARK: Permutations

  @Test(arguments: [0, 1, 2, 3, 4, 5, 100, 1_001])
  func permutationsHoldEveryNumberOnce(count: Int) {
    let order = stream.permutation(count: count)
    #expect(order.sorted() == (0..<Int32(count)).map { $0 })
    #expect(stream.permutation(count: count) == order)
    #expect(count < 100 || order != order.sorted())
  }

  @Test func permutingMovesElementsAsThePermutationSays() {
    var elements: [Int32] = [5, -1, 7, 7, 0, 12, 3]
    let expected = stream.permutation(count: 7).map { elements[Int($0)] }
    stream.permute(&elements)
    #expect(elements == expected)
    var none: [Int32] = []
    stream.permute(&none)
    #expect(none.isEmpty)
  }

  @Test(arguments: [2, 3, 8, 9, 100])
  func permutationsAreFisherAndYatess(count: Int) {
    var order = (0..<Int32(count)).map { $0 }
    for i in stride(from: count - 1, to: 0, by: -1) {
      let block = stream.block(at: UInt64(i / 2))
      let random = UInt64(block[i % 2 * 2]) + UInt64(block[i % 2 * 2 + 1]) << 32
      order.swapAt(i, Int(random.multipliedFullWidth(by: UInt64(i + 1)).high))
    }
    #expect(stream.permutation(count: count) == order)
  }

  @Test func permutationsOfFourAreUniform() {
    var counts: [[Int32]: Int] = [:]
    for epoch in 0..<24_000 as Range<UInt32> {
      counts[RandomStream(seed: 7, purpose: .shuffle, stream: epoch).permutation(count: 4), default: 0] += 1
    }
    #expect(counts.count == 24)
    // 23 degrees of freedom: outside once in five hundred.
    let statistic = chiSquare(Array(counts.values))
    #expect(statistic > 7.5 && statistic < 49.7)
  }

  /// Σ (observed − expected)² / expected for equal expectations.
  private func chiSquare(_ counts: [Int]) -> Double {
    let expected = Double(counts.reduce(0, +)) / Double(counts.count)
    return counts.reduce(0) { $0 + pow(Double($1) - expected, 2) / expected }
  }

  @Test func chiSquareNoticesABias() {
    #expect(chiSquare([1_000, 1_000, 1_000]) == 0)
    #expect(chiSquare([1_100, 1_000, 900]) == 20)
  }
}
