import Kernels
import NeuralNetworks
import Optimizers
import Testing

@testable import DataParallel

@Suite struct UpdateTimeTests {
  /// The product takes a step of plain gradient descent where it has the whole sum; clipping waits for all gradients.
  @Test func whenParametersAreUpdated() {
    let (descent, adam) = (Optimizer(SGD(learningRate: 1, l2: 1)), Optimizer(Adam()))
    #expect(UpdateTime(descent, shards: 1) == .inProduct && UpdateTime(descent, shards: 2) == .afterSum)
    #expect(UpdateTime(adam, shards: 1) == .afterSum && UpdateTime(adam, shards: 2) == .afterSum)
    for rule in [SGD(learningRate: 1), Adam()] as [any UpdateRule] {
      for shards in [1, 2] {
        #expect(UpdateTime(Optimizer(rule, clipping: Clipping(norm: 1)), shards: shards) == .inLaterPass)
      }
    }
  }

  /// A vector of the layout of the parameters for each slot of the rule, 0 at first.
  @Test func stateOfARule() {
    let layout = TrainingBench(norms: [.features]).network.layout
    #expect(OptimizerState(SGD(learningRate: 1), layout).vectors.isEmpty)
    let state = OptimizerState(Adam(), layout)
    #expect(state.names == ["firstMoment", "secondMoment"])
    #expect(state.vectors.map(\.count) == [layout.count, layout.count])
    #expect(state.vectors.allSatisfy { $0.all.array.allSatisfy { $0 == 0 } })
  }

  /// The moments of what is trained move, and those of running statistics and of unused columns stay 0.
  @Test(arguments: [Execution.singleThread, .workers(.fixed(3))]) func momentsOfWhatIsTrained(execution: Execution) {
    let bench = TrainingBench(norms: [.preActivations], rule: Adam(), execution: execution, threadLimit: 3)
    let coordinator = bench.coordinator()
    _ = coordinator.train(steps: 0..<3, of: bench.epoch(0))
    for vector in coordinator.optimizerState.vectors {
      var used = 0
      for block in coordinator.network.layout.blocks {
        let moments = Parameters.values(of: Parameters.matrix(of: block, in: vector))
        #expect(moments.contains { $0 != 0 } == block.isTrained, "\(block.name)")
        used += moments.count { $0 != 0 }
      }
      #expect(vector.all.array.count { $0 != 0 } == used)
    }
  }
}
