import Kernels
import Testing

@Suite struct GELUTests {
  @Test func limits() {
    #expect(
      activated(.gelu, [[1000, -1000, 3e38, -3e38, .infinity, -.infinity]]) == [[1000, 0, 3e38, 0, .infinity, 0]])
  }

  /// g'(0) = ½; far out it is 1 and 0.
  @Test func derivatives() {
    let slopes = differentiated(
      .gelu, delta: [[2, 2, 2, 2, 2, 2]], kept: [[0, 1000, -1000, 3e38, -.infinity, .infinity]])
    #expect(abs(slopes[0][0] - 1) < 1e-6)
    #expect(Array(slopes[0].dropFirst()) == [2, 0, 2, 0, 2])
  }

  /// The least value is at z = −0.75179…, where the derivative changes its sign.
  @Test func minimum() {
    let slopes = differentiated(.gelu, delta: [[1, 1]], kept: [[-0.7517, -0.7519]])[0]
    #expect(slopes[0] > 0 && slopes[1] < 0)
    #expect(abs(activated(.gelu, [[-0.751_791_5]])[0][0] + 0.169_971_2) < 1e-7)
  }

  @Test func blocks() { #expect(keepsToItsBlock(.gelu)) }
}
