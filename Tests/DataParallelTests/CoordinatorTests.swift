import Datasets
import Kernels
import NeuralNetworks
import Testing

@testable import DataParallel

@Suite struct CoordinatorTests {
  @Test func stepsOfAnEpoch() {
    func steps(_ samples: Int, _ batchSize: Int, dropLast: Bool = false) -> Int {
      TrainingBench(widths: [2, 3], samples: samples, batchSize: batchSize, dropLast: dropLast)
        .coordinator().stepsPerEpoch
    }
    #expect(steps(20, 5) == 4 && steps(20, 5, dropLast: true) == 4)
    #expect(steps(21, 5) == 5 && steps(21, 5, dropLast: true) == 4)
    #expect(steps(21, 1) == 21)
    #expect(steps(3, 100) == 1 && steps(3, 100, dropLast: true) == 1)
  }

  @Test func samplesAreCounted() {
    let bench = TrainingBench(samples: 21, batchSize: 5)
    let coordinator = bench.coordinator()
    #expect(coordinator.train(steps: 0..<2, order: bench.order(epoch: 0)).samples == 10)
    #expect(coordinator.train(steps: 2..<5, order: bench.order(epoch: 0)).samples == 11)
    #expect(coordinator.train(steps: 5..<5, order: bench.order(epoch: 0)).samples == 0)
    let dropping = TrainingBench(samples: 21, batchSize: 5, dropLast: true).coordinator()
    #expect(dropping.train(steps: 0..<4, order: bench.order(epoch: 0)).samples == 20)
  }

  /// Steps in one call, and each in a call of its own.
  @Test func turnsDoNotMatter() {
    let bench = TrainingBench()
    let (whole, single) = (bench.coordinator(), bench.coordinator())
    let lossSum = whole.train(steps: 0..<3, order: bench.order(epoch: 0)).lossSum
    var sum = 0.0
    for step in 0..<3 { sum += single.train(steps: step..<step + 1, order: bench.order(epoch: 0)).lossSum }
    #expect(sum.bitPattern == lossSum.bitPattern)
    #expect(digest(whole.parameters.values) == digest(single.parameters.values))
  }

  @Test(arguments: [1, 3]) func workersThatWereAskedFor(count: Int) {
    #expect(TrainingBench(execution: .workers(.fixed(count))).coordinator().workers == count)
    #expect(TrainingBench(execution: .singleThread).coordinator().workers == 1)
  }

  /// `auto` tries several numbers of workers on the way, and the bits stay.
  @Test func automaticWorkersHaveTheSameBits() {
    #expect(TrainingBench(execution: .workers(.auto)).trained(epochs: 20) == TrainingBench().trained(epochs: 20))
  }

  /// A mini-batch that takes no part in training leaves no trace: `dropLast` trains on the first 40 samples alone.
  @Test func dropLastLeavesOutTheRest() {
    let all = TrainingBench(samples: 53, batchSize: 20, dropLast: true)
    let coordinator = all.coordinator()
    _ = coordinator.train(steps: 0..<2, order: all.order(epoch: 0))
    let kept = TrainingBench(samples: 53, batchSize: 20)
    let other = kept.coordinator()
    _ = other.train(steps: 0..<2, order: kept.order(epoch: 0))
    #expect(digest(coordinator.parameters.values) == digest(other.parameters.values))
    _ = other.train(steps: 2..<3, order: kept.order(epoch: 0))
    #expect(digest(coordinator.parameters.values) != digest(other.parameters.values))
  }

  /// What a last panel has room for beyond the units is 0 and stays 0, whatever lay in the memory of the workers.
  @Test(arguments: [1, 5, 16, 17, 31]) func unusedParametersStayZero(units: Int) {
    let bench = TrainingBench(widths: [70, units, 33 + units, 5], shardRows: 3, execution: .workers(.fixed(3)))
    let coordinator = bench.coordinator()
    let parameters = coordinator.parameters
    func unused() -> Int { parameters.vector.all.array.count { $0 != 0 } - parameters.values.count { $0 != 0 } }
    #expect(unused() == 0)
    _ = coordinator.train(steps: 0..<3, order: bench.order(epoch: 0))
    #expect(unused() == 0, "floats that are not 0")
    parameters.biases[0][31] = 1
    #expect(unused() > 0)
  }

  @Test(arguments: [Execution.singleThread, .workers(.fixed(3))]) func namesTheStepThatIsNotFinite(execution: Execution)
  {
    let bench = TrainingBench(
      output: .identity, loss: .squaredError, samples: 60, batchSize: 6, rate: 1e20, execution: execution,
      threadLimit: 3)
    let coordinator = bench.coordinator()
    let first = coordinator.train(steps: 0..<1, order: bench.order(epoch: 0))
    #expect(first.firstNonFiniteStep == nil && first.lossSum.isFinite)
    let rest = coordinator.train(steps: 1..<10, order: bench.order(epoch: 0))
    #expect(rest.firstNonFiniteStep == 1)
    #expect(!rest.lossSum.isFinite)
  }
}
