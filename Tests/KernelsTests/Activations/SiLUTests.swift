import Foundation
import Kernels
import Testing

@Suite struct SiLUTests {
  @Test func values() {
    let z: [Float] = [0, 1, -1, -1.278, 5, -20]
    let a = activated(.silu, [z])[0]
    #expect(a[0] == 0)
    for (z, a) in zip(z, a) {
      let exact = Double(z) / (1 + exp(-Double(z)))
      #expect(abs(Double(a) - exact) <= abs(exact) * 5e-7)
    }
  }

  @Test func limits() {
    #expect(activated(.silu, [[1000, -1000, 3e38, -3e38, .infinity]]) == [[1000, 0, 3e38, 0, .infinity]])
  }

  /// g'(0) = ½; far out it is 1 and 0.
  @Test func derivatives() {
    #expect(
      differentiated(.silu, delta: [[4, -8, 3, 3]], kept: [[0, 0, 1000, -1000]]) == [[2, -4, 3, 0]])
  }

  /// The least value is at z = −1.27846…, where 1 + z (1 − σ(z)) changes its sign.
  @Test func minimum() {
    let z: [Float] = [-1.2784, -1.2785]
    let slopes = differentiated(.silu, delta: [[1, 1]], kept: [z])[0]
    #expect(slopes[0] > 0 && slopes[1] < 0)
    #expect(abs(activated(.silu, [z])[0][0] + 0.278_464_5) < 1e-6)
  }

  /// From a instead of z the derivative is another one.
  @Test func activationsDoNotDo() {
    let z: [[Float]] = [[2, -2, 0.5]]
    let delta: [[Float]] = [[1, 1, 1]]
    #expect(
      differentiated(.silu, delta: delta, kept: z) != differentiated(.silu, delta: delta, kept: activated(.silu, z)))
  }

  @Test func blocks() { #expect(keepsToItsBlock(.silu)) }
}
