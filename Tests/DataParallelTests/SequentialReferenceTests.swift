import Datasets
import Kernels
import NeuralNetworks
import Optimizers
import Testing

@testable import DataParallel

@Suite struct SequentialReferenceTests {
  private static let plain = TrainingBench(
    widths: [7, 37, 4, 3], hidden: .relu, output: .identity, loss: .squaredError, samples: 29, batchSize: 11,
    shardRows: 2, rate: 0.0625, l2: 0.03125)

  /// The coefficients of the reference's Adam.
  private static var adam: Adam {
    let adam = SequentialReference.Adam()
    return Adam(beta1: adam.beta1, beta2: adam.beta2, epsilon: adam.epsilon)
  }

  /// Networks, and the rules that train them.
  private static let benches: [TrainingBench] = {
    var benches = (0..<7).map { _ in plain }
    benches[1].norms = [.preActivations]
    benches[2].norms = [.features, .activations]
    benches[3].dropout = 0.25
    let coefficients = SequentialReference.Adam()
    for index in [4, 6] {
      (benches[index].rule, benches[index].rate, benches[index].l2) = (
        adam, coefficients.learningRate, coefficients.l2
      )
    }
    benches[5].clipping = 0.5
    (benches[6].norms, benches[6].dropout) = ([.features, .preActivations], 0.5)
    (benches[6].clipping, benches[6].seed) = (0.5, 1 << 40 + 3)
    return benches
  }()

  /// The reference after two epochs.
  private func reference(
    _ bench: TrainingBench, _ change: (inout SequentialReference) -> Void = { _ in }
  ) -> SequentialReference {
    var reference = SequentialReference(bench)
    if bench.rule is Adam { reference.adam = SequentialReference.Adam() }
    change(&reference)
    let (features, values) = (bench.features, bench.values)
    for epoch in 0..<2 {
      let order = bench.order(epoch: epoch)
      for start in stride(from: 0, to: order.count, by: bench.batchSize) {
        let rows = order[start..<min(start + bench.batchSize, order.count)].map { Int($0) }
        reference.step(
          rows.map { Array(features[$0 * 7..<$0 * 7 + 7]) }, rows.map { Array(values[$0 * 3..<$0 * 3 + 3]) },
          samples: rows, epoch: epoch)
      }
    }
    return reference
  }

  /// The parameters after two epochs by the coordinator, and what the gradient of each step was multiplied by.
  private func trained(
    _ bench: TrainingBench, _ instructionSet: InstructionSet, _ execution: Execution
  ) -> (parameters: [Float], factors: [Float]) {
    var bench = bench
    bench.instructionSet = instructionSet
    bench.execution = execution
    bench.threadLimit = 4
    let coordinator = bench.coordinator()
    var factors: [Float] = []
    for epoch in 0..<2 {
      for step in 0..<3 {
        _ = coordinator.train(steps: step..<step + 1, of: bench.epoch(epoch))
        factors.append(bench.clipping == nil ? 1 : coordinator.kept?.factor ?? 0)
      }
    }
    return (coordinator.parameters.values, factors)
  }

  @Test(arguments: benches.indices, InstructionSet.available)
  func agreesToTheBit(index: Int, instructionSet: InstructionSet) {
    let bench = Self.benches[index]
    let expected = reference(bench)
    for execution in [Execution.singleThread, .workers(.fixed(5))] {
      let (parameters, factors) = trained(bench, instructionSet, execution)
      #expect(parameters.map(\.bitPattern) == expected.parameters.map(\.bitPattern))
      #expect(factors == expected.factors)
    }
    // Some gradients are clipped.
    #expect((bench.clipping == nil) == (expected.factors.min() == 1))
  }

  /// Another order of reduction and another rounding are noticed.
  @Test(arguments: benches.indices) func otherArithmeticIsNoticed(index: Int) {
    let bench = Self.benches[index]
    let expected = digest(reference(bench).parameters)
    #expect(digest(reference(bench) { $0.joinsLeftToRight = true }.parameters) != expected)
    #expect(digest(reference(bench) { $0.roundsTwice = true }.parameters) != expected)
    func expectDifferent(_ isUsed: Bool, _ change: (inout SequentialReference) -> Void) {
      #expect((digest(reference(bench, change).parameters) != expected) == isUsed)
    }
    expectDifferent(bench.dropout > 0) { $0.dropsByRow = true }
    expectDifferent(bench.clipping != nil) { $0.clipsWeightsAlone = true }
    expectDifferent(bench.rule is Adam) { $0.startsLate = true }
  }

  /// The difference is in the last bits only: all these are the same algorithm.
  @Test(arguments: benches.indices) func otherArithmeticIsClose(index: Int) {
    let bench = Self.benches[index]
    for (a, b) in zip(reference(bench).parameters, reference(bench) { $0.roundsTwice = true }.parameters) {
      #expect(abs(a - b) < 1e-3)
    }
  }
}
