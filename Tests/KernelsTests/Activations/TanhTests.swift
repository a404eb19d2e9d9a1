import Foundation
import Kernels
import Testing

@Suite struct TanhTests {
  @Test func values() {
    let z: [Float] = [0, 0.5, -0.5, 0.625, 1, -1, 3, 1e-20]
    let a = activated(.tanh, [z])[0]
    #expect(a[0] == 0 && a[7] == 1e-20)
    for (z, a) in zip(z, a) {
      let exact = tanh(Double(z))
      #expect(abs(Double(a) - exact) <= abs(exact) * 3e-7)
    }
    #expect(a[1] == -a[2] && a[4] == -a[5])
  }

  @Test func limits() {
    #expect(activated(.tanh, [[1000, -1000, 3e38, -3e38, .infinity, -.infinity]]) == [[1, -1, 1, -1, 1, -1]])
  }

  /// g'(z) = 1 − a², exact for these a.
  @Test func derivatives() {
    #expect(
      differentiated(.tanh, delta: [[4, -8, 3, 3, 3]], kept: [[0.5, -0.5, 0, 1, -1]]) == [[3, -6, 3, 0, 0]])
  }

  @Test func blocks() { #expect(keepsToItsBlock(.tanh)) }
}
