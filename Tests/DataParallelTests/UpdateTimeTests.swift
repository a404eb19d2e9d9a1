import Kernels
import NeuralNetworks
import Optimizers
import Testing

@testable import DataParallel

@Suite struct UpdateTimeTests {
  /// The product takes a step of plain gradient descent where it has the whole sum; clipping waits for all gradients.
  @Test func whenParametersAreUpdated() {
    let descent = Optimizer(SGD(), learningRate: 1, Regularization(l2: 1))
    let adam = Optimizer(Adam(), learningRate: 1)
    #expect(UpdateTime(descent, shards: 1) == .inProduct && UpdateTime(descent, shards: 2) == .afterSum)
    #expect(UpdateTime(adam, shards: 1) == .afterSum && UpdateTime(adam, shards: 2) == .afterSum)
    let others = [Regularization(l1: 1), Regularization(weightDecay: 1)].map {
      Optimizer(SGD(), learningRate: 1, $0)
    }
    for other in others + [Optimizer(SGD(momentum: 0.5), learningRate: 1)] {
      #expect(UpdateTime(other, shards: 1) == .afterSum)
    }
    let byValue = Optimizer(SGD(), learningRate: 1, clipping: Clipping(value: 1))
    #expect(UpdateTime(byValue, shards: 1) == .afterSum)
    for rule in [SGD(), Adam()] as [any UpdateRule] {
      for shards in [1, 2] {
        let optimizer = Optimizer(rule, learningRate: 1, clipping: Clipping(norm: 1))
        #expect(UpdateTime(optimizer, shards: shards) == .inLaterPass)
      }
    }
  }

  /// A vector of the layout of the parameters for each slot of the rule, 0 at first.
  @Test func stateOfARule() {
    let layout = TrainingBench(norms: [.features]).network.layout
    #expect(OptimizerState(SGD(), layout).vectors.isEmpty)
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
