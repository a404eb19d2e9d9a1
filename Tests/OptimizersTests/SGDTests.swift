import Kernels
import Optimizers
import Testing

@Suite struct SGDTests {
  private func sgd(_ learningRate: Double, l2: Double = 0) -> Optimizer {
    Optimizer(SGD(), learningRate: learningRate, Regularization(l2: l2))
  }

  /// The parameters after a step, which works on multiples of 16.
  private func step(
    _ rule: Optimizer, parameters: [Float], gradientSum: [Float], samples: Int, isWeight: Bool = true,
    kernels: Kernels = .best
  ) -> [Float] {
    let count = (parameters.count + 15) / 16 * 16
    let padding = [Float](repeating: 0, count: count - parameters.count)
    let vector = FloatBuffer(parameters + padding)
    let gradient = FloatBuffer(gradientSum + padding)
    kernels.update(
      vector.all, gradientSum: gradient.all, UpdateSlots(),
      rule.update(StepTime(step: 0, stepsPerEpoch: 1), scale: 1 / Float(samples), isWeight: isWeight))
    let result = vector.all.array
    #expect(gradient.all.array == gradientSum + padding)
    #expect(result.suffix(padding.count).allSatisfy { $0 == 0 })
    withExtendedLifetime((vector, gradient)) {}
    return Array(result.prefix(parameters.count))
  }

  /// w − η G/m: 1 − ½ · 8/4 = 0, and so on.
  @Test func byHand() {
    #expect(
      step(sgd(0.5), parameters: [1, -2, 0, 4], gradientSum: [8, -4, 1, 0], samples: 4) == [
        0, -1.5, -0.125, 4,
      ])
  }

  /// w − η (G/m + λ w): 1 − ½ (2 + ¼) = −⅛; −2 − ½ (−1 − ½) = −1¼; 4 − ½ = 3½.
  @Test func penaltyOnWeights() {
    let rule = sgd(0.5, l2: 0.25)
    #expect(
      step(rule, parameters: [1, -2, 0, 4], gradientSum: [8, -4, 1, 0], samples: 4) == [-0.125, -1.25, -0.125, 3.5])
  }

  @Test func noPenaltyOnBiases() {
    let (with, without) = (sgd(0.5, l2: 0.25), sgd(0.5))
    let (parameters, sums): ([Float], [Float]) = ([1, -2, 0, 4], [8, -4, 1, 0])
    #expect(
      step(with, parameters: parameters, gradientSum: sums, samples: 4, isWeight: false)
        == step(without, parameters: parameters, gradientSum: sums, samples: 4))
  }

  /// Without a gradient a weight shrinks by 1 − ηλ a step, whatever the size of the mini-batch.
  @Test func decay() {
    for samples in [1, 7, 128] {
      var weight: [Float] = [1]
      for _ in 0..<10 {
        weight = step(sgd(0.5, l2: 0.5), parameters: weight, gradientSum: [0], samples: samples)
      }
      // ¾¹⁰, exact in 24 bits.
      #expect(weight == [59049.0 / 1_048_576])
    }
  }

  /// In doubles, for every instruction set: within two roundings, and the same bits.
  @Test(arguments: InstructionSet.available) func formula(_ instructionSet: InstructionSet) throws {
    let parameters = (0..<100).map { Float($0 - 50) / 7 }
    let sums = (0..<100).map { Float(($0 * 37) % 101 - 50) / 3 }
    let rule = sgd(0.1, l2: 0.01)
    let kernels = try #require(Kernels(instructionSet))
    let result = step(rule, parameters: parameters, gradientSum: sums, samples: 12, kernels: kernels)
    for i in 0..<100 {
      let (w, g) = (Double(parameters[i]), Double(sums[i]) / 12)
      let expected = w - Double(Float(0.1)) * (g + Double(Float(0.01)) * w)
      #expect(abs(Double(result[i]) - expected) <= 2e-7 * (abs(w) + abs(g)))
    }
    #expect(result == step(rule, parameters: parameters, gradientSum: sums, samples: 12))
  }

  /// A range of the vector at a time gives what the whole does.
  @Test func ranges() {
    let parameters = (0..<64).map { Float($0) / 9 }
    let sums = (0..<64).map { Float(63 - $0) / 5 }
    let rule = sgd(0.3, l2: 0.2)
    let whole = step(rule, parameters: parameters, gradientSum: sums, samples: 3)
    var parts: [Float] = []
    for range in [0..<16, 16..<48, 48..<64] {
      parts += step(rule, parameters: Array(parameters[range]), gradientSum: Array(sums[range]), samples: 3)
    }
    #expect(whole == parts)
  }

  @Test func everyStepIsTheSame() {
    #expect(SGD().slots == [] && SGD(momentum: 0.5).slots == ["velocity"])
    #expect([0, 1, 1_000_000].map { sgd(0.3).learningRate(StepTime(step: $0, stepsPerEpoch: 2)) } == [0.3, 0.3, 0.3])
    #expect(SGD() == SGD(momentum: 0) && SGD() != SGD(momentum: 0.5))
    #expect(SGD(momentum: 0.5) != SGD(momentum: 0.5, isNesterov: true))
  }
}
