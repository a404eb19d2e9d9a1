import Kernels
import Optimizers
import Testing

@Suite struct ClippingTests {
  private func factor(_ expected: ExpectedValues.ClippingCase, norm: Double, samples: Int) -> Double {
    let squares = expected.gradients.reduce(0) { $0 + Double($1) * Double($1) }
    return Double(Clipping(norm: norm).factor(squares: squares, divisor: Double(samples)))
  }

  /// Those of PyTorch's `clip_grad_norm_`, rounded to a Float.
  @Test func factors() throws {
    let cases = try ExpectedValues.all().clipping
    #expect(cases.contains { $0.factor == 1 } && cases.contains { $0.factor < 0.001 })
    for expected in cases {
      let found = factor(expected, norm: expected.limit, samples: expected.samples)
      #expect(abs(found - expected.factor) <= 6e-8 * expected.factor)
      guard expected.factor < 1, expected.gradients.contains(where: { $0 != 0 }) else { continue }
      #expect(factor(expected, norm: expected.limit * 1.001, samples: expected.samples) != found)
      #expect(factor(expected, norm: expected.limit, samples: expected.samples + 1) != found)
    }
  }

  /// By hand: the mean gradient (3, 4) has the norm 5.
  @Test func byHand() {
    #expect(abs(Clipping(norm: 1).factor(squares: 100 * 25, divisor: 10) - 0.2) < 1e-6)
    #expect(Clipping(norm: 10).factor(squares: 100 * 25, divisor: 10) == 1)
  }

  @Test func limits() {
    #expect(Clipping(norm: 1).factor(squares: 0, divisor: 4) == 1)
    #expect(Clipping(norm: 1).factor(squares: .infinity, divisor: 4) == 0)
    // Where no sample has a weight, there is nothing to clip.
    #expect(Clipping(norm: 1).factor(squares: 0, divisor: 0) == 1)
    // A gradient that is not a number must not be hidden.
    #expect(Clipping(norm: 1).factor(squares: .nan, divisor: 4).isNaN)
  }

  /// Each element of the mean gradient, before the penalty: w − η (clamp(G / m) + λ w). What is no number stays so.
  @Test func byValue() {
    for kernels in InstructionSet.available.compactMap({ Kernels($0) }) {
      let optimizer = Optimizer(SGD(), learningRate: 1, Regularization(l2: 0.5), clipping: Clipping(value: 0.25))
      #expect(!optimizer.isPlainDescent && optimizer.clipping?.factor(squares: 1e9, divisor: 1) == 1)
      let gradients: [Float] = [0, 4, -4, 0.5, -0.5, 1, -1, .infinity, -.infinity, .nan, 2, 0, 0, 0, 0, 0]
      let (w, sum) = (FloatBuffer([Float](repeating: 2, count: 16)), FloatBuffer(gradients))
      withExtendedLifetime((w, sum)) {
        kernels.update(
          w.all, gradientSum: sum.all, UpdateSlots(),
          optimizer.update(StepTime(step: 0, stepsPerEpoch: 1), scale: 0.25, isWeight: true))
      }
      let found = w.all.array
      #expect(found[..<9] == [1, 0.75, 1.25, 0.875, 1.125, 0.75, 1.25, 0.75, 1.25] && found[9].isNaN)
      #expect(found[10...] == [0.75, 1, 1, 1, 1, 1])
    }
  }
}
