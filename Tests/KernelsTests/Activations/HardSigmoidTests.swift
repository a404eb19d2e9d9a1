import Kernels
import Testing

@Suite struct HardSigmoidTests {
  @Test func limits() {
    #expect(
      activated(.hardSigmoid, [[0, 3, -3, 4, -4, 3e38, -3e38, .infinity, -.infinity]]) == [
        [0.5, 1, 0, 1, 0, 1, 0, 1, 0]
      ])
  }

  /// At the kinks, where a is 0 or 1, the derivative is 0, as in PyTorch.
  @Test func derivatives() {
    #expect(differentiated(.hardSigmoid, delta: [[2, 2, 2]], kept: [[0.5, 0, 1]]) == [[1 / 3, 0, 0]])
  }

  @Test func blocks() { #expect(keepsToItsBlock(.hardSigmoid)) }
}
