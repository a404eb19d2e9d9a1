import Kernels
import Testing

@Suite struct ELUTests {
  @Test func limits() {
    #expect(
      activated(.elu, [[1000, -1000, 3e38, -3e38, .infinity, -.infinity]]) == [[1000, -1, 3e38, -1, .infinity, -1]])
  }

  /// At 0 both sides have the slope 1.
  @Test func derivatives() {
    #expect(differentiated(.elu, delta: [[2, 2, 2]], kept: [[0.5, 0, -0.5]]) == [[2, 2, 1]])
  }

  /// Where e^z − 1 would lose all digits.
  @Test func smallNumbers() {
    #expect(
      activated(.elu, [[-1e-10, -1e-30, -.leastNonzeroMagnitude]]) == [[-1e-10, -1e-30, -.leastNonzeroMagnitude]])
  }

  @Test func blocks() { #expect(keepsToItsBlock(.elu)) }
}
