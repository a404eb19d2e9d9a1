import Testing

@testable import NeuralNetworks

@Suite struct ReLUTests {
  @Test func values() {
    #expect(
      activated(ReLU(), [[-2, -0x1p-140, -0.0, 0, 0x1p-140, 3], [-.infinity, .infinity, 7, -7, 0.5, -0.5]]) == [
        [0, 0, 0, 0, 0x1p-140, 3], [0, .infinity, 7, 0, 0.5, 0],
      ])
  }

  /// At the kink the derivative is taken to be 0.
  @Test func derivatives() {
    let delta: [[Float]] = [[5, 6, -7, 8, .infinity]]
    #expect(differentiated(ReLU(), delta: delta, activations: [[0, 2, 0x1p-140, 0, 0]]) == [[0, 6, -7, 0, 0]])
  }

  @Test func overflowStaysVisible() {
    #expect(activated(ReLU(), [[.nan]])[0][0].isNaN)
  }

  @Test func blocks() { #expect(keepsToItsBlock(ReLU())) }

  @Test func name() {
    #expect(ActivationKind(rawValue: "relu") == .relu)
    #expect(ActivationKind.relu.function() is ReLU)
    #expect(ActivationKind.relu.defaultInitializer == .heUniform)
  }
}
