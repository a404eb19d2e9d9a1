import Foundation
import NeuralNetworks
import Optimizers
import Testing

/// The same in matrices, for a mini-batch of fixed size whose rows are the samples:
///
///     Δw⁽ˡ⁾ = (Δa⁽ˡ⁾ ∘ g'(z⁽ˡ⁾)) a⁽ˡ⁻¹⁾ᵀ,   Δa⁽ˡ⁻¹⁾ = w⁽ˡ⁾ᵀ (Δa⁽ˡ⁾ ∘ g'(z⁽ˡ⁾)),   w' = w − α Δw
///
/// with Δw averaged through the mini-batch.
@Suite struct MatrixFormTests {
  typealias Matrix = [[Double]]

  private let layers: [LayerValues]
  private let inputs: Matrix
  private let targets: Matrix

  init() {
    var random = FixedGenerator(seed: 3)
    layers = [
      LayerValues(random: &random, .tanh, inputs: 3, units: 4),
      LayerValues(random: &random, .sigmoid, inputs: 4, units: 2),
    ]
    inputs = random.rows(4, columns: 3)
    targets = random.rows(4, columns: 2)
  }

  private func product(_ a: Matrix, _ b: Matrix) -> Matrix {
    a.map { row in
      b[0].indices.map { j in
        var sum = 0.0
        for k in row.indices { sum += row[k] * b[k][j] }
        return sum
      }
    }
  }

  private func transpose(_ a: Matrix) -> Matrix { a[0].indices.map { j in a.map { $0[j] } } }

  private func combine(_ a: Matrix, _ b: Matrix, _ f: (Double, Double) -> Double) -> Matrix {
    zip(a, b).map { zip($0, $1).map { f($0, $1) } }
  }

  /// z = W a + b of columns of samples.
  private func preActivations(_ layer: LayerValues, _ a: Matrix) -> Matrix {
    zip(product(layer.weights, a), layer.biases).map { row, bias in row.map { $0 + bias } }
  }

  private func isClose(_ a: Matrix, _ b: Matrix) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { NeuralNetworksTests.isClose($0, $1) }
  }

  @Test(arguments: [1, 2, 4]) func batch(shardRows: Int) {
    // Columns are samples, as in the book.
    let a0 = transpose(inputs)
    let a1 = preActivations(layers[0], a0).map { $0.map { tanh($0) } }
    let a2 = preActivations(layers[1], a1).map { $0.map { 1 / (1 + exp(-$0)) } }
    let deltaA2 = combine(a2, transpose(targets)) { 2 * ($0 - $1) }
    let deltaZ2 = combine(deltaA2, a2) { $0 * $1 * (1 - $1) }
    let deltaW2 = product(deltaZ2, transpose(a1)).map { $0.map { $0 / 4 } }
    let deltaA1 = product(transpose(layers[1].weights), deltaZ2)
    let deltaZ1 = combine(deltaA1, a1) { $0 * (1 - $1 * $1) }
    let deltaW1 = product(deltaZ1, transpose(a0)).map { $0.map { $0 / 4 } }

    let bench = NetworkBench(layers, loss: .squaredError, capacity: 4)
    bench.load(inputs, targets)
    bench.pass()
    #expect(isClose(transpose(bench.deltas(2)), deltaZ2))
    #expect(isClose(transpose(bench.deltas(1)), deltaZ1))
    let gradient = bench.meanGradient(shardRows: shardRows)
    #expect(isClose(gradient.weights[1], deltaW2) && isClose(gradient.weights[0], deltaW1))

    let alpha = 0.3
    bench.update(Optimizer(SGD(), learningRate: alpha), shardRows: shardRows)
    #expect(isClose(bench.values[0].weights, combine(layers[0].weights, deltaW1) { $0 - alpha * $1 }))
    #expect(isClose(bench.values[1].weights, combine(layers[1].weights, deltaW2) { $0 - alpha * $1 }))
  }

  /// The step goes down: a small one lowers the cost.
  @Test func stepsGoDown() {
    let bench = NetworkBench(layers, loss: .squaredError)
    bench.load(inputs, targets)
    var cost = Double.infinity
    for _ in 0..<20 {
      bench.pass()
      #expect(bench.meanCost < cost)
      cost = bench.meanCost
      bench.update(Optimizer(SGD(), learningRate: 0.1))
    }
  }
}
