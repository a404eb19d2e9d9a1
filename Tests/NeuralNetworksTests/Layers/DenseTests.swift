import Testing

@testable import NeuralNetworks

@Suite struct DenseTests {
  private let network: [any Layer] = [
    Dense(units: 40, activation: Activation(.relu)), Dense(units: 3, activation: Activation(.identity)),
  ]

  @Test func shape() {
    let dense = Dense(units: 40, activation: Activation(.relu))
    #expect(dense.outputs(inputs: 5) == 40 && dense.initializer == .heUniform)
    #expect(Dense(units: 1, activation: Activation(.tanh), initializer: .zeros).initializer == .zeros)
  }

  @Test func blocks() {
    let blocks = compiled(network).blocks
    #expect(blocks.map(\.name) == ["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"])
    #expect(blocks.map(\.shape) == [[40, 5], [40], [3, 40], [3]])
    #expect(blocks.map(\.rows) == [5, 1, 40, 1] && blocks.map(\.columns) == [40, 40, 3, 3])
    #expect(blocks.map(\.role) == [.weight, .bias, .weight, .bias])
    #expect(blocks.map(\.start) == [.drawn(.heUniform), .constant(0), .drawn(.glorotUniform), .constant(0)])
  }

  /// Without a bias there is no block of one, nothing to add, and nothing more to update.
  @Test func withoutBias() {
    let dense = Dense(units: 40, activation: Activation(.relu), hasBias: false)
    let (training, _, blocks) = compiled([dense, Dense(units: 3, activation: Activation(.identity))])
    #expect(blocks.map(\.name) == ["layers.0.weight", "layers.1.weight", "layers.1.bias"])
    #expect(training.groups.map { $0.count(rows: 0..<5) } == [1, 2])
    #expect(training.stageNames.first == ["product", "function"])
    #expect(Network(inputs: 5, layers: [dense], loss: .squaredError).layout.trainedCount == 200)
  }

  /// The gradients of a network with layers of both kinds against differences.
  @Test func gradientWithoutBias() throws {
    func layers(_ hasBias: Bool) -> [any Layer] {
      [
        Dense(units: 40, activation: Activation(.gelu), hasBias: hasBias), BatchNorm(),
        Dense(units: 4, activation: Activation(.tanh)),
        Dense(units: 3, activation: Activation(.identity), hasBias: hasBias),
      ]
    }
    let example = try #require(LayerExample(layers(false)))
    #expect(example.agrees())
    #expect(!example.agrees { $0.blocks["layers.0.weight"]?[3] += 0.01 })
  }

  /// With biases of 0 both compute the same.
  @Test func aBiasOfZeroIsNone() {
    func outputs(_ hasBias: Bool) -> [[Double]] {
      var random = FixedGenerator(seed: 3)
      let bench = NetworkBench(
        inputs: 5, [Dense(units: 34, activation: Activation(.tanh), hasBias: hasBias)], loss: .squaredError)
      bench.parameters.set(block: 0, values: random.numbers(5 * 34).map { Float($0) })
      bench.load(random.rows(7, columns: 5), random.rows(7, columns: 34))
      bench.pass()
      return bench.outputs
    }
    #expect(outputs(false) == outputs(true))
  }

  /// Only who has parameters or layers with parameters before it reads a transposed copy.
  @Test func transposedCopies() {
    func copies(_ layers: [any Layer]) -> [Bool] {
      compiled(layers).blocks.filter { $0.role == .weight }.map { $0.transposedOffset != nil }
    }
    #expect(copies(network) == [false, true])
    #expect(copies([Dropout(rate: 0.5)] + network) == [false, true])
    #expect(copies([Activation(.tanh)] + network) == [false, true])
    #expect(copies([BatchNorm()] + network) == [true, true])
  }

  /// Functions of single elements join the product that they follow; a product reads all panels of what it multiplies.
  @Test func stages() {
    let (training, inference, _) = compiled(network)
    #expect(
      training.stageNames == [["product", "function"], ["product"], ["loss"], ["inputGradient", "derivative"]])
    #expect(training.stages.map(\.panels) == [2, 1, 1, 2])
    #expect(training.stages.map(\.readsFeatures) == [true, false, false, false])
    #expect(training.stages.map(\.readsAllPanels) == [true, true, true, true])
    #expect(training.stages.map(\.readsTargets) == [false, false, true, false])
    #expect(training.stages.allSatisfy { !$0.readsAllRows })
    #expect(inference.stageNames == [["product", "function"], ["product"], ["loss"]])
  }

  /// A loss on logits takes the place of the activation, which inference adds.
  @Test func stagesWithLogits() {
    let layers: [any Layer] = [Dense(units: 3, activation: Activation(.softmax))]
    let (training, inference, _) = compiled(layers, loss: .crossEntropy)
    #expect(training.stageNames == [["product"], ["loss"]])
    #expect(inference.stageNames == [["product"], ["loss"], ["softmax"]])
  }

  @Test func groups() {
    let groups = compiled(network).training.groups
    #expect(groups.map(\.rows) == [5, 40] && groups.map(\.columns) == [40, 3] && groups.map(\.panels) == [2, 1])
    #expect(groups.map(\.readsFeatures) == [true, false])
    #expect(groups.map { $0.count(rows: 0..<5) } == [2, 2] && groups.map { $0.count(rows: 3..<5) } == [1, 1])
    #expect(compiled(network).inference.groups.isEmpty)
  }
}
