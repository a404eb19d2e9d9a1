import Kernels
import NeuralNetworks
import Optimizers
import Testing

@Suite struct ParametersTests {
  private func layers(_ widths: [Int], seed: UInt64 = 1) -> [LayerValues] {
    var random = FixedGenerator(seed: seed)
    return zip(widths, widths.dropFirst()).map { LayerValues(random: &random, .tanh, inputs: $0, units: $1) }
  }

  @Test func zerosAtFirst() {
    let bench = NetworkBench(layers([3, 5, 2]), loss: .squaredError)
    let parameters = Parameters(bench.network.layout)
    #expect(parameters.count == 4 * 5 + 6 * 2)
    #expect(parameters.vector.all.array.allSatisfy { $0 == 0 })
    #expect(parameters.vector.count == bench.network.layout.count)
  }

  @Test(arguments: [[1, 1], [3, 2], [5, 33, 40], [40, 70, 1, 16]]) func roundTrip(widths: [Int]) {
    let layers = layers(widths)
    #expect(NetworkBench(layers, loss: .squaredError).values == layers)
  }

  /// The order of rows: all inputs of unit 0, then those of unit 1.
  @Test func places() {
    let parameters = Parameters(ParameterLayout([DenseLayer(inputs: 2, units: 3, activation: .identity)]))
    parameters.setLayer(0, weights: [1, 2, 3, 4, 5, 6], biases: [7, 8, 9])
    #expect(parameters.weight(layer: 0, unit: 1, input: 0) == 3)
    #expect(parameters.weight(layer: 0, unit: 2, input: 1) == 6)
    #expect(parameters.bias(layer: 0, unit: 2) == 9)
    parameters.setWeight(-1, layer: 0, unit: 1, input: 0)
    parameters.setBias(-2, layer: 0, unit: 0)
    #expect(parameters.weightRows(layer: 0) == [1, 2, -1, 4, 5, 6])
    #expect(parameters.biasRow(layer: 0) == [-2, 8, 9])
  }

  @Test func wrongShapes() async {
    await #expect(processExitsWith: .failure) {
      let parameters = Parameters(ParameterLayout([DenseLayer(inputs: 2, units: 3, activation: .identity)]))
      parameters.setLayer(0, weights: [1, 2, 3], biases: [7, 8, 9])
    }
  }

  // MARK: The transposed copy

  /// δ of all layers, which the backward pass makes with the transposed copies.
  private func deltas(_ bench: NetworkBench) -> [[[Double]]] {
    bench.pass()
    return (1...bench.network.layers.count).map { bench.deltas($0) }
  }

  /// A few steps on the parameters in place, and each time a network that starts from the new values: the same δ, bit
  /// for bit. Layers have one, two and three panels, and inputs that do not fill a block of 16.
  @Test(arguments: [[3, 4, 2], [6, 33, 40, 3], [5, 70, 17, 9]]) func followsSteps(widths: [Int]) {
    var random = FixedGenerator(seed: 5)
    let (inputs, targets) = (random.rows(6, columns: widths[0]), random.rows(6, columns: widths.last!))
    let bench = NetworkBench(layers(widths), loss: .squaredError)
    bench.load(inputs, targets)
    for _ in 0..<3 {
      let before = deltas(bench)
      bench.update(SGD(learningRate: 0.125, l2: 0.25))
      let fresh = NetworkBench(bench.values, loss: .squaredError)
      fresh.load(inputs, targets)
      let after = deltas(bench)
      #expect(after == deltas(fresh))
      #expect(after != before)
    }
  }

  /// Setting and drawing reach the copy too.
  @Test func followsSetters() {
    let widths = [4, 35, 20, 3]
    var random = FixedGenerator(seed: 6)
    let (inputs, targets) = (random.rows(6, columns: 4), random.rows(6, columns: 3))
    let bench = NetworkBench(layers(widths), loss: .squaredError)
    bench.load(inputs, targets)
    bench.parameters.initialize(layer: 1, with: .glorotNormal, seed: 9)
    bench.parameters.setWeight(3, layer: 2, unit: 1, input: 17)
    let other = layers(widths, seed: 2)[2]
    let fresh = NetworkBench(bench.values, loss: .squaredError)
    fresh.load(inputs, targets)
    #expect(deltas(bench) == deltas(fresh))
    bench.parameters.setLayer(
      2, weights: other.weights.joined().map { Float($0) }, biases: other.biases.map { Float($0) })
    let second = NetworkBench(bench.values, loss: .squaredError)
    second.load(inputs, targets)
    #expect(deltas(bench) == deltas(second))
    #expect(deltas(second) != deltas(fresh))
  }

  /// The comparison sees a copy that was not refreshed.
  @Test func staleCopyIsSeen() {
    let widths = [4, 35, 3]
    var random = FixedGenerator(seed: 7)
    let (inputs, targets) = (random.rows(6, columns: 4), random.rows(6, columns: 3))
    let bench = NetworkBench(layers(widths), loss: .squaredError)
    bench.load(inputs, targets)
    // Behind the back of `Parameters`.
    bench.parameters.weights[1][17, 2] += 0.5
    let fresh = NetworkBench(bench.values, loss: .squaredError)
    fresh.load(inputs, targets)
    #expect(deltas(bench) != deltas(fresh))
    bench.network.refreshTransposed(bench.kernels, bench.parameters, layer: 1, inputs: 0..<35, panel: 0)
    #expect(deltas(bench) == deltas(fresh))
  }

  // MARK: Unused lanes

  /// The units beyond the last are 0 after training with every hidden activation, sigmoid's ½ at 0 included.
  @Test(arguments: [ActivationKind.identity, .sigmoid, .tanh, .relu, .leakyRelu])
  func unusedLanesStayZero(hidden: ActivationKind) {
    var random = FixedGenerator(seed: 8)
    let layers = [
      LayerValues(random: &random, hidden, inputs: 5, units: 17),
      LayerValues(random: &random, hidden, inputs: 17, units: 35),
      LayerValues(random: &random, .softmax, inputs: 35, units: 3),
    ]
    let bench = NetworkBench(layers, loss: .crossEntropy)
    bench.load(random.rows(9, columns: 5), random.oneHotRows(9, columns: 3))
    bench.train(SGD(learningRate: 0.25, l2: 0.01), steps: 20)

    let parameters = bench.parameters
    var used = 0
    for (l, layer) in parameters.layout.layers.enumerated() {
      let weights = parameters.weights[l]
      for panel in 0..<weights.panels {
        let columns = weights.columns(ofPanel: panel).count
        let rows = weights.slice(panel: panel, rows: 0..<layer.inputs)
        let biases = parameters.biases[l][panel * 32..<(panel + 1) * 32]
        for lane in columns..<32 {
          #expect(biases[lane] == 0)
          for input in 0..<layer.inputs { #expect(rows[input * 32 + lane] == 0) }
        }
        for lane in 0..<columns where biases[lane] != 0 { used += 1 }
      }
    }
    #expect(used == 17 + 35 + 3)
    withExtendedLifetime(parameters) {}
  }
}
