import Foundation
import NeuralNetworks
import Optimizers
import Testing

/// A chain of single neurons, three weights and three biases, with C₀ = (a⁽ᴸ⁾ − y)²:
///
///     ∂C₀/∂w⁽ᴸ⁾ = a⁽ᴸ⁻¹⁾ σ'(z⁽ᴸ⁾) 2(a⁽ᴸ⁾ − y)
///     ∂C₀/∂b⁽ᴸ⁾ = σ'(z⁽ᴸ⁾) 2(a⁽ᴸ⁾ − y)
///     ∂C₀/∂a⁽ᴸ⁻¹⁾ = w⁽ᴸ⁾ σ'(z⁽ᴸ⁾) 2(a⁽ᴸ⁾ − y)
@Suite struct ChainOfNeuronsTests {
  private let w1 = 0.75
  private let w2 = -1.25
  private let w3 = 1.5
  private let b1 = -0.25
  private let b2 = 0.5
  private let x = 0.625
  private let y = 1.0

  private func sigma(_ z: Double) -> Double { 1 / (1 + exp(-z)) }
  private func slope(_ z: Double) -> Double { sigma(z) * (1 - sigma(z)) }

  private func bench(_ activation: ActivationKind, b3: Double) -> NetworkBench {
    let bench = NetworkBench(
      [
        LayerValues(activation, weights: [[w1]], biases: [b1]),
        LayerValues(activation, weights: [[w2]], biases: [b2]),
        LayerValues(activation, weights: [[w3]], biases: [b3]),
      ], loss: .squaredError)
    bench.load([[x]], [[y]])
    bench.pass()
    return bench
  }

  /// The last bias makes a⁽ᴸ⁾ = 0.66.
  @Test func sigmoid() {
    let z1 = w1 * x + b1
    let a1 = sigma(z1)
    let z2 = w2 * a1 + b2
    let a2 = sigma(z2)
    let b3 = log(0.66 / 0.34) - w3 * a2
    let z3 = w3 * a2 + b3
    let a3 = sigma(z3)

    let bench = bench(.sigmoid, b3: b3)
    #expect(isClose(bench.outputs[0][0], 0.66))
    // (0.66 − 1.00)² = 0.1156
    #expect(isClose(bench.meanCost, 0.1156, 0.00005))

    let costByA3 = 2 * (a3 - y)
    let costByW3 = a2 * slope(z3) * costByA3
    let costByB3 = slope(z3) * costByA3
    let costByA2 = w3 * slope(z3) * costByA3
    let costByW2 = a1 * slope(z2) * costByA2
    let costByB2 = slope(z2) * costByA2
    let costByA1 = w2 * slope(z2) * costByA2
    let costByW1 = x * slope(z1) * costByA1
    let costByB1 = slope(z1) * costByA1

    let gradient = bench.meanGradient()
    #expect(isClose(gradient.weights.map { $0[0][0] }, [costByW1, costByW2, costByW3], 1e-7))
    #expect(isClose(gradient.biases.map { $0[0] }, [costByB1, costByB2, costByB3], 1e-7))
    // δˡ is ∂C₀/∂z⁽ˡ⁾, from which ∂C₀/∂a⁽ˡ⁾ follows.
    #expect(isClose(bench.deltas(2)[0][0] / slope(z2), costByA2, 1e-6))
    #expect(isClose(bench.deltas(1)[0][0] / slope(z1), costByA1, 1e-6))
  }

  /// The same with g(z) = max(z, 0): all three neurons are active, so every g' is 1.
  @Test func relu() {
    let a1 = 0.21875
    let a2 = 0.2265625
    let b3 = 0.66 - w3 * a2
    let bench = bench(.relu, b3: b3)
    #expect(bench.activations(1) == [[a1]] && bench.activations(2) == [[a2]])
    #expect(isClose(bench.outputs[0][0], 0.66) && isClose(bench.meanCost, 0.1156, 0.00005))

    let costByA3 = 2 * (0.66 - y)
    let gradient = bench.meanGradient()
    #expect(isClose(gradient.weights.map { $0[0][0] }, [x * w2 * w3 * costByA3, a1 * w3 * costByA3, a2 * costByA3]))
    #expect(isClose(gradient.biases.map { $0[0] }, [w2 * w3 * costByA3, w3 * costByA3, costByA3]))
    #expect(isClose(bench.deltas(2)[0][0], w3 * costByA3))
  }

  /// A dead neuron passes nothing back: ReLU'(z) = 0 for z < 0.
  @Test func deadRelu() {
    let bench = bench(.relu, b3: -2)
    #expect(bench.outputs == [[0]] && bench.meanCost == 1)
    let gradient = bench.meanGradient()
    #expect(gradient.weights == [[[0]], [[0]], [[0]]] && gradient.biases == [[0], [0], [0]])
  }

  /// Behind an identity neuron δ itself is ∂C₀/∂a⁽ᴸ⁻¹⁾ = w⁽ᴸ⁾ σ'(z⁽ᴸ⁾) 2(a⁽ᴸ⁾ − y).
  @Test func sensitivityToTheActivationBefore() {
    let bench = NetworkBench(
      [
        LayerValues(.identity, weights: [[w1]], biases: [b1]), LayerValues(.sigmoid, weights: [[w2]], biases: [b2]),
      ], loss: .squaredError)
    bench.load([[x]], [[y]])
    bench.pass()
    let z2 = w2 * (w1 * x + b1) + b2
    #expect(isClose(bench.deltas(1)[0][0], w2 * slope(z2) * 2 * (sigma(z2) - y)))
  }
}
