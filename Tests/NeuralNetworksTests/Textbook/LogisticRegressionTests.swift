import Foundation
import NeuralNetworks
import Optimizers
import Testing

/// Logistic regression, h = σ(θᵀx), and its extension to K sigmoid outputs:
///
///     J(θ) = −(1/m) Σᵢ Σₖ [yₖ ln hₖ + (1 − yₖ) ln(1 − hₖ)] + (λ/2m) Σ θ²,   biases left out of the penalty
///
/// The package adds (l2/2) Σ w² to the mean over the mini-batch. So for full batches of m samples `optimizer.l2` is λ/m.
@Suite struct LogisticRegressionTests {
  private let inputs = [[0.5, 1.5], [-1, 0.25], [2, -0.75], [0, 1], [-0.5, -2]]
  private let targets: [[Double]] = [[1], [0], [1], [1], [0]]
  private let theta = LayerValues(.sigmoid, weights: [[0.75, -0.5]], biases: [0.25])

  private func h(_ x: [Double]) -> Double {
    1 / (1 + exp(-(0.75 * x[0] - 0.5 * x[1] + 0.25)))
  }

  private func bench() -> NetworkBench {
    let bench = NetworkBench([theta], loss: .binaryCrossEntropy)
    bench.load(inputs, targets)
    bench.pass()
    return bench
  }

  @Test func cost() {
    var sum = 0.0
    for (x, y) in zip(inputs, targets) { sum -= y[0] == 1 ? log(h(x)) : log(1 - h(x)) }
    #expect(isClose(bench().meanCost, sum / 5))
  }

  /// ∂J/∂θⱼ = (1/m) Σ (h − y) xⱼ + (λ/m) θⱼ, and without the last term for the bias.
  @Test(arguments: [0, 0.5, 5]) func penalizedGradient(lambda: Double) {
    var expected = [0.75, -0.5].map { lambda / 5 * $0 }
    var bias = 0.0
    for (x, y) in zip(inputs, targets) {
      let error = h(x) - y[0]
      for j in 0..<2 { expected[j] += error * x[j] / 5 }
      bias += error / 5
    }
    let gradient = bench().gradientOfStep(l2: lambda / 5)
    #expect(isClose(gradient.weights[0][0], expected))
    #expect(isClose(gradient.biases[0][0], bias))
  }

  /// With l2 = λ/m the gradient is that of J by differences; with l2 = λ it is not.
  @Test func lambdaOverSamples() {
    let lambda = 2.0
    func j(_ weights: [Double], _ bias: Double) -> Double {
      let layer = LayerValues(.sigmoid, weights: [[0, 0]], biases: [0])
      var network = ReferenceNetwork([layer], loss: .binaryCrossEntropy)
      network.layers[0].weights = [weights]
      network.layers[0].biases = [bias]
      let squares = weights[0] * weights[0] + weights[1] * weights[1]
      return network.meanCost(inputs, targets) + lambda / (2 * 5) * squares
    }
    let step = 1e-5
    let expected = [
      (j([0.75 + step, -0.5], 0.25) - j([0.75 - step, -0.5], 0.25)) / (2 * step),
      (j([0.75, -0.5 + step], 0.25) - j([0.75, -0.5 - step], 0.25)) / (2 * step),
    ]
    #expect(isClose(bench().gradientOfStep(l2: lambda / 5).weights[0][0], expected))
    #expect(!isClose(bench().gradientOfStep(l2: lambda).weights[0][0], expected, 0.1))
  }

  // MARK: Several outputs

  private let probabilities = [0.234, 0.678, 0.102, 0.020, 0.800]
  private let y: [Double] = [0, 1, 0, 0, 0]

  /// Outputs that do not depend on the features: their biases are the logits ln h/(1 − h).
  private func bench(outputs: [Int]) -> NetworkBench {
    let logits = outputs.map { log(probabilities[$0] / (1 - probabilities[$0])) }
    let layer = LayerValues(.sigmoid, weights: outputs.map { _ in [0] }, biases: logits)
    let bench = NetworkBench([layer], loss: .binaryCrossEntropy)
    bench.load([[1]], [outputs.map { y[$0] }])
    bench.pass()
    return bench
  }

  /// The fifth output is sure and wrong: −ln 0.2 = 1.6094 is most of the cost.
  @Test(arguments: [
    (0, 0.766, 0.2666), (1, 0.678, 0.3886), (2, 0.898, 0.1076), (3, 0.980, 0.0202), (4, 0.2, 1.6094),
  ])
  func costOfAnOutput(output: Int, probability: Double, cost: Double) {
    let bench = bench(outputs: [output])
    #expect(isClose(bench.meanCost, -log(probability)))
    #expect(isClose(bench.meanCost, cost, 0.00005))
  }

  @Test func costOfAllOutputs() {
    let bench = bench(outputs: [0, 1, 2, 3, 4])
    #expect(isClose(bench.meanCost, -log(0.766) - log(0.678) - log(0.898) - log(0.980) - log(0.2), 2e-6))
    #expect(isClose(bench.deltas(1)[0], zip(probabilities, y).map { $0 - $1 }))
  }

  /// K outputs are K regressions that share their features.
  @Test func outputsAreIndependent() {
    let all = bench(outputs: [0, 1, 2, 3, 4]).meanGradient()
    for output in 0..<5 {
      let alone = bench(outputs: [output]).meanGradient()
      #expect(alone.weights[0][0] == all.weights[0][output] && alone.biases[0][0] == all.biases[0][output])
    }
  }
}
