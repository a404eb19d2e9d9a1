import Kernels
import Testing

@Suite struct SELUTests {
  @Test func limits() {
    #expect(
      activated(.selu, [[1000, -1000, 1e38, -1e38, .infinity, -.infinity]]) == [
        [1050.701, -1.758_099_3, 1.050_701e38, -1.758_099_3, .infinity, -1.758_099_3]
      ])
  }

  /// At the kink the derivative is that of negative z, as in PyTorch.
  @Test func derivatives() {
    #expect(
      differentiated(.selu, delta: [[2, 2, 2]], kept: [[0.5, 0, -1.758_099_341]]) == [[2.101_402, 3.516_198_7, 0]])
  }

  @Test func blocks() { #expect(keepsToItsBlock(.selu)) }
}
