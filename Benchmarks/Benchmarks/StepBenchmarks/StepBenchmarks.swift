import Benchmark
import DataParallel
import Kernels
import Workloads

/// A step and an epoch of each workload, by number of workers.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .throughput], warmupIterations: 3, maxDuration: .seconds(3))
  for workload in Workload.allCases {
    guard let data = try? workload.load() else { continue }
    for workers in [1, 2] {
      Benchmark("\(workload.rawValue) 10 steps, \(workers) workers") { benchmark in
        let session = TrainingSession(
          workload, data, instructionSet: .best, execution: .workers(.fixed(workers)))
        _ = session.train(steps: 10)
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations { _ = session.train(steps: 10) }
        benchmark.stopMeasurement()
      }
      Benchmark("\(workload.rawValue) epoch, \(workers) workers") { benchmark in
        let session = TrainingSession(
          workload, data, instructionSet: .best, execution: .workers(.fixed(workers)))
        _ = session.train(steps: 1)
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations { _ = session.train(steps: .max) }
        benchmark.stopMeasurement()
      }
    }
  }
}
