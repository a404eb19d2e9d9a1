import NeuralNetworks
import Testing

@Suite struct SquaredErrorTests {
  /// a − y = (1, −2, ½): the sum of squares is 5.25.
  @Test func handValues() {
    let (z, y): ([Float], [Float]) = ([3, -1, 0.5], [2, 1, 0])
    let squared = LossResult(.squaredError, .identity, z: z, target: y)
    #expect(squared.losses == [5.25] && squared.deltas == [[2, -4, 1]] && squared.outputs == [z])
    let half = LossResult(.halfSquaredError, .identity, z: z, target: y)
    #expect(half.losses == [2.625] && half.deltas == [[1, -2, 0.5]])
    let four = LossResult(.meanSquaredError, .identity, z: z + [7], target: y + [7])
    #expect(four.losses == [5.25 / 4] && four.deltas == [[0.5, -1, 0.25, 0]])
  }

  /// δ is by z: through σ' = ¼ at z = 0, where a = ½.
  @Test func throughTheActivation() {
    let result = LossResult(.squaredError, .sigmoid, z: [0, 0], target: [0, 1])
    #expect(result.losses == [0.5] && result.deltas == [[0.25, -0.25]] && result.outputs == [[0.5, 0.5]])
    let relu = LossResult(.squaredError, .relu, z: [-3, 3], target: [1, 1])
    #expect(relu.losses == [5] && relu.deltas == [[0, 4]] && relu.outputs == [[0, 3]])
  }

  /// Brier's score: a = (½, ½), y = (1, 0), ∂C/∂a = (−1, 1), whose mean under a is 0.
  @Test func throughSoftmax() {
    let result = LossResult(.squaredError, .softmax, z: [5, 5], target: [1, 0])
    #expect(result.losses == [0.5] && result.deltas == [[-0.5, 0.5]])
  }

  @Test func saturatedOutputs() {
    for activation in [ActivationKind.sigmoid, .tanh, .softmax] {
      let result = LossResult(.squaredError, activation, z: [1000, -1000, 3e38, -3e38], target: [0, 1, 0, 0])
      #expect(result.losses[0].isFinite && result.losses[0] >= 1)
      #expect(result.deltas[0].allSatisfy { $0 == 0 })
    }
  }

  @Test(arguments: [1, 2, 16, 17, 32, 33, 70]) func manyOutputs(outputs: Int) {
    let z = (0..<outputs).map { Float($0) }
    let y = (0..<outputs).map { Float($0 % 3) }
    let sum = zip(z, y).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let squared = LossResult(.squaredError, .identity, z: z, target: y)
    // Whole numbers below 2²⁴: exact in any order.
    #expect(squared.losses == [sum] && squared.deltas == [zip(z, y).map { 2 * ($0 - $1) }])
    let mean = LossResult(.meanSquaredError, .identity, z: z, target: y)
    #expect(isClose(Double(mean.losses[0]), Double(sum) / Double(outputs), Double(sum) * 1e-6))
  }

  @Test(arguments: [1, 5, 33, 70]) func independentRows(outputs: Int) {
    for activation in LossKind.squaredError.activations {
      #expect(rowsAreIndependent(.squaredError, activation, outputs: outputs))
    }
  }

  @Test func names() throws {
    let scales: [String: Float] = ["squaredError": 1, "halfSquaredError": 0.5, "meanSquaredError": 0.25]
    for (name, scale) in scales {
      let kind = try #require(LossKind(rawValue: name))
      let result = LossResult(kind, .identity, z: [1, 0, 0, 0], target: [0, 0, 0, 0])
      #expect(result.losses == [scale] && result.deltas == [[2 * scale, 0, 0, 0]])
      #expect(!kind.takesLogits && kind.targets == .values)
      #expect(kind.activations == ActivationKind.allCases)
    }
  }
}
