import Foundation
import NeuralNetworks
import Testing

/// Which hidden activation, output activation and loss a network has.
struct GradientCase: Sendable, CustomTestStringConvertible {
  let hidden: ActivationKind
  let output: ActivationKind
  let loss: LossKind

  static let all = ActivationKind.allCases.filter { $0 != .softmax }.flatMap { hidden in
    LossKind.allCases.flatMap { loss in
      loss.activations.map { GradientCase(hidden: hidden, output: $0, loss: loss) }
    }
  }

  var testDescription: String { "\(hidden), \(output), \(loss)" }

  /// A 3-4-5-3 network and seven samples that keep every rectifier away from its kink.
  func example(l2: Double = 0) throws -> Example {
    let example = (1...1000 as ClosedRange<UInt64>).lazy.map { self.example(seed: $0, l2: l2) }.first {
      let (reference, inputs, targets) = ($0.reference, $0.inputs, $0.targets)
      return reference.distanceFromKinks(inputs) > 0.005 && $0.isAlive
        && zip(inputs, targets).allSatisfy { reference.distanceFromKinksOfLoss($0, $1) > 0.005 }
    }
    return try #require(example)
  }

  private func example(seed: UInt64, l2: Double) -> Example {
    var random = FixedGenerator(seed: seed)
    let layers = [
      LayerValues(random: &random, hidden, inputs: 3, units: 4, slope: 0.125),
      LayerValues(random: &random, hidden, inputs: 4, units: 5, slope: 0.125),
      LayerValues(random: &random, output, inputs: 5, units: 3, slope: 0.125),
    ]
    let inputs = random.rows(7, columns: 3)
    let targets: [[Double]] =
      switch loss {
      case .crossEntropy, .hinge: random.oneHotRows(7, columns: 3)
      case .binaryCrossEntropy: random.rows(7, columns: 3).map { $0.map { $0 > 0 ? 1 : 0 } }
      case .poisson: random.rows(7, columns: 3).map { $0.map { abs($0) } }
      default: random.rows(7, columns: 3)
      }
    return Example(reference: ReferenceNetwork(layers, loss: loss, l2: l2), inputs: inputs, targets: targets)
  }
}

/// A network with samples.
struct Example {
  let reference: ReferenceNetwork
  let inputs: [[Double]]
  let targets: [[Double]]

  /// Some unit of every layer is active for some sample, so that no tensor of the gradient is 0 throughout.
  var isAlive: Bool {
    reference.layers.indices.allSatisfy { l in
      inputs.contains { x in reference.forward(x).a[l + 1].contains { $0 != 0 } }
    }
  }

  /// The package's network after a forward and a backward pass.
  func bench() -> NetworkBench {
    let bench = NetworkBench(reference.layers, loss: reference.loss)
    bench.load(inputs, targets)
    bench.pass()
    return bench
  }
}

@Suite struct GradientCheckTests {
  /// The package in Float against central differences of the textbook's cost in Double.
  @Test(arguments: GradientCase.all) func agreesWithDifferences(_ gradientCase: GradientCase) throws {
    let example = try gradientCase.example()
    let differences = example.reference.differences(example.inputs, example.targets)
    let bench = example.bench()
    let cost = example.reference.meanCost(example.inputs, example.targets)
    #expect(isClose(bench.meanCost, cost, 1e-5 * max(1, cost)))
    #expect(bench.meanGradient().agrees(with: differences))
    #expect(bench.meanGradient(shardRows: 3).agrees(with: differences))
  }

  /// With a penalty, which only the step knows.
  @Test(arguments: GradientCase.all) func agreesWithDifferencesOfThePenalizedCost(
    _ gradientCase: GradientCase
  ) throws {
    let example = try gradientCase.example(l2: 0.375)
    let differences = example.reference.differences(example.inputs, example.targets)
    let gradient = example.bench().gradientOfStep(l2: 0.375, shardRows: 2)
    #expect(gradient.agrees(with: differences))
    #expect(!example.bench().gradientOfStep(l2: 0).agrees(with: differences))
  }

  /// Layers of several panels, against the chain rule in Double, which the test below compares with differences.
  @Test(arguments: [ActivationKind.tanh, .leakyRelu, .silu, .gelu]) func severalPanels(hidden: ActivationKind) throws {
    var random = FixedGenerator(seed: 40)
    let layers = [
      LayerValues(random: &random, hidden, inputs: 35, units: 33),
      LayerValues(random: &random, hidden, inputs: 33, units: 50),
      LayerValues(random: &random, .softmax, inputs: 50, units: 70),
    ]
    let example = Example(
      reference: ReferenceNetwork(layers, loss: .crossEntropy), inputs: random.rows(5, columns: 35),
      targets: random.oneHotRows(5, columns: 70))
    try #require(example.reference.distanceFromKinks(example.inputs) > 1e-5)
    let expected = example.reference.gradient(example.inputs, example.targets)
    #expect(example.bench().meanGradient(shardRows: 2).agrees(with: expected))
  }

