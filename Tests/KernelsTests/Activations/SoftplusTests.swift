import Kernels
import Testing

@Suite struct SoftplusTests {
  @Test func limits() {
    #expect(
      activated(.softplus, [[1000, -1000, 3e38, -3e38, .infinity, -.infinity]]) == [[1000, 0, 3e38, 0, .infinity, 0]])
  }

  /// g' = 1 − e⁻ᵃ: a itself for small a, 1 for large a.
  @Test func derivatives() {
    #expect(differentiated(.softplus, delta: [[2, 2, 2]], kept: [[1000, 0x1p-60, 0]]) == [[2, 0x1p-59, 0]])
  }

  @Test func blocks() { #expect(keepsToItsBlock(.softplus)) }
}
