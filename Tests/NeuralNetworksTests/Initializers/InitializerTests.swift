import Kernels
import NeuralNetworks
import Testing

@Suite struct InitializerTests {
  /// The weights of a single layer, and its biases.
  private func draw(
    _ kind: InitializerKind, inputs: Int = 80, units: Int = 70, seed: UInt64 = 1
  ) -> (weights: [Float], biases: [Float]) {
    let parameters = Parameters(ParameterLayout([DenseLayer(inputs: inputs, units: units, activation: .tanh)]))
    parameters.setLayer(
      0, weights: .init(repeating: 9, count: inputs * units), biases: .init(repeating: 9, count: units))
    parameters.initialize(layer: 0, with: kind, seed: seed)
    return (parameters.weightRows(layer: 0), parameters.biasRow(layer: 0))
  }

  /// ±limit; with 5600 weights the mean has a deviation of limit / 130, the variance one of 1.2 %.
  @Test(arguments: [
    (InitializerKind.heUniform, 6.0 / 80), (.glorotUniform, 6.0 / 150), (.uniform, 1.0 / 80),
  ]) func uniformOnes(kind: InitializerKind, squareOfLimit: Double) {
    let weights = draw(kind).weights.map { Double($0) }
    let limit = squareOfLimit.squareRoot()
    #expect(weights.allSatisfy { abs($0) <= limit * (1 + 1e-7) })
    #expect(weights.max()! > 0.99 * limit && weights.min()! < -0.99 * limit)
    let (mean, variance) = moments(weights)
    #expect(abs(mean) < 4 * limit / 130)
    #expect(isClose(variance, squareOfLimit / 3, 0.05 * squareOfLimit / 3))
  }

  /// Two thirds within one deviation; the variance of 5600 has a deviation of 1.9 %.
  @Test(arguments: [(InitializerKind.heNormal, 2.0 / 80), (.glorotNormal, 2.0 / 150)])
  func normalOnes(kind: InitializerKind, expected: Double) {
    let weights = draw(kind).weights.map { Double($0) }
    let (mean, variance) = moments(weights)
    #expect(abs(mean) < 4 * expected.squareRoot() / 75)
    #expect(isClose(variance, expected, 0.08 * expected))
    let inside = weights.count { $0 * $0 < expected }
    #expect(isClose(Double(inside) / Double(weights.count), 0.6827, 0.025))
    #expect(weights.allSatisfy { $0 * $0 < 36 * expected } && weights.contains { $0 * $0 > 9 * expected })
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

  /// The same weights for a layer whatever the others are and in whatever order they are drawn.
  @Test func otherLayers() {
    func middle(first: InitializerKind, firstInputs: Int, units: Int, reversed: Bool) -> [Float] {
      let layers = [
        DenseLayer(inputs: firstInputs, units: 6, activation: .relu),
        DenseLayer(inputs: 6, units: 9, activation: .tanh),
        DenseLayer(inputs: 9, units: units, activation: .identity),
      ]
      let parameters = Parameters(ParameterLayout(layers))
      let kinds = [first, .glorotNormal, .uniform]
      for layer in reversed ? [2, 1, 0] : [0, 1, 2] {
        parameters.initialize(layer: layer, with: kinds[layer], seed: 11)
      }
      return parameters.weightRows(layer: 1)
    }
    let weights = middle(first: .heUniform, firstInputs: 3, units: 2, reversed: false)
    #expect(weights == middle(first: .zeros, firstInputs: 70, units: 40, reversed: true))
  }

  /// Layers of one shape, and seeds, differ.
  @Test func layersAndSeedsDiffer() {
    let layers = (0..<2).map { _ in DenseLayer(inputs: 4, units: 4, activation: .relu) }
    let parameters = Parameters(ParameterLayout(layers))
    for layer in 0..<2 { parameters.initialize(layer: layer, with: .heUniform, seed: 1) }
    #expect(parameters.weightRows(layer: 0) != parameters.weightRows(layer: 1))
    #expect(draw(.heUniform, seed: 1).weights != draw(.heUniform, seed: 2).weights)
    #expect(draw(.heUniform, seed: 1).weights == draw(.heUniform, seed: 1).weights)
    #expect(draw(.heUniform, seed: 1).weights != draw(.heUniform, seed: 1 << 32 | 1).weights)
  }
}
