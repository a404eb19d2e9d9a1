import Kernels
import Testing

@testable import NeuralNetworks

@Suite struct GaussianNoiseTests {
  private static func dense(_ kind: ActivationKind = .identity, _ units: Int = 4) -> Dense {
    Dense(units: units, activation: Activation(kind))
  }

  /// It joins the operations before it, and there is nothing to do backward.
  @Test func stages() {
    let layers: [any Layer] = [Self.dense(.relu, 40), GaussianNoise(standardDeviation: 0.5), Self.dense(.identity, 3)]
    let (training, inference, blocks) = compiled(layers)
    #expect(
      training.stageNames == [
        ["product", "function", "gaussianNoise"], ["product"], ["loss"], ["inputGradient", "derivative"],
      ])
    #expect(inference.stageNames == [["product", "function"], ["product"], ["loss"]])
    #expect(blocks.count == 4)
    let none: [any Layer] = [Self.dense(), GaussianNoise(standardDeviation: 0)]
    #expect(compiled(none).training.stageNames == [["product"], ["loss"]])
  }

  /// A mini-batch of ones with noise, and the outputs.
  private func outputs(
    _ layers: [any Layer], epoch: Int = 0, seed: UInt64 = 1, columns: Int = 70, samples: Int = 9
  ) -> [[Double]] {
    let bench = NetworkBench(inputs: columns, layers, loss: .squaredError, capacity: max(samples, 16))
    (bench.epoch, bench.seed) = (epoch, seed)
    let ones = [[Double]](repeating: .init(repeating: 1, count: columns), count: samples)
    bench.load(ones, ones)
    bench.pass()
    #expect(bench.predictions() == ones)
    return bench.outputs
  }

  @Test func noiseOfLayersEpochsAndSeeds() {
    let noise = GaussianNoise(standardDeviation: 0.25)
    let bench = NetworkBench(inputs: 70, [noise, BatchNorm()], loss: .squaredError)
    let reference = ReferenceStack(bench)
    let first = outputs([noise])
    for (r, row) in first.enumerated() {
      #expect(isClose(row, row.indices.map { 1 + 0.25 * reference.noise(0, r, $0) }, 1e-6))
    }
    #expect(outputs([noise]) == first)
    #expect(outputs([Activation(.relu), noise]) != first)
    #expect(outputs([noise], epoch: 1) != first)
    #expect(outputs([noise], seed: 2) != first)
    #expect(Set(first).count == 9 && Set(first.joined()).count > 600)
  }

  /// Mean 0, variance 1, kurtosis 3, no correlation of neighbours or of units 16 apart, which share a block.
  @Test func moments() {
    let rows = outputs([GaussianNoise(standardDeviation: 1)], columns: 96, samples: 400).map { $0.map { $0 - 1 } }
    let all = Array(rows.joined())
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    #expect(abs(mean(all)) < 0.02)
    #expect(abs(mean(all.map { $0 * $0 }) - 1) < 0.03)
    #expect(abs(mean(all.map { $0 * $0 * $0 })) < 0.06)
    #expect(abs(mean(all.map { $0 * $0 * $0 * $0 }) - 3) < 0.2)
    for distance in [1, 16, 32] {
      let products = rows.flatMap { row in (0..<row.count - distance).map { row[$0] * row[$0 + distance] } }
      #expect(abs(mean(products)) < 0.03)
    }
    let inside = Double(all.count { abs($0) < 1 }) / Double(all.count)
    #expect(abs(inside - 0.6827) < 0.01)
  }

  static let networks: [[any Layer]] = [
    [GaussianNoise(standardDeviation: 0.25), dense(.tanh), dense(.identity, 2)],
    [dense(.tanh, 35), GaussianNoise(standardDeviation: 0.5), dense(.gelu), GaussianNoise(standardDeviation: 0.125)],
    [dense(), GaussianNoise(standardDeviation: 0.5), BatchNorm(), Activation(.softmax)],
  ]

  @Test(arguments: networks.indices) func agreesWithDifferences(index: Int) throws {
    let example = try #require(LayerExample(Self.networks[index], samples: 8))
    #expect(example.agrees())
    // Noise that belongs to the row of a mini-batch instead of the sample, or to another layer, is noticed.
    #expect(
      !example.agrees { reference in
        let noise = reference.noise
        reference.noise = { layer, row, unit in noise(layer, (row + 1) % 8, unit) }
      })
    #expect(
      !example.agrees { reference in
        let noise = reference.noise
        reference.noise = { layer, row, unit in noise(layer + 1, row, unit) }
      })
  }
}
