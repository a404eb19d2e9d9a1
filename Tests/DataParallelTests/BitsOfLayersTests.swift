import Kernels
import NeuralNetworks
import Optimizers
import Testing

@testable import DataParallel

/// The same bits, whoever computes what, of networks with statistics of the mini-batch, dropout, rules with moments,
/// clipping, and a tree of gradient shards that is divided.
@Suite struct BitsOfLayersTests {
  /// Networks and rules by their names.
  static let benches: [(name: String, bench: TrainingBench)] = {
    var all: [(String, TrainingBench)] = []
    func add(_ name: String, _ change: (inout TrainingBench) -> Void) {
      var bench = TrainingBench(hidden: .silu)
      change(&bench)
      all.append((name, bench))
    }
    add("normalization first") { $0.norms = [.features] }
    add("normalization before activations") { ($0.norms, $0.hidden) = ([.preActivations], .relu) }
    add("normalization behind activations") { $0.norms = [.activations] }
    add("panels that divide evenly") { ($0.norms, $0.widths) = ([.preActivations], [20, 200, 256, 9]) }
    add("dropout") { $0.dropout = 0.5 }
    add("adam") { ($0.rule, $0.rate, $0.l2) = (Adam(), 0.01, 0.01) }
    add("clipping") { $0.clipping = 0.125 }
    add("clipping by value") { $0.valueClipping = 0.001 }
    add("frozen layers") {
      $0.norms = [.features, .preActivations]
      $0.learnings = [
        0: LayerLearning(isTrainable: false), 1: LayerLearning(isTrainable: false),
        4: LayerLearning(learningRateFactor: 0.5), 5: LayerLearning(isTrainable: false),
      ]
    }
    add("layer normalization") { ($0.norms, $0.hidden, $0.hasBias) = ([.samples], .gelu, false) }
    add("noise") { ($0.noise, $0.hidden) = (0.25, .mish) }
    add("everything new") {
      ($0.norms, $0.dropout, $0.noise) = ([.features, .preActivations, .samples], 0.25, 0.125)
      ($0.hidden, $0.hasBias) = (.selu, false)
      ($0.rule, $0.rate, $0.l2, $0.clipping) = (Adam(), 0.01, 0.01, 0.125)
    }
    add("everything") {
      ($0.norms, $0.dropout) = ([.features, .preActivations, .activations], 0.25)
      ($0.rule, $0.rate, $0.l2, $0.clipping) = (Adam(), 0.01, 0.01, 0.125)
    }
    return all
  }()

  /// What digests a network has on all workers, numbers of threads and instruction sets.
  static func digests(_ bench: TrainingBench, threadLimits: [Int?] = [16, 3, 1, nil]) -> Set<UInt64> {
    var digests: Set<UInt64> = [bench.trained()]
    for instructionSet in InstructionSet.available {
      for workers in BitsTests.workerCounts {
        for threadLimit in threadLimits {
          var bench = bench
          (bench.instructionSet, bench.execution) = (instructionSet, .workers(.fixed(workers)))
          bench.threadLimit = threadLimit
          digests.insert(bench.trained())
        }
      }
    }
    return digests
  }

  /// The last mini-batch of 13 rows has several shards, or fewer than the others, or as many: one.
  @Test(arguments: benches.indices, [1, 6, 13, 20]) func sameForAllWorkers(index: Int, shardRows: Int) {
    var (name, bench) = Self.benches[index]
    bench.shardRows = shardRows
    #expect(Self.digests(bench).count == 1, "\(name), \(shardRows) rows a shard")
  }

  /// Few parameters and many shards: workers divide the leaves of the tree. The last mini-batch has a single shard.
  @Test(arguments: [false, true]) func sameForADividedTree(hasNorms: Bool) {
    var bench = TrainingBench(
      widths: [32, 32], output: .tanh, loss: .squaredError, samples: 1040, batchSize: 1024, shardRows: 16)
    if hasNorms { (bench.norms, bench.rule, bench.rate) = ([.features], Adam(), 0.01) }
    #expect(!bench.plan(workers: 1).splitsTree)
    for workers in [7, 16] { #expect(bench.plan(workers: workers).splitsTree) }
    #expect(Self.digests(bench, threadLimits: [3, 1]).count == 1)
  }

  /// Rows of mini-batches and shards of many sizes, on a few workers each.
  @Test(arguments: [1, 3, 16]) func sameForAllBatchSizes(shardRows: Int) {
    for batchSize in 2...40 {
      var bench = Self.benches[Self.benches.count - 1].bench
      (bench.widths, bench.samples) = ([5, 34, 3], batchSize + max(batchSize / 3, 1))
      (bench.batchSize, bench.shardRows) = (batchSize, shardRows)
      let expected = bench.trained(epochs: 1)
      for workers in [2, 3, 8] {
        (bench.execution, bench.threadLimit) = (.workers(.fixed(workers)), 1 + (batchSize + workers) % 4)
        #expect(bench.trained(epochs: 1) == expected, "batch size \(batchSize), \(workers) workers")
      }
    }
  }

  /// Each network has bits of its own, and they depend on the rows of a shard, on the seed of dropout, and on the last bit
  /// of a coefficient.
  @Test func otherBitsAreNoticed() {
    let all = Self.benches.map { $0.bench.trained() }
    #expect(Set(all).count == all.count)
    for (name, bench) in Self.benches {
      let digests = [1, 6, 13, 20].map { shardRows in
        var bench = bench
        bench.shardRows = shardRows
        return bench.trained()
      }
      #expect(Set(digests).count == 4, "\(name)")
      var other = bench
      other.seed = 2
      #expect((other.trained() != bench.trained()) == (bench.dropout > 0 || bench.noise > 0), "\(name)")
      guard let clipping = bench.clipping else { continue }
      other = bench
      other.clipping = clipping * (1 + 0x1p-22)
      #expect(other.trained() != bench.trained())
    }
  }

  /// An epoch has masks and noise of its own, and a sample keeps its own in any mini-batch: with a step of no length the costs of
  /// the samples of an epoch do not depend on the size of mini-batches.
  @Test(arguments: [(0.5, 0), (0, 0.5)] as [(Float, Float)])
  func masksAndNoiseBelongToSamples(dropout: Float, noise: Float) {
    var bench = TrainingBench(dropout: dropout, noise: noise, rate: 1e-30, l2: 0)
    func lossSum(epoch: Int, batchSize: Int) -> Double {
      bench.batchSize = batchSize
      let coordinator = bench.coordinator()
      return coordinator.train(steps: 0..<coordinator.stepsPerEpoch, of: bench.epoch(epoch)).lossSum
    }
    let expected = lossSum(epoch: 0, batchSize: 1)
    for batchSize in [2, 7, 20, 53] { #expect(abs(lossSum(epoch: 0, batchSize: batchSize) / expected - 1) < 1e-12) }
    #expect(abs(lossSum(epoch: 1, batchSize: 20) / expected - 1) > 1e-3)
    bench.seed = 2
    #expect(abs(lossSum(epoch: 0, batchSize: 20) / expected - 1) > 1e-3)
  }
}
