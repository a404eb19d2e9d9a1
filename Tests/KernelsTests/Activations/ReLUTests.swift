import Kernels
import Testing

@Suite struct ReLUTests {
  @Test func values() {
    #expect(
      activated(.relu, [[-2, -0x1p-140, -0.0, 0, 0x1p-140, 3], [-.infinity, .infinity, 7, -7, 0.5, -0.5]]) == [
        [0, 0, 0, 0, 0x1p-140, 3], [0, .infinity, 7, 0, 0.5, 0],
      ])
  }

  /// At the kink the derivative is taken to be 0.
  @Test func derivatives() {
    let delta: [[Float]] = [[5, 6, -7, 8, .infinity]]
    #expect(differentiated(.relu, delta: delta, kept: [[0, 2, 0x1p-140, 0, 0]]) == [[0, 6, -7, 0, 0]])
  }

  @Test func overflowStaysVisible() {
    #expect(activated(.relu, [[.nan]])[0][0].isNaN)
  }

  @Test func blocks() { #expect(keepsToItsBlock(.relu)) }
}
