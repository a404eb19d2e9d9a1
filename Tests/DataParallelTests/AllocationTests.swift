import Foundation
import NeuralNetworks
import Optimizers
import Testing

@testable import DataParallel

/// The step allocates nothing, as a counter of calls of `malloc` sees it. The counter is a library that is loaded
/// before the C library's and has the function `lockstep_malloc_count`; without it, these tests are left out:
///
///     LD_PRELOAD=libcount.so swift test --filter AllocationTests
private enum AllocationCounter {
  private typealias Count = @convention(c) () -> Int
  private static let function: Count? = dlopen(nil, RTLD_NOW).flatMap { dlsym($0, "lockstep_malloc_count") }
    .map { unsafeBitCast($0, to: Count.self) }

  static var isLoaded: Bool { function != nil }

  /// Allocations of all threads during `body`: of several times the fewest, because others run beside it.
  static func fewest(_ body: () -> Void) -> Int {
    (0..<20).reduce(Int.max) { fewest, _ in
      let start = function?() ?? 0
      body()
      return min(fewest, (function?() ?? 0) - start)
    }
  }
}

@Suite(.enabled(if: AllocationCounter.isLoaded), .serialized) struct AllocationTests {
  @Test func allocationsAreCounted() {
    var lists: [[Int]] = []
    lists.reserveCapacity(4000)
    let count = AllocationCounter.fewest { for i in 0..<100 { lists.append([i, i + 1]) } }
    #expect(count >= 100)
  }

  /// Networks with everything that a step can have.
  private static let benches: [TrainingBench] = {
    var benches = [TrainingBench(), TrainingBench(output: .tanh, loss: .squaredError)]
    benches.append(TrainingBench(hidden: .silu, norms: [.features, .preActivations, .activations], dropout: 0.5))
    benches.append(TrainingBench(rule: Adam()))
    benches.append(TrainingBench(clipping: 0.01))
    benches.append(
      TrainingBench(norms: [.preActivations], dropout: 0.1, rule: Adam(), clipping: 0.01))
    benches.append(TrainingBench(valueClipping: 0.01, learnings: [0: LayerLearning(learningRateFactor: 0.5)]))
    benches += BitsOfRulesTests.benches.map(\.bench)
    for index in benches.indices {
      benches[index].widths = [5, 34, 3]
      (benches[index].samples, benches[index].batchSize, benches[index].shardRows) = (2000, 2, 1)
      (benches[index].rate, benches[index].threadLimit) = (0.001, 3)
    }
    return benches
  }()

  /// A call of a thousand steps allocates as much as a call of ten.
  @Test(arguments: [Execution.singleThread, .workers(.fixed(3))], benches.indices)
  func stepsAllocateNothing(execution: Execution, index: Int) {
    var bench = Self.benches[index]
    bench.execution = execution
    let coordinator = bench.coordinator()
    let epoch = bench.epoch(0)
    _ = coordinator.train(steps: 0..<1000, of: epoch)
    let few = AllocationCounter.fewest { _ = coordinator.train(steps: 0..<10, of: epoch) }
    let many = AllocationCounter.fewest { _ = coordinator.train(steps: 0..<1000, of: epoch) }
    // Dispatch allocates when it starts threads, more or less by their luck; one allocation a step would be 990 more.
    #expect(many - few < 99, "\(few) allocations in 10 steps, \(many) in 1000")
    if execution == .singleThread { #expect(many == few) }
  }

  /// Neither does a step whose tree of gradient shards is divided, here on one thread.
  @Test func dividedTreesAllocateNothing() {
    let bench = TrainingBench(
      widths: [32, 32], output: .tanh, loss: .squaredError, samples: 51200, batchSize: 512, shardRows: 32, rate: 0.001,
      execution: .workers(.fixed(3)), threadLimit: 1)
    #expect(bench.plan(workers: 3).splitsTree)
    let (coordinator, epoch) = (bench.coordinator(), bench.epoch(0))
    _ = coordinator.train(steps: 0..<100, of: epoch)
    let few = AllocationCounter.fewest { _ = coordinator.train(steps: 0..<10, of: epoch) }
    let many = AllocationCounter.fewest { _ = coordinator.train(steps: 0..<100, of: epoch) }
    #expect(many == few)
  }
}
