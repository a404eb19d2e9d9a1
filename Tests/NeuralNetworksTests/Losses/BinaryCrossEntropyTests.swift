import Foundation
import NeuralNetworks
import Testing

@Suite struct BinaryCrossEntropyTests {
  private func result(_ z: [Float], _ y: [Float]) -> LossResult {
    LossResult(.binaryCrossEntropy, .sigmoid, z: z, target: y)
  }

  /// At z = 0 each output costs ln 2, and δ = ½ − y. The logits stay.
  @Test func handValues() {
    let result = result([0, 0, 0], [0, 1, 0.25])
    #expect(isClose(Double(result.losses[0]), 3 * log(2)))
    #expect(result.deltas == [[0.5, -0.5, 0.25]] && result.outputs == [[0, 0, 0]])
  }

  @Test(arguments: [1, 2, 5, 16, 17, 33, 70]) func agreesWithTheTextbook(outputs: Int) {
    var random = FixedGenerator(seed: UInt64(outputs))
    let z = random.numbers(outputs).map { Float(6 * $0) }
    let y = random.numbers(outputs).map { Float($0 > 0 ? 1 : 0) }
    var expected = 0.0
    for (z, y) in zip(z, y) {
      let a = 1 / (1 + exp(-Double(z)))
      expected -= y == 1 ? log(a) : log(1 - a)
    }
    let result = result(z, y)
    #expect(isClose(Double(result.losses[0]), expected, expected * 1e-6))
    for ((z, y), delta) in zip(zip(z, y), result.deltas[0]) {
      #expect(isClose(Double(delta), 1 / (1 + exp(-Double(z))) - Double(y), 3e-7))
    }
  }

  /// −ln σ(z) is −z for large negative z, and e⁻ᶻ for large positive ones: never ∞, never lost to rounding.
  @Test(arguments: [100, 1000, 1e6, 3e38] as [Float]) func largeLogits(z: Float) {
    #expect(result([z], [0]).losses == [z] && result([z], [0]).deltas == [[1]])
    #expect(result([-z], [1]).losses == [z] && result([-z], [1]).deltas == [[-1]])
    #expect(result([z], [1]).losses[0] <= 0x1p-144 && result([z], [1]).deltas == [[0]])
    #expect(result([-z], [0]).losses[0] <= 0x1p-144 && abs(result([-z], [0]).deltas[0][0]) <= 0x1p-144)
    #expect(result([z, -z, 0], [1, 0, 1]).losses[0].isFinite)
  }

  /// A right answer's cost keeps its digits where 1 − a rounds to 0.
  @Test(arguments: [10, 20, 40, 80] as [Float]) func smallCosts(z: Float) {
    let exact = log1p(exp(-Double(z)))
    #expect(isClose(Double(result([z], [1]).losses[0]), exact, exact * 1e-6))
    #expect(isClose(Double(result([-z], [0]).losses[0]), exact, exact * 1e-6))
  }

  /// The two classes are mirror images, bit for bit in the cost.
  @Test func symmetry() {
    for z in stride(from: Float(-9), through: 9, by: 0.37) {
      #expect(result([z], [1]).losses == result([-z], [0]).losses)
    }
  }

  @Test(arguments: [1, 5, 33, 70]) func independentRows(outputs: Int) {
    #expect(rowsAreIndependent(.binaryCrossEntropy, .sigmoid, outputs: outputs))
  }

  @Test func name() {
    #expect(LossKind(rawValue: "binaryCrossEntropy") == .binaryCrossEntropy)
    #expect(LossKind.binaryCrossEntropy.takesLogits && LossKind.binaryCrossEntropy.targets == .labelsOrValues)
    #expect(LossKind.binaryCrossEntropy.activations == [.sigmoid])
  }
}
