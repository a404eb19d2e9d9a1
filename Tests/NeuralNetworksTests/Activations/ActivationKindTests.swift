import Kernels
import NeuralNetworks
import Testing

@Suite struct ActivationKindTests {
  @Test func names() {
    #expect(
      ActivationKind.allCases.map(\.rawValue) == [
        "identity", "sigmoid", "tanh", "relu", "leakyRelu", "silu", "elu", "selu", "gelu", "mish", "softplus",
        "softsign", "hardSigmoid", "exponential", "softmax",
      ])
  }

  @Test func functions() {
    #expect(ActivationKind.identity.function() == .identity)
    #expect(ActivationKind.sigmoid.function() == .sigmoid)
    #expect(ActivationKind.tanh.function() == .tanh)
    #expect(ActivationKind.relu.function() == .relu)
    #expect(ActivationKind.silu.function() == .silu)
    #expect(ActivationKind.elu.function() == .elu)
    #expect(ActivationKind.selu.function() == .selu)
    #expect(ActivationKind.gelu.function() == .gelu)
    #expect(ActivationKind.mish.function() == .mish)
    #expect(ActivationKind.softplus.function() == .softplus)
    #expect(ActivationKind.softsign.function() == .softsign)
    #expect(ActivationKind.hardSigmoid.function() == .hardSigmoid)
    #expect(ActivationKind.exponential.function() == .exponential)
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
    #expect(he == [.relu, .leakyRelu, .silu, .elu, .gelu, .mish])
    #expect(ActivationKind.allCases.filter { $0.defaultInitializer == .leCunNormal } == [.selu])
    let others: [ActivationKind] = [
      .identity, .sigmoid, .tanh, .softplus, .softsign, .hardSigmoid, .exponential, .softmax,
    ]
    #expect(ActivationKind.allCases.filter { $0.defaultInitializer == .glorotUniform } == others)
  }

  @Test func everyKindIsDescribed() {
    #expect(Set(ActivationKind.allCases.map(\.help)).count == ActivationKind.allCases.count)
  }
}
