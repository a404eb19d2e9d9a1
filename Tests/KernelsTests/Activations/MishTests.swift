import Kernels
import Testing

@Suite struct MishTests {
  @Test func limits() {
    #expect(
      activated(.mish, [[1000, -1000, 3e38, -3e38, .infinity, -.infinity]]) == [[1000, 0, 3e38, 0, .infinity, 0]])
  }

  /// g'(0) = 0.6; far out it is 1 and 0.
  @Test func derivatives() {
    let slopes = differentiated(.mish, delta: [[5, 2, 2, 2, 2]], kept: [[0, 1000, -1000, .infinity, -.infinity]])
    #expect(abs(slopes[0][0] - 3) < 1e-6)
    #expect(Array(slopes[0].dropFirst()) == [2, 0, 2, 0])
  }

  @Test func blocks() { #expect(keepsToItsBlock(.mish)) }
}