  @Test(arguments: GradientCase.all) func chainRuleOfTheReference(_ gradientCase: GradientCase) throws {
    let example = try gradientCase.example(l2: 0.25)
    let differences = example.reference.differences(example.inputs, example.targets)
    #expect(example.reference.gradient(example.inputs, example.targets).agrees(with: differences, tolerance: 1e-7))
  }
}

// MARK: - Negative controls

/// The same comparison must fail where something is wrong.
@Suite struct GradientCheckControls {
  private func agrees(
    _ gradientCase: GradientCase, l2: Double = 0, change: (inout DerivativeRules) -> Void
  ) throws -> Bool {
    let example = try gradientCase.example(l2: l2)
    var rules = DerivativeRules()
    change(&rules)
    return example.reference.gradient(example.inputs, example.targets, rules: rules).agrees(
      with: example.reference.differences(example.inputs, example.targets))
  }

  @Test func nothingChanged() throws {
    #expect(try agrees(GradientCase(hidden: .tanh, output: .sigmoid, loss: .squaredError)) { _ in })
  }

  /// Each wrong in the hidden layers alone, behind a loss that forms δᴸ itself.
  @Test(arguments: ActivationKind.allCases.filter { $0 != .softmax })
  func wrongDerivative(hidden: ActivationKind) throws {
    let wrong: @Sendable (LayerValues, Double, Double) -> Double = { _, z, a in
      switch hidden {
      case .sigmoid: a
      case .tanh: 1 - a
      case .relu: 1
      case .leakyRelu: a > 0 ? 1 : 0
      case .exponential: 1
      // As if z were constant in z σ(z).
      case .silu: 1 / (1 + exp(-z))
      case .elu: z > 0 ? 1 : a
      case .selu: z > 0 ? 1 : exp(z)
      // As if z were constant in z Φ(z), and in z tanh(…).
      case .gelu: erfc(-z * 0.5.squareRoot()) / 2
      case .mish: Foundation.tanh(log1p(exp(z)))
      case .softplus: a
      case .softsign: 1 / (1 + abs(z))
      case .hardSigmoid: 1
      case .identity, .softmax: a
      }
    }
    let gradientCase = GradientCase(hidden: hidden, output: .softmax, loss: .crossEntropy)
    #expect(try !agrees(gradientCase) { $0.activation = wrong })
  }

  @Test(arguments: [LossKind.squaredError, .halfSquaredError, .meanSquaredError])
  func missingFactorTwo(loss: LossKind) throws {
    #expect(try !agrees(GradientCase(hidden: .tanh, output: .identity, loss: loss)) { $0.squareFactor = 1 })
  }

  @Test func wrongMean() throws {
    #expect(
      try !agrees(GradientCase(hidden: .tanh, output: .identity, loss: .squaredError)) {
        $0.divisor = { Double($0 - 1) }
      })
  }

  @Test func penaltyOnBiases() throws {
    let gradientCase = GradientCase(hidden: .tanh, output: .softmax, loss: .crossEntropy)
    #expect(try agrees(gradientCase, l2: 0.1) { _ in })
    #expect(try !agrees(gradientCase, l2: 0.1) { $0.biasDecay = 1 })
  }

  /// The package's own gradient, against costs that are slightly others.
  @Test func otherCosts() throws {
    let example = try GradientCase(hidden: .leakyRelu, output: .sigmoid, loss: .squaredError).example()
    let gradient = example.bench().meanGradient()
    func agrees(_ other: ReferenceNetwork) -> Bool {
      gradient.agrees(with: other.differences(example.inputs, example.targets))
    }
    #expect(agrees(example.reference))
    #expect(!agrees(ReferenceNetwork(example.reference.layers, loss: .halfSquaredError)))
    #expect(!agrees(ReferenceNetwork(example.reference.layers, loss: .squaredError, l2: 0.001)))
    let steeper = example.reference.layers.map {
      LayerValues($0.activation, weights: $0.weights, biases: $0.biases, slope: 0.1251)
    }
    #expect(!agrees(ReferenceNetwork(steeper, loss: .squaredError)))
  }
}
