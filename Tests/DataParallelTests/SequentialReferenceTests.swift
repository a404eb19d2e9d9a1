import Datasets
import Kernels
import NeuralNetworks
import Testing

@testable import DataParallel

@Suite struct SequentialReferenceTests {
  private let bench = TrainingBench(
    widths: [7, 37, 4, 3], hidden: .relu, output: .identity, loss: .squaredError, samples: 29, batchSize: 11,
    shardRows: 2, rate: 0.0625, l2: 0.03125)

  /// The parameters after two epochs by the reference.
  private func reference(_ change: (inout SequentialReference) -> Void = { _ in }) -> [Float] {
    var reference = SequentialReference(bench)
    change(&reference)
    let (features, values) = (bench.features, bench.values)
    for epoch in 0..<2 {
      let order = bench.order(epoch: epoch)
      for start in stride(from: 0, to: order.count, by: bench.batchSize) {
        let rows = order[start..<min(start + bench.batchSize, order.count)].map { Int($0) }
        reference.step(
          rows.map { Array(features[$0 * 7..<$0 * 7 + 7]) }, rows.map { Array(values[$0 * 3..<$0 * 3 + 3]) })
      }
    }
    return reference.parameters
  }

  /// The parameters after two epochs by the coordinator.
  private func trained(_ instructionSet: InstructionSet, _ execution: Execution) -> [Float] {
    var bench = bench
    bench.instructionSet = instructionSet
    bench.execution = execution
    bench.threadLimit = 4
    let coordinator = bench.coordinator()
    for epoch in 0..<2 { _ = coordinator.train(steps: 0..<3, order: bench.order(epoch: epoch)) }
    return coordinator.parameters.values
  }

  @Test(arguments: InstructionSet.available) func agreesToTheBit(instructionSet: InstructionSet) {
    let expected = reference()
    #expect(trained(instructionSet, .singleThread).map(\.bitPattern) == expected.map(\.bitPattern))
    #expect(trained(instructionSet, .workers(.fixed(5))).map(\.bitPattern) == expected.map(\.bitPattern))
  }

  /// Another order of reduction and another rounding are noticed.
  @Test func otherArithmeticIsNoticed() {
    let expected = digest(reference())
    #expect(digest(reference { $0.addsLeftToRight = true }) != expected)
    #expect(digest(reference { $0.roundsTwice = true }) != expected)
  }

  /// The difference is in the last bits only: all these are the same algorithm.
  @Test func otherArithmeticIsClose() {
    for (a, b) in zip(reference(), reference { $0.roundsTwice = true }) { #expect(abs(a - b) < 1e-4) }
  }
}
