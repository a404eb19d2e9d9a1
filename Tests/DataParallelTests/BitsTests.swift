import Datasets
import Kernels
import NeuralNetworks
import Testing

@testable import DataParallel

/// The trained parameters have the same bits, whoever computes what.
@Suite struct BitsTests {
  static let workerCounts = [1, 2, 3, 4, 7, 8, 16]

  @Test(arguments: InstructionSet.available) func sameForAllWorkers(instructionSet: InstructionSet) {
    var bench = TrainingBench()
    let expected = bench.trained()
    bench.instructionSet = instructionSet
    #expect(bench.trained() == expected)
    for workers in Self.workerCounts {
      bench.execution = .workers(.fixed(workers))
      // A thread for each worker, even if that is more than there are processors; and several workers a thread.
      for threadLimit in [16, 3, 1, nil] {
        bench.threadLimit = threadLimit
        #expect(bench.trained() == expected, "\(workers) workers on \(threadLimit ?? -1) threads")
      }
    }
  }

  @Test(arguments: [ActivationKind.relu, .sigmoid, .leakyRelu, .identity, .gelu, .mish]) func sameForAllActivations(
    hidden: ActivationKind
  ) {
    for loss in LossKind.allCases {
      var bench = TrainingBench(hidden: hidden, output: loss.activations[0], loss: loss)
      if loss == .binaryCrossEntropy { bench.widths[3] = 1 }
      let expected = bench.trained()
      for instructionSet in InstructionSet.available {
        bench.instructionSet = instructionSet
        bench.execution = .workers(.fixed(3))
        bench.threadLimit = 3
        #expect(bench.trained() == expected, "\(hidden), \(loss), \(instructionSet)")
      }
    }
  }

  /// All mini-batches of 1 to 70 rows, their shards from 1 to 64 rows: one digest each.
  @Test(arguments: [1, 3, 16, 64]) func sameForAllBatchSizes(shardRows: Int) {
    for batchSize in 1...70 {
      var bench = TrainingBench(
        widths: [5, 34, 3], samples: batchSize + batchSize / 3, batchSize: batchSize, shardRows: shardRows)
      let expected = bench.trained(epochs: 1)
      for workers in 1...9 {
        let sets = batchSize % 16 == 5 ? InstructionSet.available : [.best]
        for instructionSet in sets {
          bench.instructionSet = instructionSet
          bench.execution = .workers(.fixed(workers))
          bench.threadLimit = 1 + (batchSize + workers) % 4
          #expect(bench.trained(epochs: 1) == expected, "batch size \(batchSize), \(workers) workers")
        }
      }
    }
  }

  /// Data sets of less than a whole number of mini-batches and workers without rows.
  @Test func sameForTinyBatches() {
    for (samples, batchSize) in [(1, 1), (1, 32), (2, 1), (5, 4), (16, 15), (33, 32)] {
      var bench = TrainingBench(samples: samples, batchSize: batchSize)
      let expected = bench.trained()
      bench.execution = .workers(.fixed(16))
      bench.threadLimit = 4
      #expect(bench.trained() == expected)
    }
  }

  /// The order of the reduction is part of the bits: another number of rows a shard gives other bits, and so does
  /// another order of the samples.
  @Test func anotherReductionIsNoticed() {
    let digests = [1, 2, 3, 6, 7, 16].map { TrainingBench(shardRows: $0).trained() }
    #expect(Set(digests).count == digests.count)
    #expect(TrainingBench(shardRows: 20).trained() == TrainingBench(shardRows: 1000).trained())

    let bench = TrainingBench(samples: 20, batchSize: 20)
    let (forward, backward) = (bench.coordinator(), bench.coordinator())
    func epoch(_ order: [Int32]) -> Epoch { Epoch(number: 0, order: SampleOrder(order), firstStep: 0) }
    _ = forward.train(steps: 0..<1, of: epoch((0..<20).map { Int32($0) }))
    _ = backward.train(steps: 0..<1, of: epoch((0..<20).reversed().map { Int32($0) }))
    #expect(digest(forward.parameters.values) != digest(backward.parameters.values))
  }
}
