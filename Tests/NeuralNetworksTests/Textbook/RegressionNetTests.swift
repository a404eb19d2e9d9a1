import Foundation
import NeuralNetworks
import Optimizers
import Testing

/// A 2-2-1 net for regression: h₁ = σ(w₁ x₁ + w₂ x₂ + b₁), h₂ = σ(w₃ x₁ + w₄ x₂ + b₂), ŷ = w₅ h₁ + w₆ h₂ + b₃, with
/// L = (1/n) Σ (ŷ − y)². For one sample dL/dŷ = 2(ŷ − y), and the nine derivatives follow by the chain rule.
@Suite struct RegressionNetTests {
  private let w1 = 0.15
  private let w2 = 0.2
  private let w3 = -0.25
  private let w4 = 0.3
  private let w5 = 0.4
  private let w6 = -0.45
  private let b1 = 0.35
  private let b2 = -0.1
  private let b3 = 0.6

  private var layers: [LayerValues] {
    [
      LayerValues(.sigmoid, weights: [[w1, w2], [w3, w4]], biases: [b1, b2]),
      LayerValues(.identity, weights: [[w5, w6]], biases: [b3]),
    ]
  }

  /// dL/dw₁ … dL/dw₆, dL/db₁ … dL/db₃ of one sample, and L.
  private func derivatives(x1: Double, x2: Double, y: Double) -> (all: [Double], loss: Double) {
    func sigma(_ z: Double) -> Double { 1 / (1 + exp(-z)) }
    let h1 = sigma(w1 * x1 + w2 * x2 + b1)
    let h2 = sigma(w3 * x1 + w4 * x2 + b2)
    let prediction = w5 * h1 + w6 * h2 + b3
    let slope = 2 * (prediction - y)
    let (slope1, slope2) = (slope * w5 * h1 * (1 - h1), slope * w6 * h2 * (1 - h2))
    return (
      [
        slope1 * x1, slope1 * x2, slope2 * x1, slope2 * x2, slope * h1, slope * h2, slope1, slope2, slope,
      ], (prediction - y) * (prediction - y)
    )
  }

  /// In the same order as `derivatives`.
  private func inOrder(weights: [[[Double]]], biases: [[Double]]) -> [Double] {
    Array(weights.joined().joined()) + Array(biases.joined())
  }

  private func bench(_ samples: [(x1: Double, x2: Double, y: Double)], loss: LossKind = .squaredError) -> NetworkBench {
    let bench = NetworkBench(layers, loss: loss)
    bench.load(samples.map { [$0.x1, $0.x2] }, samples.map { [$0.y] })
    bench.pass()
    return bench
  }

  private let samples: [(x1: Double, x2: Double, y: Double)] = [(0.5, -1, 2), (2, 0.25, -0.5), (-1, 1.5, 0.75)]

  @Test(arguments: 0..<3) func oneSample(index: Int) {
    let sample = samples[index]
    let expected = derivatives(x1: sample.x1, x2: sample.x2, y: sample.y)
    let bench = bench([sample])
    #expect(isClose(bench.meanCost, expected.loss))
    #expect(isClose(bench.deltas(2)[0][0], expected.all[8]))
    let gradient = bench.meanGradient()
    #expect(isClose(inOrder(weights: gradient.weights, biases: gradient.biases), expected.all))
  }

  /// L and its gradient are means over n samples; for one output `meanSquaredError` is the same.
  @Test(arguments: [LossKind.squaredError, .meanSquaredError]) func meanOfSamples(loss: LossKind) {
    let each = samples.map { derivatives(x1: $0.x1, x2: $0.x2, y: $0.y) }
    let bench = bench(samples, loss: loss)
    #expect(isClose(bench.meanCost, each.map(\.loss).reduce(0, +) / 3))
    let gradient = bench.meanGradient(shardRows: 2)
    let expected = (0..<9).map { i in each.reduce(0) { $0 + $1.all[i] } / 3 }
    #expect(isClose(inOrder(weights: gradient.weights, biases: gradient.biases), expected))
  }

  /// Each of the nine parameters p becomes p − η dL/dp, with derivatives from before the step.
  @Test(arguments: [0.01, 0.1, 1]) func update(learningRate: Double) {
    let before = [w1, w2, w3, w4, w5, w6, b1, b2, b3]
    let slopes = derivatives(x1: 0.5, x2: -1, y: 2).all
    let bench = bench([samples[0]])
    bench.update(Optimizer(SGD(), learningRate: learningRate))
    let after = inOrder(weights: bench.values.map(\.weights), biases: bench.values.map(\.biases))
    #expect(isClose(after, zip(before, slopes).map { $0 - learningRate * $1 }))
    #expect(!isClose(after, before, 1e-5))
  }
}
