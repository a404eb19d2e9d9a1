import Foundation
import NeuralNetworks
import Optimizers
import Testing

/// XOR on the four corners of the square, in full batches.
///
/// Without a hidden layer z is affine in x, so z₀₀ + z₁₁ = z₀₁ + z₁₀. The mean cross-entropy over the corners is
/// ¼ [s(z₀₀) + s(z₁₁) + s(−z₀₁) + s(−z₁₀)] with s(z) = ln(1 + eᶻ), which is convex; by Jensen's inequality it is at
/// least s(¼ (z₀₀ + z₁₁ − z₀₁ − z₁₀)) = s(0) = ln 2, where all predictions are ½. Likewise the mean square of a linear
/// output, with errors e of the corners: e₀₀ + e₁₁ − e₀₁ − e₁₀ = 2, so by Cauchy's inequality Σ e² ≥ 2²/4, a mean of ¼.
@Suite struct XORTests {
  private let corners: [[Double]] = [[0, 0], [0, 1], [1, 0], [1, 1]]
  private let targets: [[Double]] = [[0], [1], [1], [0]]

  private func bench(_ layers: [LayerValues], _ loss: LossKind) -> NetworkBench {
    let bench = NetworkBench(layers, loss: loss, capacity: 4)
    bench.load(corners, targets)
    return bench
  }

  private func random(_ seed: UInt64, _ activation: ActivationKind) -> [LayerValues] {
    var random = FixedGenerator(seed: seed)
    return [LayerValues(random: &random, activation, inputs: 2, units: 1)]
  }

  private func probability(_ z: Double) -> Double { 1 / (1 + exp(-z)) }

  /// ½ everywhere is a stationary point, and the costs are convex: there is no way down from it.
  @Test func floorIsStationary() {
    let zero = bench([LayerValues(.sigmoid, weights: [[0, 0]], biases: [0])], .binaryCrossEntropy)
    zero.pass()
    #expect(isClose(zero.meanCost, log(2)))
    let half = bench([LayerValues(.identity, weights: [[0, 0]], biases: [0.5])], .squaredError)
    half.pass()
    #expect(half.meanCost == 0.25)
    for gradient in [zero.meanGradient(), half.meanGradient()] {
      #expect(gradient.weights == [[[0, 0]]] && gradient.biases == [[0]])
    }
  }

  /// No parameters are below the floor.
  @Test func nothingIsBelowTheFloor() {
    for seed in 1...200 as ClosedRange<UInt64> {
      let logistic = bench(random(seed, .sigmoid), .binaryCrossEntropy)
      logistic.pass()
      #expect(logistic.meanCost >= log(2) - 1e-6)
      let linear = bench(random(seed, .identity), .squaredError)
      linear.pass()
      #expect(linear.meanCost >= 0.25 - 1e-6)
    }
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>) func noHiddenLayerStaysAtTheFloor(seed: UInt64) {
    let logistic = bench(random(seed, .sigmoid), .binaryCrossEntropy)
    logistic.train(Optimizer(SGD(), learningRate: 1), steps: 500)
    logistic.pass()
    #expect(isClose(logistic.meanCost, log(2), 1e-5))
    #expect(logistic.outputs.allSatisfy { isClose(probability($0[0]), 0.5, 0.001) })

    let linear = bench(random(seed, .identity), .squaredError)
    linear.train(Optimizer(SGD(), learningRate: 0.25), steps: 500)
    linear.pass()
    #expect(isClose(linear.meanCost, 0.25, 1e-5))
    #expect(linear.outputs.allSatisfy { isClose($0[0], 0.5, 0.001) })
  }

  /// Eight hidden units learn it: all four right, with a cost near 0.
  @Test(arguments: 1...8 as ClosedRange<UInt64>) func hiddenLayer(seed: UInt64) {
    for hidden in [ActivationKind.tanh, .sigmoid] {
      var random = FixedGenerator(seed: seed)
      let layers = [
        LayerValues(random: &random, hidden, inputs: 2, units: 8),
        LayerValues(random: &random, .sigmoid, inputs: 8, units: 1),
      ]
      let bench = bench(layers, .binaryCrossEntropy)
      bench.pass()
      #expect(bench.meanCost > 0.5)
      bench.train(Optimizer(SGD(), learningRate: 1), steps: 3000)
      bench.pass()
      #expect(bench.meanCost < 0.01)
      #expect(bench.predictions().map { $0[0] > 0.5 ? 1 : 0 } == [0, 1, 1, 0])
      #expect(isClose(bench.outputs.map { probability($0[0]) }, targets.map { $0[0] }, 0.02))
    }
  }

  /// So does a linear output on the square error, whose activation is compared with one half.
  @Test(arguments: 1...4 as ClosedRange<UInt64>) func squaredError(seed: UInt64) {
    var random = FixedGenerator(seed: seed)
    let layers = [
      LayerValues(random: &random, .tanh, inputs: 2, units: 8),
      LayerValues(random: &random, .identity, inputs: 8, units: 1),
    ]
    let bench = bench(layers, .squaredError)
    bench.train(Optimizer(SGD(), learningRate: 0.1), steps: 2000)
    bench.pass()
    #expect(bench.meanCost < 0.01)
    #expect(bench.predictions().map { $0[0] > 0.5 ? 1 : 0 } == [0, 1, 1, 0])
  }
}
