import Foundation
import NeuralNetworks
import Testing

/// The δ equations, δ = ∂C/∂z:
///
///     δᴸ = (a − y) σ'(z) for C = ½ (y − a)²,   δᴸ = a − y for cross-entropy,   δᵢˡ⁻¹ = σ'(zᵢ) Σⱼ wⱼᵢ δⱼˡ
@Suite struct DeltaEquationsTests {
  /// One neuron with z as its bias.
  private func neuron(_ loss: LossKind, z: Double, y: Double) -> NetworkBench {
    let bench = NetworkBench([LayerValues(.sigmoid, weights: [[0]], biases: [z])], loss: loss)
    bench.load([[1]], [[y]])
    bench.pass()
    return bench
  }

  /// z = −0.241: a = 0.44, C = ½ · 0.56² = 0.1568, σ' = 0.44 · 0.56 = 0.2464, δ = −0.56 · 0.2464 = −0.1380. The book
  /// rounds a to two digits, and a is 0.44004: C is off by 0.00002.
  @Test func workedFigures() {
    let bench = neuron(.halfSquaredError, z: -0.241, y: 1)
    let a = bench.outputs[0][0]
    #expect(isClose(a, 0.44, 0.00005))
    #expect(isClose(bench.meanCost, 0.1568, 0.00005))
    #expect(isClose(bench.deltas(1)[0][0], (a - 1) * 0.2464, 0.00005))
    #expect(isClose(bench.deltas(1)[0][0] / (a - 1), 0.2464, 0.00005))
    #expect(isClose(bench.meanGradient().biases[0][0], -0.1380, 0.00005))
  }

  /// The whole square has twice the cost and twice the δ.
  @Test func withoutTheHalf() {
    let (half, whole) = (neuron(.halfSquaredError, z: -0.241, y: 1), neuron(.squaredError, z: -0.241, y: 1))
    #expect(whole.losses[0] == 2 * half.losses[0])
    #expect(whole.deltas(1)[0][0] == 2 * half.deltas(1)[0][0])
  }

  /// Cross-entropy cancels σ': a neuron that is sure and wrong learns fast.
  @Test(arguments: [-0.241, 0, 2, -8]) func crossEntropy(z: Double) {
    let a = 1 / (1 + exp(-Double(Float(z))))
    let (binary, squared) = (neuron(.binaryCrossEntropy, z: z, y: 1), neuron(.halfSquaredError, z: z, y: 1))
    #expect(isClose(binary.deltas(1)[0][0], a - 1))
    #expect(isClose(squared.deltas(1)[0][0], (a - 1) * a * (1 - a)))
    #expect(isClose(binary.meanCost, -log(a)))
  }

  @Test func softmax() {
    let z = [0.5, -1, 2]
    let bench = NetworkBench([LayerValues(.softmax, weights: [[0], [0], [0]], biases: z)], loss: .crossEntropy)
    bench.load([[1]], [[0, 1, 0]])
    bench.pass()
    let sum = exp(0.5) + exp(-1) + exp(2)
    #expect(isClose(bench.deltas(1)[0], [exp(0.5) / sum, exp(-1) / sum - 1, exp(2) / sum]))
    #expect(isClose(bench.meanCost, log(sum) + 1))
  }

  /// δ of a hidden layer, from the package's own δ of the layer behind it.
  @Test(arguments: [LossKind.halfSquaredError, .binaryCrossEntropy, .crossEntropy]) func hiddenLayers(loss: LossKind) {
    var random = FixedGenerator(seed: 21)
    let layers = [
      LayerValues(random: &random, .sigmoid, inputs: 3, units: 4),
      LayerValues(random: &random, .sigmoid, inputs: 4, units: 6),
      LayerValues(random: &random, loss.activations.contains(.sigmoid) ? .sigmoid : .softmax, inputs: 6, units: 2),
    ]
    let bench = NetworkBench(layers, loss: loss)
    bench.load(random.rows(5, columns: 3), random.oneHotRows(5, columns: 2))
    bench.pass()
    for l in 1...2 {
      let (a, next, delta) = (bench.activations(l), bench.deltas(l + 1), bench.deltas(l))
      for r in 0..<5 {
        for i in a[r].indices {
          var sum = 0.0
          for j in next[r].indices { sum += layers[l].weights[j][i] * next[r][j] }
          #expect(isClose(delta[r][i], sum * a[r][i] * (1 - a[r][i]), 1e-7))
        }
      }
    }
  }
}
