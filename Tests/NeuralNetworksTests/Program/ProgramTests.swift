import Kernels
import Testing

@testable import NeuralNetworks

/// What stages promise to whoever divides a program among workers.
@Suite struct ProgramTests {
  private static let layers: [any Layer] = [
    Dense(units: 40, activation: Activation(.silu)), BatchNorm(), Activation(.leakyRelu), Dropout(rate: 0.25),
    Dense(units: 70, activation: Activation(.tanh)), BatchNorm(), Dense(units: 34, activation: Activation(.softmax)),
  ]

  private func bench() throws -> NetworkBench {
    try #require(LayerExample(inputs: 33, Self.layers, loss: .crossEntropy, samples: 9)).bench
  }

  /// Everything that a pass leaves: outputs, losses, gradients, running statistics.
  private func everything(_ bench: NetworkBench) -> [[Double]] {
    bench.outputs + [bench.losses.map { Double($0) }] + bench.meanGradients()
      + [bench.parameters.vector.all.array.map { Double($0) }]
  }

  /// Stage by stage, some rows of one panel at a time, in some order; all rows where a stage reads all.
  private func divided(_ rows: (Stage) -> [Range<Int>]) throws -> [[Double]] {
    let bench = try bench()
    let (program, context) = (bench.network.training, bench.context)
    for (index, stage) in program.stages.enumerated() {
      for panel in (0..<stage.panels).reversed() {
        for rows in rows(stage) { program.perform(stages: index..<index + 1, context, rows: rows, panel: panel) }
      }
    }
    return withExtendedLifetime(bench) { everything(bench) }
  }

  @Test func workMayBeDivided() throws {
    let whole = try bench()
    whole.pass()
    let expected = everything(whole)
    #expect(try divided { _ in [0..<9] } == expected)
    #expect(try divided { $0.readsAllRows ? [0..<9] : [5..<9, 0..<1, 1..<5] } == expected)
    // What reads all rows does so whatever rows it is told, and would move the running statistics again.
    #expect(try divided { _ in [5..<9, 0..<5] } != expected)
  }

  /// A stage that reads other panels, or all rows, is not extended by what reads only its own; walls are nowhere else.
  @Test func stages() {
    let program = compiled(inputs: 33, Self.layers, loss: .crossEntropy).training
    #expect(
      program.stageNames == [
        ["product", "function"], ["batchStatistics"], ["normalization", "function", "dropout"],
        ["product", "function"], ["batchStatistics"], ["normalization"], ["product"], ["loss"],
        ["inputGradient"], ["normalizationSums"], ["normalizationDerivative", "derivative"],
        ["inputGradient", "dropout", "derivative"], ["normalizationSums"], ["normalizationDerivative", "derivative"],
      ])
    #expect(program.stages.map(\.panels) == [2, 2, 2, 3, 3, 3, 2, 1, 3, 3, 3, 2, 2, 2])
    let all = program.stages.indices
    #expect(all.filter { program.stages[$0].readsAllRows } == [1, 4, 9, 12])
    #expect(all.filter { program.stages[$0].readsAllPanels } == [0, 3, 6, 7, 8, 11])
    #expect(all.filter { program.stages[$0].computesWholeRows } == [7])
    #expect(all.filter { program.stages[$0].readsFeatures } == [0])
  }

  /// Outputs of layers, after their activations.
  @Test func layerOutputs() {
    let program = compiled(inputs: 33, Self.layers, loss: .crossEntropy).training
    #expect(program.layerOutputs.map { program.matrixColumns[$0.index] } == [40, 40, 40, 40, 70, 70, 34])
    #expect(program.layerOutputs.last == program.output && program.outputs == 34)
  }
}
