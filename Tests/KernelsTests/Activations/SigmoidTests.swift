import Foundation
import Kernels
import Testing

@Suite struct SigmoidTests {
  @Test func values() {
    let z: [Float] = [0, 1, -1, -0.241, 5, -20]
    let a = activated(.sigmoid, [z])[0]
    #expect(a[0] == 0.5)
    for (z, a) in zip(z, a) {
      let exact = 1 / (1 + exp(-Double(z)))
      #expect(abs(Double(a) - exact) <= exact * 4e-7)
    }
  }

  @Test func limits() {
    #expect(
      activated(.sigmoid, [[1000, -1000, 3e38, -3e38, .infinity, -.infinity]]) == [[1, 0, 1, 0, 1, 0]])
  }

  /// σ'(z) = a (1 − a): 0.25 at most, exact for these a.
  @Test func derivatives() {
    #expect(
      differentiated(.sigmoid, delta: [[4, -8, 16, 3, 3]], kept: [[0.5, 0.5, 0.25, 0, 1]]) == [
        [1, -2, 3, 0, 0]
      ])
  }

  @Test func blocks() { #expect(keepsToItsBlock(.sigmoid)) }
}
