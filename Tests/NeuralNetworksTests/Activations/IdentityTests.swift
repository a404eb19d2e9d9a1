import Testing

@testable import NeuralNetworks

@Suite struct IdentityTests {
  @Test func changesNothing() {
    let z: [[Float]] = [[-3, 0, .infinity], [0x1p-140, 2, -0.0]]
    #expect(activated(Identity(), z) == z)
    #expect(differentiated(Identity(), delta: [[5, -7, 0]], activations: [[1, 2, 3]]) == [[5, -7, 0]])
  }

  @Test func name() {
    #expect(ActivationKind(rawValue: "identity") == .identity)
    #expect(ActivationKind.identity.function() is Identity)
    #expect(ActivationKind.identity.defaultInitializer == .glorotUniform)
  }
}
