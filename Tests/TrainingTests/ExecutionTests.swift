import ConfigurationSchema
import Files
import Foundation
import Kernels
import Testing

@testable import DataParallel
@testable import Training

/// What is recorded of a run does not depend on who computes it, nor on how its steps are cut into calls.
@Suite struct ExecutionTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The number of workers that is asked for is the one of the plan, also where there are fewer processors.
  @Test(arguments: [3, 7, 64]) func workersThatAreAskedForAreUsed(workers: Int) throws {
    let draft = Draft.spirals()
    func plans(_ options: Run.Options, _ overrides: [(key: String, value: String)] = []) throws -> [Int] {
      let loop = try TrainingLoop(draft.configuration(in: folder, overrides: overrides), options)
      #expect(loop.coordinator.workers == (options.execution == .singleThread ? 1 : workers))
      _ = try loop.advance()
      return loop.coordinator.plans.values.map(\.workers)
    }
    #expect(try plans(.init(execution: .workers(.fixed(workers)))) == [workers])
    #expect(try plans(.init(), [("parallel.workers", "\(workers)")]) == [workers])
    #expect(try plans(.init(execution: .singleThread)) == [1])
    let summary = try train(
      draft.configuration(in: folder), output: folder.url.appending(path: "r"),
      .init(execution: .workers(.fixed(workers)))
    ).summary
    #expect(summary.workers == workers)
  }

  // MARK: Metrics

  /// Costs of many orders of magnitude, whose sum has other bits in another order.
  private static let uneven = Draft(
    dataset: {
      let rows = (0..<80).map { "[\($0), \($0 * $0 % 7)]" }.joined(separator: ",")
      let targets = (0..<80).map { "\(1.1 * Double(sign: .plus, exponent: $0 * 5 % 23, significand: 1))" }
      return """
        {"train": {"format": "inline", "features": [\(rows)], "targets": [\(targets.joined(separator: ","))]}, \
        "validation": {"fraction": 0.25}, "scaling": "standardize"}
        """
    }(),
    network: """
      {"layers": [{"type": "dense", "units": 40, "activation": "tanh"}, {"type": "batchNorm"}, \
      {"type": "dropout", "rate": 0.25}, {"type": "dense", "units": 1}]}
      """, loss: #""squaredError""#,
    optimizer: #"{"type": "adam", "learningRate": 0.001, "clipping": {"norm": 1}}"#,
    training: #"{"epochs": 3, "batchSize": 3}"#, more: #", "parallel": {"shardRows": 2}"#)

  /// The lines of metrics.jsonl as they stand there, but for the times.
  private func lines(_ name: String, _ options: Run.Options, checkpoint: String) throws -> [String] {
    let configuration = try Self.uneven.configuration(
      in: folder, overrides: [("training.checkpoint", checkpoint)])
    _ = try train(configuration, output: folder.url.appending(path: name), options)
    let text = String(decoding: try folder.read(name + "/metrics.jsonl"), as: UTF8.self)
    return try text.split(separator: "\n").map { line in
      guard case .object(var members) = try JSONValue(Data(line.utf8)) else { return "" }
      for key in ["seconds", "samplesPerSecond"] {
        #expect(members[key] != nil)
        members[key] = nil
      }
      return JSONValue.object(members).compactText
    }
  }

  /// Any number of workers, and calls of one step or of as many as a tenth of a second takes.
  @Test func metricsAreThoseOfTheRun() throws {
    let reference = try lines("reference", .init(execution: .singleThread), checkpoint: #"{"steps": 1}"#)
    #expect(reference.count == 3 && Set(reference).count == 3)
    for workers in [WorkerCount.fixed(1), .fixed(2), .fixed(3), .fixed(7), .fixed(16), .auto] {
      for (index, checkpoint) in [#"{"steps": 7}"#, #"{"epochs": 1}"#].enumerated() {
        let found = try lines("\(workers)-\(index)", .init(execution: .workers(workers)), checkpoint: checkpoint)
        #expect(found == reference, "\(workers), \(checkpoint)")
      }
    }
  }

  /// The sums of calls, added, would be seen: the same costs in another order of sums have another mean.
  @Test func anotherOrderOfSumsIsNoticed() throws {
    let loop = try TrainingLoop(Self.uneven.configuration(in: folder), .init(execution: .singleThread))
    let epoch = Epoch(number: 0, order: SampleOrder(loop.order(epoch: 0)), firstStep: 0)
    let costs = (0..<loop.coordinator.stepsPerEpoch).map {
      loop.coordinator.train(steps: $0..<$0 + 1, of: epoch).lossSum
    }
    let sum = costs.reduce(0, +)
    let means = (2...9).map { length in
      stride(from: 0, to: costs.count, by: length).reduce(0.0) { sum, first in
        sum + costs[first..<min(first + length, costs.count)].reduce(0, +)
      }
    }
    #expect(Set(means).count > 1 && means.contains { $0 != sum } && means.allSatisfy { abs($0 / sum - 1) < 1e-12 })
  }
}
