import Kernels
import Optimizers
import Testing

@Suite struct AdamTests {
  /// Parameters with what the optimizer remembers of them.
  private struct State {
    let parameters: FloatBuffer
    let first: FloatBuffer
    let second: FloatBuffer
    private(set) var step = 0

    init(_ parameters: [Float]) {
      self.parameters = FloatBuffer(parameters)
      first = FloatBuffer(count: parameters.count)
      second = FloatBuffer(count: parameters.count)
    }

    /// One step along the mean of a gradient that is summed over `samples`.
    mutating func follow(
      _ optimizer: Optimizer, _ gradient: [Float], samples: Float = 4, isWeight: Bool = true,
      kernels: Kernels = .best
    ) {
      let sum = FloatBuffer(gradient.map { $0 * samples })
      withExtendedLifetime((self, sum)) {
        kernels.update(
          parameters.all, gradientSum: sum.all, UpdateSlots(first: first.all, second: second.all),
          optimizer.update(StepTime(step: step, stepsPerEpoch: 1), scale: 1 / samples, isWeight: isWeight))
      }
      step += 1
    }
  }

  private func adam(
    rate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, l2: Double = 0
  ) -> Optimizer {
    Optimizer(
      Adam(beta1: beta1, beta2: beta2, epsilon: epsilon), learningRate: rate, Regularization(l2: l2))
  }

  private func rule(_ expected: ExpectedValues.AdamCase) -> Optimizer {
    adam(
      rate: expected.rate, beta1: expected.beta1, beta2: expected.beta2, epsilon: expected.epsilon,
      l2: expected.decay)
  }

  /// The greatest difference of a parameter after any step, in learning rates, which steps are about as long as.
  private func distance(_ rule: Optimizer, _ expected: ExpectedValues.AdamCase, _ kernels: Kernels = .best) -> Double {
    var state = State(expected.start)
    var distance = 0.0
    for (gradient, parameters) in zip(expected.gradients, expected.parameters) {
      state.follow(rule, gradient, kernels: kernels)
      for (w, exact) in zip(state.parameters.all.array, parameters) {
        distance = max(distance, abs(Double(w) - exact) / (expected.rate + 0.1 * abs(exact)))
      }
    }
    return distance
  }

  /// Twenty steps of each case, in Double by PyTorch's formulas.
  @Test(arguments: InstructionSet.available) func twentySteps(_ set: InstructionSet) throws {
    let cases = try ExpectedValues.all().adam
    #expect(cases.count == 4)
    for expected in cases {
      #expect(expected.parameters.count == 20)
      let found = distance(rule(expected), expected, try #require(Kernels(set)))
      #expect(found < 1e-5, "\(found)")
    }
  }

  @Test func moments() throws {
    for expected in try ExpectedValues.all().adam {
      var state = State(expected.start)
      for gradient in expected.gradients { state.follow(rule(expected), gradient) }
      for (m, exact) in zip(state.first.all.array, expected.first) { #expect(abs(Double(m) - exact) <= 2e-6) }
      for (v, exact) in zip(state.second.all.array, expected.second) {
        #expect(abs(Double(v) - exact) <= 2e-6 * max(1, exact))
      }
    }
  }

  /// Each coefficient matters, and the number of the step, by which the moments are corrected.
  @Test func otherRulesAreNoticed() throws {
    let expected = try ExpectedValues.all().adam[1]
    let (rate, beta1, beta2, epsilon, l2) = (
      expected.rate, expected.beta1, expected.beta2, expected.epsilon, expected.decay
    )
    let others = [
      adam(rate: 1.001 * rate, beta1: beta1, beta2: beta2, epsilon: epsilon, l2: l2),
      adam(rate: rate, beta1: 0.91, beta2: beta2, epsilon: epsilon, l2: l2),
      adam(rate: rate, beta1: beta1, beta2: 0.99, epsilon: epsilon, l2: l2),
      adam(rate: rate, beta1: beta1, beta2: beta2, epsilon: 1e-3, l2: l2),
      adam(rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, l2: 0),
    ]
    for other in others { #expect(distance(other, expected) > 1e-4) }
    var late = State(expected.start)
    late.follow(rule(expected), .init(repeating: 0, count: 16))
    late.follow(rule(expected), expected.gradients[0])
    #expect(zip(late.parameters.all.array, expected.parameters[0]).contains { abs(Double($0) - $1) > 1e-4 })
  }

  /// What is no weight does not decay.
  @Test func noPenaltyOnBiases() {
    let gradient = (0..<16).map { Float($0 - 8) / 4 }
    func steps(_ rule: Optimizer, isWeight: Bool) -> [Float] {
      var state = State((0..<16).map { Float($0) })
      for _ in 0..<3 { state.follow(rule, gradient, isWeight: isWeight) }
      return state.parameters.all.array
    }
    let (with, without) = (adam(rate: 0.1, l2: 0.5), adam(rate: 0.1))
    #expect(steps(with, isWeight: false) == steps(without, isWeight: true))
    #expect(steps(with, isWeight: true) != steps(without, isWeight: true))
  }

  /// The first step is as long as the learning rate, whatever the gradient is; so is the millionth along a constant one.
  @Test func lengthOfASteadyStep() {
    let gradient = (1...16).map { Float($0) * 100 }
    for count in [1, 2, 1_000] {
      var state = State(.init(repeating: 0, count: 16))
      for _ in 0..<count { state.follow(adam(rate: 0.5), gradient) }
      #expect(state.parameters.all.array.allSatisfy { abs($0 / Float(count) + 0.5) < 1e-3 })
    }
  }

  @Test func slotsAndDefaults() {
    let rule: any UpdateRule = Adam()
    #expect(rule.slots == ["firstMoment", "secondMoment"])
    #expect(Adam() == Adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8))
    #expect(Adam() != Adam(beta1: 0.8))
  }
}
