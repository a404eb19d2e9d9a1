import Kernels
import NeuralNetworks
import Optimizers
import Testing

@testable import DataParallel

@Suite struct DivisionPlansTests {
  private func plans(_ bench: TrainingBench, workers: Int) -> DivisionPlans {
    let rest = bench.samples % bench.batchSize
    return DivisionPlans(
      bench.network.training, batchSize: bench.batchSize, lastBatchSize: rest == 0 ? bench.batchSize : rest,
      shardRows: bench.shardRows, workers: workers, tileRows: 12, bench.optimizer)
  }

  /// The plan for so many workers as were asked for is used, however few threads there are for them: it would be wrong to
  /// cut the number to that of the processors, and to test another plan than the one that was asked for.
  @Test(arguments: [nil, 1, 2, 16], [3, 7, 16]) func plansAreForTheWorkersThatWereAskedFor(
    threadLimit: Int?, workers: Int
  ) throws {
    let bench = TrainingBench(
      widths: [70, 200, 33, 5], samples: 64, batchSize: 64, execution: .workers(.fixed(workers)),
      threadLimit: threadLimit)
    let coordinator = bench.coordinator()
    #expect(coordinator.plans.isEmpty)
    _ = coordinator.train(steps: 0..<1, of: bench.epoch(0))
    #expect(Array(coordinator.plans.keys) == [workers])
    let plans = try #require(coordinator.plans[workers])
    #expect(plans.workers == workers)
    // Everybody has rows and parameters, and there is no further worker.
    for pass in 1..<plans.whole.passes {
      #expect((0..<workers).allSatisfy { !plans.whole.owned(pass, $0).isEmpty })
      #expect(
        plans.whole.owned(pass, workers - 1).upperBound - plans.whole.owned(pass, 0).lowerBound
          == plans.whole.unitsOfPass[pass])
    }
  }

  /// Plans for different numbers of workers differ, so that it can be seen which one is used.
  @Test func plansDiffer() {
    let bench = TrainingBench(widths: [70, 200, 33, 5], samples: 64, batchSize: 64)
    let units = [1, 2, 3, 7, 16].map { bench.plan(workers: $0).units }
    for index in units.indices.dropFirst() { #expect(units[index] != units[index - 1]) }
    let coordinator = bench.coordinator()
    _ = coordinator.train(steps: 0..<1, of: bench.epoch(0))
    #expect(Array(coordinator.plans.keys) == [1])
  }

  /// All steps of a run have the same passes, even if the last mini-batch has a single shard and could do with fewer.
  @Test(arguments: [1, 2, 3, 7, 16]) func allStepsHaveTheSamePasses(workers: Int) {
    for (clipping, norms) in [(nil, []), (1, [.preActivations])] as [(Double?, Set<TrainingBench.Norm>)] {
      for bench in [
        TrainingBench(norms: norms, samples: 53, batchSize: 20, shardRows: 13, clipping: clipping),
        TrainingBench(
          widths: [32, 32], output: .tanh, loss: .squaredError, norms: norms, samples: 1040, batchSize: 1024,
          shardRows: 16, clipping: clipping),
      ] {
        let plans = plans(bench, workers: workers)
        #expect(plans.whole.shards.count > 1 && plans.last.shards.count == 1)
        #expect(plans.last.passes == plans.whole.passes && plans.last.gradientPass == plans.whole.gradientPass)
        let (whole, last) = (
          bench.plan(workers: workers), bench.plan(workers: workers, rows: plans.last.shards.rows, splitsTree: false)
        )
        #expect(plans.keptFloats >= whole.keptFloats && plans.scratch >= max(whole.scratch, last.scratch))
      }
    }
  }

  /// A plan as threads read it is the plan.
  @Test func viewsAreThePlan() {
    let bench = TrainingBench(norms: [.preActivations])
    let (plan, plans) = (bench.plan(workers: 3), plans(bench, workers: 3))
    #expect(plans.whole.passes == plan.passes && plans.whole.updateTime == plan.updateTime)
    for pass in 0..<plan.passes {
      #expect(plans.whole.unitsOfPass[pass] == plan.unitsOfPass[pass])
      for owner in 0..<3 {
        #expect(plans.whole.owned(pass, owner) == plan.owned[pass][owner])
        for unit in 0..<plan.owned[pass][owner].count {
          #expect(plans.whole.unit(pass, owner, unit) == plan.units[plan.owned[pass][owner].lowerBound + unit])
        }
      }
    }
    for owner in 0..<3 { #expect(plans.whole.inputRows[owner] == plan.inputRows[owner]) }
  }
}
