import Datasets
import Foundation
import Kernels
import Metrics
import NeuralNetworks
import Testing

@testable import DataParallel

@Suite struct EvaluationTests {
  /// The outputs of a net without hidden layers before its last activation, in Double.
  private func logits(_ bench: TrainingBench, _ sample: Int) -> [Double] {
    let (inputs, units) = (bench.widths[0], bench.widths[1])
    let x = bench.features[sample * inputs..<(sample + 1) * inputs].map(Double.init)
    let (weights, biases) = (bench.initial[0], bench.initial[1])
    return (0..<units).map { unit in
      (0..<inputs).reduce(Double(biases[unit])) { $0 + Double(weights[unit * inputs + $1]) * x[$1] }
    }
  }

  private func accuracy(_ evaluation: Evaluation) -> Double {
    Accuracy().value(evaluation.predictions, evaluation.truth, evaluation.weights)
  }

  private func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-5 * max(abs(b), 0.01) }

  @Test func comparisonIsStrict() {
    #expect(isClose(1, 1.000001) && !isClose(1, 1.0001) && !isClose(0, 1e-5))
  }

  /// Cross-entropy and accuracy of labels; 250 samples are three blocks.
  @Test func labels() {
    let bench = TrainingBench(widths: [4, 3], samples: 250)
    let result = bench.coordinator().evaluate(Subset(bench.table))
    var loss = 0.0
    var correct = 0
    for (sample, label) in bench.labels.enumerated() {
      let z = logits(bench, sample)
      loss += log(z.reduce(0) { $0 + exp($1) }) - z[Int(label)]
      if z.firstIndex(of: z.max()!)! == Int(label) { correct += 1 }
    }
    #expect(isClose(result.meanLoss, loss / 250))
    #expect(accuracy(result) == Double(correct) / 250)
    #expect(correct > 0 && correct < 250)
  }

  @Test func values() {
    let bench = TrainingBench(
      widths: [4, 3], output: .identity, loss: .squaredError, samples: 250)
    let result = bench.coordinator().evaluate(Subset(bench.table))
    var loss = 0.0
    for sample in 0..<250 {
      for (output, a) in logits(bench, sample).enumerated() {
        let difference = a - Double(bench.values[sample * 3 + output])
        loss += difference * difference
      }
    }
    #expect(isClose(result.meanLoss, loss / 250))
    #expect(result.truth == .values(bench.values, columns: 3))
  }

  /// One sigmoid output for two classes: the second class is 1.
  @Test func twoClassesOnOneOutput() {
    let bench = TrainingBench(widths: [4, 1], output: .sigmoid, loss: .binaryCrossEntropy, samples: 30)
    let result = bench.coordinator().evaluate(Subset(bench.table))
    var loss = 0.0
    var correct = 0
    for (sample, label) in bench.labels.enumerated() {
      let a = 1 / (1 + exp(-logits(bench, sample)[0]))
      loss -= label == 1 ? log(a) : log(1 - a)
      if (a > 0.5) == (label == 1) { correct += 1 }
    }
    #expect(isClose(result.meanLoss, loss / 30))
    #expect(accuracy(result) == Double(correct) / 30)
    #expect(correct > 0 && correct < 30)
  }

  @Test func someRowsAlone() {
    let bench = TrainingBench(widths: [4, 3], samples: 20)
    let coordinator = bench.coordinator()
    let table = bench.table
    let first = coordinator.evaluate(Subset(table: table, rows: [3]))
    let second = coordinator.evaluate(Subset(table: table, rows: [17]))
    let both = coordinator.evaluate(Subset(table: table, rows: [3, 17]))
    #expect(first.meanLoss != second.meanLoss && first.predictions != second.predictions)
    #expect(both.predictions.outputs == first.predictions.outputs + second.predictions.outputs)
    #expect(isClose(both.meanLoss, (first.meanLoss + second.meanLoss) / 2))
  }

  /// Whether two evaluations have the same bits.
  private func areEqual(_ first: Evaluation, _ second: Evaluation) -> Bool {
    first.meanLoss.bitPattern == second.meanLoss.bitPattern && first.truth == second.truth
      && first.predictions.columns == second.predictions.columns
      && first.predictions.outputs.map(\.bitPattern) == second.predictions.outputs.map(\.bitPattern)
  }

  /// Equal for all workers, also where they outnumber the blocks, and instruction sets.
  @Test(arguments: [1, 119, 120, 121, 600]) func sameForAllWorkers(samples: Int) {
    var bench = TrainingBench(norms: [.preActivations], dropout: 0.5, samples: samples)
    let table = bench.table
    let expected = bench.coordinator().evaluate(Subset(table))
    for instructionSet in InstructionSet.available {
      bench.instructionSet = instructionSet
      for workers in [1, 2, 3, 4, 7, 8, 16] {
        for threadLimit in [nil, 1, 5] {
          bench.execution = .workers(.fixed(workers))
          bench.threadLimit = threadLimit
          #expect(areEqual(bench.coordinator().evaluate(Subset(table)), expected))
        }
      }
    }
    bench.execution = .workers(.auto)
    #expect(areEqual(bench.coordinator().evaluate(Subset(table)), expected))
  }

  /// Predictions stand in the order of the samples, and a row has the same bits alone and among any others, whoever
  /// computes it. A change of a parameter is noticed.
  @Test(arguments: [LossKind.crossEntropy, .squaredError, .binaryCrossEntropy]) func rowsHaveBitsOfTheirOwn(
    loss: LossKind
  ) {
    var bench = TrainingBench(
      hidden: .silu, output: loss.activations.contains(.tanh) ? .tanh : loss.activations[0], loss: loss,
      norms: [.features, .activations], dropout: 0.5, samples: 300)
    if loss == .binaryCrossEntropy { bench.widths[3] = 1 }
    let (table, columns) = (bench.table, bench.widths[3])
    let trained = bench.coordinator()
    _ = trained.train(steps: 0..<trained.stepsPerEpoch, of: bench.epoch(0))
    func rows(_ rows: [Int32], _ coordinator: Coordinator) -> [[UInt32]] {
      let outputs = coordinator.evaluate(Subset(table: table, rows: rows)).predictions.outputs.map(\.bitPattern)
      return stride(from: 0, to: outputs.count, by: columns).map { Array(outputs[$0..<$0 + columns]) }
    }
    let alone = (0..<300).map { rows([$0], trained)[0] }
    #expect(Set(alone).count > 290)
    let mixed = (0..<300).map { Int32($0 * 7 % 300) }
    for workers in [1, 2, 3, 7, 16] {
      bench.execution = .workers(.fixed(workers))
      bench.threadLimit = workers
      let coordinator = bench.coordinator()
      coordinator.parameters.vector.all.copy(trained.parameters.vector.all)
      #expect(rows(mixed, coordinator) == mixed.map { alone[Int($0)] }, "\(workers) workers")
      #expect(rows(Array(mixed[3..<20]), coordinator) == mixed[3..<20].map { alone[Int($0)] })
      #expect(rows(mixed, coordinator) != alone)
    }
    let biases = trained.parameters.matrix(block: trained.network.layout.blocks.count - 1)
    biases[0, 0] += 0x1p-12
    #expect(rows([5], trained) != [alone[5]])
  }

  @Test func changesNoParameter() {
    let bench = TrainingBench()
    let coordinator = bench.coordinator()
    let before = digest(coordinator.parameters.values)
    _ = coordinator.evaluate(Subset(bench.table))
    #expect(digest(coordinator.parameters.values) == before)
  }
}
