import Kernels
import Testing

@testable import NeuralNetworks

@Suite struct LayerLearningTests {
  private static let frozen = LayerLearning(isTrainable: false)
  private static func dense(_ units: Int, _ learning: LayerLearning = LayerLearning()) -> any Layer {
    Dense(units: units, activation: Activation(.identity)).learning(learning)
  }

  private func names(_ layers: [any Layer]) -> (stages: [String], trained: [String], groups: Int) {
    let (training, inference, blocks) = compiled(layers)
    #expect(inference.groups.isEmpty)
    return (training.stageNames.flatMap(\.self), blocks.filter(\.isTrained).map(\.name), training.groups.count)
  }

  /// Below the lowest layer that is trained nothing is computed backward.
  @Test func nothingBelowTheLowest() {
    let below = names([Self.dense(4, Self.frozen), Self.dense(3, Self.frozen), Self.dense(2)])
    #expect(below.stages == ["product", "product", "product", "loss"])
    #expect(below.trained == ["layers.2.weight", "layers.2.bias"] && below.groups == 1)
    let norms = names([
      BatchNorm().learning(Self.frozen), LayerNorm().learning(Self.frozen), Activation(.tanh), Self.dense(2),
    ])
    #expect(norms.stages == ["storedNormalization", "layerNormalization", "function", "product", "loss"])
  }

  /// Through a layer that is not trained δ goes on to those below, and it has no gradient of its own.
  @Test func deltaGoesThrough() {
    let above = names([
      Self.dense(4), BatchNorm().learning(Self.frozen), LayerNorm().learning(Self.frozen), Self.dense(2, Self.frozen),
    ])
    #expect(
      above.stages == [
        "product", "storedNormalization", "layerNormalization", "product", "loss", "inputGradient",
        "layerNormalizationDerivative", "storedNormalizationDerivative",
      ])
    #expect(above.trained == ["layers.0.weight", "layers.0.bias"] && above.groups == 1)
  }

  /// All parameters with the same factor and the same role are of one kind.
  @Test func kindsOfParameters() {
    let half = LayerLearning(learningRateFactor: 0.5)
    let (training, _, _) = compiled([
      Self.dense(4), Self.dense(4, half), BatchNorm().learning(half), Self.dense(4, Self.frozen), Self.dense(2),
    ])
    #expect(
      training.kinds == [
        ParameterKind(isWeight: true, learningRateFactor: 1), ParameterKind(isWeight: false, learningRateFactor: 1),
        ParameterKind(isWeight: true, learningRateFactor: 0.5), ParameterKind(isWeight: false, learningRateFactor: 0.5),
      ])
    let parts = training.groups.flatMap { group in
      (0..<group.count(rows: 0..<1)).map { training.part($0, of: group, rows: 0..<1, panel: 0) }
    }
    #expect(parts.map(\.kind) == [0, 1, 2, 3, 3, 3, 0, 1])
    #expect(parts.allSatisfy { training.kinds[$0.kind].isWeight == $0.isRegularized })
  }

  @Test func usualLayersStayThemselves() {
    #expect(Dense(units: 1, activation: Activation(.tanh)).learning(LayerLearning()) is Dense)
    let tuned = Dense(units: 7, activation: Activation(.tanh)).learning(Self.frozen)
    #expect(tuned.learning == Self.frozen && tuned.activation.kind == .tanh && tuned.outputs(inputs: 2) == 7)
  }
}
