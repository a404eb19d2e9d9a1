@testable import NeuralNetworks

extension Program {
  /// The names of the operations of each stage.
  var stageNames: [[String]] {
    stages.map { stage in stage.operations.map { String("\(operations.view[$0])".prefix { $0 != "(" }) } }
  }
}

/// What a network of some layers computes in training and in inference, and where its parameters lie.
func compiled(
  inputs: Int = 5, _ layers: [any Layer], loss: LossKind = .squaredError
) -> (training: Program, inference: Program, blocks: [ParameterBlock]) {
  let network = Network(inputs: inputs, layers: layers, loss: loss)
  return (network.training, network.inference, network.layout.blocks)
}
