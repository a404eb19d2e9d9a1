import Datasets
import Foundation
import Kernels
import NeuralNetworks
import Testing

@testable import DataParallel

@Suite struct EvaluationTests {
  /// The outputs of a net without hidden layers before its last activation, in Double.
  private func logits(_ bench: TrainingBench, _ sample: Int) -> [Double] {
    let (inputs, units) = (bench.widths[0], bench.widths[1])
    let x = bench.features[sample * inputs..<(sample + 1) * inputs].map(Double.init)
    let (weights, biases) = bench.initial[0]
    return (0..<units).map { unit in
      (0..<inputs).reduce(Double(biases[unit])) { $0 + Double(weights[unit * inputs + $1]) * x[$1] }
    }
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
    #expect(result.accuracy == Double(correct) / 250)
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
    #expect(result.accuracy == nil)
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
    #expect(result.accuracy == Double(correct) / 30)
    #expect(correct > 0 && correct < 30)
  }

  @Test func someRowsAlone() {
    let bench = TrainingBench(widths: [4, 3], samples: 20)
    let coordinator = bench.coordinator()
    let table = bench.table
    let first = coordinator.evaluate(Subset(table: table, rows: [3]))
    let second = coordinator.evaluate(Subset(table: table, rows: [17]))
    let both = coordinator.evaluate(Subset(table: table, rows: [3, 17]))
    #expect(first != second)
    #expect(isClose(both.meanLoss, (first.meanLoss + second.meanLoss) / 2))
  }

  /// Equal for all workers, also where they outnumber the blocks, and instruction sets.
  @Test(arguments: [1, 119, 120, 121, 600]) func sameForAllWorkers(samples: Int) {
    var bench = TrainingBench(samples: samples)
    let table = bench.table
    let expected = bench.coordinator().evaluate(Subset(table))
    for instructionSet in InstructionSet.available {
      bench.instructionSet = instructionSet
      for workers in [1, 2, 3, 4, 7, 8, 16] {
        for threadLimit in [nil, 1, 5] {
          bench.execution = .workers(.fixed(workers))
          bench.threadLimit = threadLimit
          let result = bench.coordinator().evaluate(Subset(table))
          #expect(result.meanLoss.bitPattern == expected.meanLoss.bitPattern)
          #expect(result.accuracy == expected.accuracy)
        }
      }
    }
    bench.execution = .workers(.auto)
    #expect(bench.coordinator().evaluate(Subset(table)) == expected)
  }

  @Test func changesNoParameter() {
    let bench = TrainingBench()
    let coordinator = bench.coordinator()
    let before = digest(coordinator.parameters.values)
    _ = coordinator.evaluate(Subset(bench.table))
    #expect(digest(coordinator.parameters.values) == before)
  }
}
