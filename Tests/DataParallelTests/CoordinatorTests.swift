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
    #expect(coordinator.train(steps: 0..<2, of: bench.epoch(0)).samples == 10)
    #expect(coordinator.train(steps: 2..<5, of: bench.epoch(0)).samples == 11)
    #expect(coordinator.train(steps: 5..<5, of: bench.epoch(0)).samples == 0)
    let dropping = TrainingBench(samples: 21, batchSize: 5, dropLast: true).coordinator()
    #expect(dropping.train(steps: 0..<4, of: bench.epoch(0)).samples == 20)
  }

  // MARK: Sums of costs

  /// Samples whose costs have many orders of magnitude, so that sums in another order have other bits; steps are so short that
  /// they stay so.
  private static let uneven = TrainingBench(
    widths: [3, 1], output: .identity, loss: .squaredError, samples: 90, batchSize: 4, rate: 1e-30, l2: 0)

  private static var unevenTable: Table {
    uneven.table(values: (0..<90).map { Float(sign: .plus, exponent: $0 * 5 % 23, significand: 1.1) })
  }

  /// The sum of the costs of an epoch that is cut into calls before the steps `cuts`, and the digest of the parameters.
  private func trained(cuts: [Int]) -> (lossSum: Double, parameters: UInt64) {
    let coordinator = Self.uneven.coordinator(on: Self.unevenTable)
    var lossSum = 0.0
    for (first, end) in zip([0] + cuts, cuts + [23]) {
      lossSum = coordinator.train(steps: first..<end, of: Self.uneven.epoch(0), lossSum: lossSum).lossSum
    }
    return (lossSum, digest(coordinator.parameters.values))
  }

  /// Steps in one call, each in a call of its own, and in calls of many lengths.
  @Test func callsDoNotMatter() {
    let whole = trained(cuts: [])
    let lists = [
      Array(1..<23), [11], [1, 2, 5, 9, 22], [3, 3, 4, 20], [7, 14, 21], Array(stride(from: 2, to: 23, by: 3)),
    ]
    for cuts in lists {
      let cut = trained(cuts: cuts)
      #expect(cut.lossSum.bitPattern == whole.lossSum.bitPattern, "\(cuts)")
      #expect(cut.parameters == whole.parameters, "\(cuts)")
    }
  }

  /// A sum of the sums of calls has other bits: the costs are such that the order can be seen.
  @Test func sumsOfCallsWouldDiffer() {
    let coordinator = Self.uneven.coordinator(on: Self.unevenTable)
    let costs = (0..<23).map { coordinator.train(steps: $0..<$0 + 1, of: Self.uneven.epoch(0)).lossSum }
    #expect(costs.reduce(0, +).bitPattern == trained(cuts: []).lossSum.bitPattern)
    let grouped = [0..<7, 7..<14, 14..<21, 21..<23].reduce(0.0) { $0 + costs[$1].reduce(0, +) }
    #expect(grouped.bitPattern != trained(cuts: [7, 14, 21]).lossSum.bitPattern)
    #expect(abs(grouped - trained(cuts: []).lossSum) < 1e-9 * grouped)
  }

  // MARK: Workers

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
    _ = coordinator.train(steps: 0..<2, of: all.epoch(0))
    let kept = TrainingBench(samples: 53, batchSize: 20)
    let other = kept.coordinator()
    _ = other.train(steps: 0..<2, of: kept.epoch(0))
    #expect(digest(coordinator.parameters.values) == digest(other.parameters.values))
    _ = other.train(steps: 2..<3, of: kept.epoch(0))
    #expect(digest(coordinator.parameters.values) != digest(other.parameters.values))
  }

  /// What a last panel has room for beyond the units is 0 and stays 0, whatever lay in the memory of the workers.
  @Test(arguments: [1, 5, 16, 17, 31]) func unusedParametersStayZero(units: Int) {
    let bench = TrainingBench(widths: [70, units, 33 + units, 5], shardRows: 3, execution: .workers(.fixed(3)))
    let coordinator = bench.coordinator()
    let parameters = coordinator.parameters
    func unused() -> Int { parameters.vector.all.array.count { $0 != 0 } - parameters.values.count { $0 != 0 } }
    #expect(unused() == 0)
    _ = coordinator.train(steps: 0..<3, of: bench.epoch(0))
    #expect(unused() == 0, "floats that are not 0")
    // The unused end of the biases of the first layer.
    parameters.vector.slice(parameters.layout.blocks[1].offset..<parameters.layout.count)[31] = 1
    #expect(unused() > 0)
  }

  @Test(arguments: [Execution.singleThread, .workers(.fixed(3))]) func namesTheStepThatIsNotFinite(execution: Execution)
  {
    let bench = TrainingBench(
      output: .identity, loss: .squaredError, samples: 60, batchSize: 6, rate: 1e20, execution: execution,
      threadLimit: 3)
    let coordinator = bench.coordinator()
    let first = coordinator.train(steps: 0..<1, of: bench.epoch(0))
    #expect(first.firstNonFiniteStep == nil && first.lossSum.isFinite)
    let rest = coordinator.train(steps: 1..<10, of: bench.epoch(0))
    #expect(rest.firstNonFiniteStep == 1)
    #expect(!rest.lossSum.isFinite)
  }
}
