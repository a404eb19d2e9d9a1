import Testing

@testable import NeuralNetworks

@Suite struct LeakyReLUTests {
  @Test func values() {
    #expect(activated(LeakyReLU(slope: 0.25), [[-2, 0, 3], [-8, -0.0, 0.5]]) == [[-0.5, 0, 3], [-2, 0, 0.5]])
  }

  /// At the kink the derivative is taken to be the slope.
  @Test func derivatives() {
    #expect(
      differentiated(LeakyReLU(slope: 0.25), delta: [[8, 8, -8]], activations: [[-0.5, 0, 3]]) == [[2, 2, -8]])
  }

  /// A negative z so small that a is −0 still has the slope of negative numbers.
  @Test func underflow() {
    let a = activated(LeakyReLU(slope: 0.01), [[-.leastNonzeroMagnitude]])
    #expect(a == [[0]] && a[0][0].sign == .minus)
    #expect(differentiated(LeakyReLU(slope: 0.25), delta: [[4]], activations: a) == [[1]])
  }

  /// Slope 0 is allowed in a configuration.
  @Test func slopeZeroIsReLU() {
    let z: [[Float]] = [[-2, -0x1p-140, 0, 0x1p-140, 3]]
    let a = activated(LeakyReLU(slope: 0), z)
    #expect(a == activated(ReLU(), z))
    let delta: [[Float]] = [[1, 2, 3, 4, 5]]
    #expect(
      differentiated(LeakyReLU(slope: 0), delta: delta, activations: a)
        == differentiated(ReLU(), delta: delta, activations: a))
  }

  @Test func blocks() { #expect(keepsToItsBlock(LeakyReLU(slope: 0.5))) }

  @Test func name() throws {
    #expect(ActivationKind(rawValue: "leakyRelu") == .leakyRelu)
    #expect(LeakyReLU.defaultSlope == 0.01)
    #expect(try #require(ActivationKind.leakyRelu.function() as? LeakyReLU).slope == 0.01)
    #expect(try #require(ActivationKind.leakyRelu.function(slope: 0.5) as? LeakyReLU).slope == 0.5)
    #expect(ActivationKind.leakyRelu.defaultInitializer == .heUniform)
  }
}
