import Kernels
import Testing

@Suite struct SoftsignTests {
  @Test func limits() {
    #expect(
      activated(.softsign, [[1, -1, 3, -3, 3e38, -3e38, .infinity, -.infinity]]) == [
        [0.5, -0.5, 0.75, -0.75, 1, -1, 1, -1]
      ])
  }

  /// Far out the derivative keeps its digits.
  @Test func derivatives() {
    #expect(differentiated(.softsign, delta: [[2, 2, 2]], kept: [[0, -1, 1023]]) == [[2, 0.5, 0x1p-19]])
  }

  @Test func blocks() { #expect(keepsToItsBlock(.softsign)) }
}
