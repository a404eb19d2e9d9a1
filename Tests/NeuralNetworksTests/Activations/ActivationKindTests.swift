import Kernels
import NeuralNetworks
import Testing

@Suite struct ActivationKindTests {
  @Test func names() {
    #expect(
      ActivationKind.allCases.map(\.rawValue) == [
        "identity", "sigmoid", "tanh", "relu", "leakyRelu", "silu", "softmax",
      ])
  }

  @Test func functions() {
    #expect(ActivationKind.identity.function() == .identity)
    #expect(ActivationKind.sigmoid.function() == .sigmoid)
    #expect(ActivationKind.tanh.function() == .tanh)
    #expect(ActivationKind.relu.function() == .relu)
    #expect(ActivationKind.silu.function() == .silu)
    // Softmax needs whole rows.
    #expect(ActivationKind.softmax.function() == nil)
  }

  @Test func slopes() {
    #expect(ActivationKind.defaultSlope == 0.01)
    #expect(ActivationKind.leakyRelu.function() == .leakyRelu(slope: 0.01))
    #expect(ActivationKind.leakyRelu.function(slope: 0.5) == .leakyRelu(slope: 0.5))
    #expect(ActivationKind.relu.function(slope: 0.5) == .relu)
  }

  @Test func defaultInitializers() {
    let he = ActivationKind.allCases.filter { $0.defaultInitializer == .heUniform }
    #expect(he == [.relu, .leakyRelu, .silu])
    #expect(ActivationKind.allCases.allSatisfy { he.contains($0) || $0.defaultInitializer == .glorotUniform })
  }

  @Test func everyKindIsDescribed() {
    #expect(Set(ActivationKind.allCases.map(\.help)).count == ActivationKind.allCases.count)
  }
}
