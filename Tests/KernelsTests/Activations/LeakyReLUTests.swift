import Kernels
import Testing

@Suite struct LeakyReLUTests {
  @Test func values() {
    #expect(activated(.leakyRelu(slope: 0.25), [[-2, 0, 3], [-8, -0.0, 0.5]]) == [[-0.5, 0, 3], [-2, 0, 0.5]])
  }

  /// At the kink the derivative is taken to be the slope.
  @Test func derivatives() {
    #expect(
      differentiated(.leakyRelu(slope: 0.25), delta: [[8, 8, -8]], kept: [[-0.5, 0, 3]]) == [[2, 2, -8]])
  }

  /// A negative z so small that a is −0 still has the slope of negative numbers.
  @Test func underflow() {
    let a = activated(.leakyRelu(slope: 0.01), [[-.leastNonzeroMagnitude]])
    #expect(a == [[0]] && a[0][0].sign == .minus)
    #expect(differentiated(.leakyRelu(slope: 0.25), delta: [[4]], kept: a) == [[1]])
  }

  /// Slope 0 is allowed in a configuration.
  @Test func slopeZeroIsReLU() {
    let z: [[Float]] = [[-2, -0x1p-140, 0, 0x1p-140, 3]]
    let a = activated(.leakyRelu(slope: 0), z)
    #expect(a == activated(.relu, z))
    let delta: [[Float]] = [[1, 2, 3, 4, 5]]
    #expect(
      differentiated(.leakyRelu(slope: 0), delta: delta, kept: a)
        == differentiated(.relu, delta: delta, kept: a))
  }

  @Test func blocks() { #expect(keepsToItsBlock(.leakyRelu(slope: 0.5))) }
}
