import Foundation
import NeuralNetworks
import Testing

/// Several neurons a layer. C₀ = Σⱼ (aⱼ⁽ᴸ⁾ − yⱼ)², zⱼ⁽ᴸ⁾ = Σₖ wⱼₖ⁽ᴸ⁾ aₖ⁽ᴸ⁻¹⁾ + bⱼ⁽ᴸ⁾, and a neuron of the layer before acts
/// on the cost along all paths:
///
///     ∂C₀/∂aₖ⁽ᴸ⁻¹⁾ = Σⱼ wⱼₖ⁽ᴸ⁾ σ'(zⱼ⁽ᴸ⁾) 2(aⱼ⁽ᴸ⁾ − yⱼ)
///
/// The full cost C = (1/n) Σₖ Cₖ and its gradient are means over the examples.
@Suite struct LayersOfNeuronsTests {
  private let layers = [
    LayerValues(.sigmoid, weights: [[0.5, -1], [0.25, 0.75], [-1.5, 1]], biases: [0.125, -0.25, 0.5]),
    LayerValues(.sigmoid, weights: [[1, -0.5, 2], [-0.75, 1.25, 0.5]], biases: [-0.5, 0.25]),
  ]
  private let inputs = [[0.5, -0.25], [1, 0.75], [-1.5, 0.5]]
  private let targets: [[Double]] = [[1, 0], [0, 1], [0, 0]]

  private func sigma(_ z: Double) -> Double { 1 / (1 + exp(-z)) }

  private func bench(_ samples: Range<Int>) -> NetworkBench {
    let bench = NetworkBench(layers, loss: .squaredError)
    bench.load(Array(inputs[samples]), Array(targets[samples]))
    bench.pass()
    return bench
  }

  /// Each path written out.
  @Test(arguments: 0..<3) func oneExample(sample: Int) {
    let (x, y) = (inputs[sample], targets[sample])
    let (w, v) = (layers[0].weights, layers[1].weights)
    let a = (0..<3).map { (k: Int) -> Double in
      let z: Double = w[k][0] * x[0] + w[k][1] * x[1] + layers[0].biases[k]
      return sigma(z)
    }
    let o = (0..<2).map { (j: Int) -> Double in
      let paths: Double = v[j][0] * a[0] + v[j][1] * a[1] + v[j][2] * a[2]
      return sigma(paths + layers[1].biases[j])
    }
    let bench = bench(sample..<sample + 1)
    #expect(isClose(bench.activations(1)[0], a) && isClose(bench.outputs[0], o))
    let costs = (o[0] - y[0]) * (o[0] - y[0]) + (o[1] - y[1]) * (o[1] - y[1])
    #expect(isClose(bench.meanCost, costs))

    // σ'(zⱼ) 2(aⱼ − yⱼ)
    let path = (0..<2).map { (j: Int) -> Double in o[j] * (1 - o[j]) * 2 * (o[j] - y[j]) }
    let gradient = bench.meanGradient()
    #expect(isClose(gradient.biases[1], path))
    for j in 0..<2 { #expect(isClose(gradient.weights[1][j], a.map { $0 * path[j] })) }

    for k in 0..<3 {
      let costByA = v[0][k] * path[0] + v[1][k] * path[1]
      let costByZ = a[k] * (1 - a[k]) * costByA
      #expect(isClose(bench.deltas(1)[0][k], costByZ))
      #expect(isClose(gradient.weights[0][k], [x[0] * costByZ, x[1] * costByZ]))
      #expect(isClose(gradient.biases[0][k], costByZ))
    }
  }

  /// Neither path alone is the sensitivity.
  @Test func onePathIsNotEnough() {
    let bench = bench(0..<1)
    let (a, delta) = (bench.activations(1)[0], bench.deltas(2)[0])
    for j in 0..<2 {
      let weights = layers[1].weights[j]
      let single = (0..<3).map { (k: Int) -> Double in a[k] * (1 - a[k]) * weights[k] * delta[j] }
      #expect(!isClose(bench.deltas(1)[0], single, 1e-4))
    }
  }

  @Test func meansOverTheExamples() {
    let all = bench(0..<3)
    let each = (0..<3).map { bench($0..<$0 + 1) }
    #expect(isClose(all.meanCost, each.map(\.meanCost).reduce(0, +) / 3))
    let gradients = each.map { $0.meanGradient() }
    for shardRows in [1, 2, 3] {
      let mean = all.meanGradient(shardRows: shardRows)
      for l in 0..<2 {
        for j in layers[l].weights.indices {
          #expect(isClose(mean.biases[l][j], gradients.reduce(0) { $0 + $1.biases[l][j] } / 3))
          for k in layers[l].weights[j].indices {
            #expect(isClose(mean.weights[l][j][k], gradients.reduce(0) { $0 + $1.weights[l][j][k] } / 3))
          }
        }
      }
    }
  }
}
