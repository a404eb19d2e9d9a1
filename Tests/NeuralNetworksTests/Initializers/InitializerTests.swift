import Kernels
import NeuralNetworks
import Testing

@Suite struct InitializerTests {
  /// The weights of a single layer, and its biases.
  private func draw(
    _ kind: InitializerKind, inputs: Int = 80, units: Int = 70, seed: UInt64 = 1
  ) -> (weights: [Float], biases: [Float]) {
    let layer = Dense(units: units, activation: Activation(.tanh), initializer: kind)
    let parameters = drawn(inputs: inputs, [layer], seed: seed)
    return (parameters.values(block: 0), parameters.values(block: 1))
  }

  /// Parameters of some layers, drawn in place of others.
  private func drawn(inputs: Int, _ layers: [any Layer], seed: UInt64) -> Parameters {
    let parameters = Parameters(Network(inputs: inputs, layers: layers, loss: .squaredError).layout)
    for (index, block) in parameters.layout.blocks.enumerated() {
      parameters.set(block: index, values: .init(repeating: 9, count: block.count))
    }
    parameters.initialize(seed: seed)
    return parameters
  }

  /// ±limit; with 5600 weights the mean has a deviation of limit / 130, the variance one of 1.2 %.
  @Test(
    arguments: [
      (InitializerKind.heUniform, 0.075), (.glorotUniform, 0.04), (.uniform, 0.0125), (.leCunUniform, 0.0375),
    ] as [(InitializerKind, Double)]) func uniformOnes(kind: InitializerKind, squareOfLimit: Double)
  {
    let weights = draw(kind).weights.map { Double($0) }
    let limit = squareOfLimit.squareRoot()
    #expect(weights.allSatisfy { abs($0) <= limit * (1 + 1e-7) })
    #expect(weights.max()! > 0.99 * limit && weights.min()! < -0.99 * limit)
    let (mean, variance) = moments(weights)
    #expect(abs(mean) < 4 * limit / 130)
    #expect(isClose(variance, squareOfLimit / 3, 0.05 * squareOfLimit / 3))
  }

  /// Two thirds within one deviation; the variance of 5600 has a deviation of 1.9 %.
  @Test(
    arguments: [
      (InitializerKind.heNormal, 2.0 / 80), (.glorotNormal, 2.0 / 150), (.leCunNormal, 1.0 / 80),
    ] as [(InitializerKind, Double)])
  func normalOnes(kind: InitializerKind, expected: Double) {
    let weights = draw(kind).weights.map { Double($0) }
    let (mean, variance) = moments(weights)
    #expect(abs(mean) < 4 * expected.squareRoot() / 75)
    #expect(isClose(variance, expected, 0.08 * expected))
    let inside = weights.count { $0 * $0 < expected }
    #expect(isClose(Double(inside) / Double(weights.count), 0.6827, 0.025))
    #expect(weights.allSatisfy { $0 * $0 < 36 * expected } && weights.contains { $0 * $0 > 9 * expected })
  }

  /// No number beyond two deviations of the normal distribution that is cut, 1 / 0.8796 of the deviation that is left.
  @Test func truncatedNormal() {
    let weights = draw(.truncatedNormal).weights.map { Double($0) }
    let (mean, variance) = moments(weights)
    let bound = 2 / (80.0.squareRoot() * 0.879_625_66)
    #expect(abs(mean) < 4 * (1 / 80.0).squareRoot() / 75)
    #expect(isClose(variance, 1.0 / 80, 0.06 / 80))
    #expect(weights.allSatisfy { abs($0) <= bound * 1.000_001 } && weights.contains { abs($0) > 0.98 * bound })
    // Where it is not cut, it is the normal distribution.
    let stream = RandomStream(seed: 3, purpose: .initialWeights)
    let same = (0..<200 as Range<UInt64>).filter { stream.normal(at: $0) == stream.normal(at: $0, within: 2) }
    #expect(same.allSatisfy { abs(stream.normal(at: $0)) <= 2 } && same.count > 180 && same.count < 200)
  }

  private func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
  }

  @Test func zeros() {
    #expect(draw(.zeros).weights.allSatisfy { $0 == 0 })
  }

  @Test(arguments: InitializerKind.allCases) func biasesAreZero(kind: InitializerKind) {
    #expect(draw(kind).biases == .init(repeating: 0, count: 70))
  }

  /// Weight (unit, input) is number unit · inputs + input of the stream of its layer.
  @Test func places() {
    let (inputs, units) = (5, 40)
    let limit = (6 / Float(inputs)).squareRoot()
    let stream = RandomStream(seed: 3, purpose: .initialWeights, stream: 0)
    let expected = (0..<inputs * units).map { limit * (2 * stream.uniform(at: UInt64($0)) - 1) }
    #expect(draw(.heUniform, inputs: inputs, units: units, seed: 3).weights == expected)
  }

  /// Two units more or less do not change the others' weights, if the distribution is that of the inputs alone.
  @Test func otherUnits() {
    let few = draw(.heNormal, inputs: 7, units: 33).weights
    let many = draw(.heNormal, inputs: 7, units: 35).weights
    #expect(few == Array(many.prefix(few.count)))
  }

  /// The same weights for a layer whatever the others are.
  @Test func otherLayers() {
    func middle(first: InitializerKind, firstInputs: Int, last: InitializerKind, units: Int) -> [Float] {
      let layers = [
        Dense(units: 6, activation: Activation(.relu), initializer: first),
        Dense(units: 9, activation: Activation(.tanh), initializer: .glorotNormal),
        Dense(units: units, activation: Activation(.identity), initializer: last),
      ]
      return drawn(inputs: firstInputs, layers, seed: 11).values(block: 2)
    }
    let weights = middle(first: .heUniform, firstInputs: 3, last: .uniform, units: 2)
    #expect(weights == middle(first: .zeros, firstInputs: 70, last: .heNormal, units: 40))
  }

  /// The stream of a layer is its place in the network, which layers without weights have too.
  @Test func placesOfLayers() {
    let dense = Dense(units: 4, activation: Activation(.relu), initializer: .uniform)
    let second = drawn(inputs: 4, [Dropout(rate: 0.5), dense], seed: 5).values(block: 0)
    #expect(second == drawn(inputs: 4, [dense, dense], seed: 5).values(block: 2))
    #expect(second != drawn(inputs: 4, [dense], seed: 5).values(block: 0))
  }

  /// What is not drawn is constant.
  @Test func constants() {
    let parameters = drawn(inputs: 3, [BatchNorm()], seed: 1)
    #expect((0..<4).map { parameters.values(block: $0) } == [[1, 1, 1], [0, 0, 0], [0, 0, 0], [1, 1, 1]])
  }

  /// Layers of one shape, and seeds, differ.
  @Test func layersAndSeedsDiffer() {
    let layers = (0..<2).map { _ in Dense(units: 4, activation: Activation(.relu)) }
    let parameters = drawn(inputs: 4, layers, seed: 1)
    #expect(parameters.values(block: 0) != parameters.values(block: 2))
    #expect(draw(.heUniform, seed: 1).weights != draw(.heUniform, seed: 2).weights)
    #expect(draw(.heUniform, seed: 1).weights == draw(.heUniform, seed: 1).weights)
    #expect(draw(.heUniform, seed: 1).weights != draw(.heUniform, seed: 1 << 32 | 1).weights)
  }

  @Test func everyKindIsDescribed() {
    #expect(Set(InitializerKind.allCases.map(\.help)).count == InitializerKind.allCases.count)
  }
}
