import Kernels
import Optimizers
import Testing

@testable import NeuralNetworks

@Suite struct ParametersTests {
  private func layers(_ widths: [Int], seed: UInt64 = 1) -> [LayerValues] {
    var random = FixedGenerator(seed: seed)
    return zip(widths, widths.dropFirst()).map { LayerValues(random: &random, .tanh, inputs: $0, units: $1) }
  }

  @Test func zerosAtFirst() {
    let bench = NetworkBench(layers([3, 5, 2]), loss: .squaredError)
    let parameters = Parameters(bench.network.layout)
    #expect(parameters.layout.trainedCount == 4 * 5 + 6 * 2)
    #expect(parameters.vector.all.array.allSatisfy { $0 == 0 })
    #expect(parameters.vector.count == bench.network.layout.count)
  }

  @Test(arguments: [[1, 1], [3, 2], [5, 33, 40], [40, 70, 1, 16]]) func roundTrip(widths: [Int]) {
    let layers = layers(widths)
    #expect(NetworkBench(layers, loss: .squaredError).values == layers)
  }

  private static var dense: ParameterLayout {
    Network(inputs: 2, layers: [Dense(units: 3, activation: Activation(.identity))], loss: .squaredError).layout
  }

  /// The order of files: all inputs of unit 0, then those of unit 1.
  @Test func places() {
    let parameters = Parameters(Self.dense)
    parameters.set(block: 0, values: [1, 2, 3, 4, 5, 6])
    parameters.set(block: 1, values: [7, 8, 9])
    #expect(parameters.matrix(block: 0)[0, 1] == 3)
    #expect(parameters.matrix(block: 0)[1, 2] == 6)
    #expect(parameters.matrix(block: 1)[0, 2] == 9)
    parameters.matrix(block: 0)[0, 1] = -1
    parameters.matrix(block: 1)[0, 0] = -2
    #expect(parameters.values(block: 0) == [1, 2, -1, 4, 5, 6])
    #expect(parameters.values(block: 1) == [-2, 8, 9])
    withExtendedLifetime(parameters) {}
  }

  @Test func names() {
    let parameters = Parameters(Self.dense)
    #expect(parameters.block("layers.0.weight") == 0 && parameters.block("layers.0.bias") == 1)
    #expect(parameters.block("layers.1.weight") == nil && parameters.block("weight") == nil)
  }

  /// A block lies in any vector of the layout where it lies in the parameters.
  @Test func blocksOfOtherVectors() {
    let parameters = Parameters(Self.dense)
    parameters.set(block: 0, values: [1, 2, 3, 4, 5, 6])
    let copy = FloatBuffer(count: parameters.layout.count)
    copy.copy(parameters.vector)
    let matrix = Parameters.matrix(of: parameters.layout.blocks[0], in: copy)
    #expect(Parameters.values(of: matrix) == [1, 2, 3, 4, 5, 6])
    Parameters.set(matrix, to: [6, 5, 4, 3, 2, 1])
    #expect(Parameters.values(of: matrix) == [6, 5, 4, 3, 2, 1])
    #expect(parameters.values(block: 0) == [1, 2, 3, 4, 5, 6])
    withExtendedLifetime(copy) {}
  }

  @Test func wrongShapes() async {
    await #expect(processExitsWith: .failure) {
      Parameters(ParametersTests.dense).set(block: 0, values: [1, 2, 3])
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
      bench.update(Optimizer(SGD(), learningRate: 0.125, Regularization(l2: 0.25)))
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
    let before = deltas(bench)
    bench.parameters.initialize(seed: 9)
    let other = layers(widths, seed: 2)[2]
    let fresh = NetworkBench(bench.values, loss: .squaredError)
    fresh.load(inputs, targets)
    #expect(deltas(bench) == deltas(fresh))
    #expect(deltas(bench) != before)
    bench.set(layer: 2, other)
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
    bench.parameters.matrix(block: 2)[17, 2] += 0.5
    let fresh = NetworkBench(bench.values, loss: .squaredError)
    fresh.load(inputs, targets)
    #expect(deltas(bench) != deltas(fresh))
    let context = bench.context
    let program = bench.network.training
    context.refreshTransposed(program.part(0, of: program.groups[1], rows: 0..<35, panel: 0))
    #expect(deltas(bench) == deltas(fresh))
  }

  // MARK: Unused lanes

  /// The units beyond the last are 0 after training with every hidden activation, sigmoid's ½ at 0 included.
  @Test(arguments: ActivationKind.allCases.filter { $0 != .softmax })
  func unusedLanesStayZero(hidden: ActivationKind) {
    var random = FixedGenerator(seed: 8)
    let layers = [
      LayerValues(random: &random, hidden, inputs: 5, units: 17),
      LayerValues(random: &random, hidden, inputs: 17, units: 35),
      LayerValues(random: &random, .softmax, inputs: 35, units: 3),
    ]
    let bench = NetworkBench(layers, loss: .crossEntropy)
    bench.load(random.rows(9, columns: 5), random.oneHotRows(9, columns: 3))
    // Two exponentials in turn leave the range of Float where steps are large.
    let rate = hidden == .exponential ? 1e-6 : 0.25
    bench.train(Optimizer(SGD(), learningRate: rate, Regularization(l2: 0.01)), steps: 20)

    #expect(usedLanes(bench.parameters) == 17 + 35 + 3)
  }

  /// So are those of normalizations, running statistics included.
  @Test func unusedLanesOfStatisticsStayZero() {
    var random = FixedGenerator(seed: 9)
    let layers: [any Layer] = [
      BatchNorm(), Dense(units: 17, activation: Activation(.sigmoid)), BatchNorm(),
      Dense(units: 35, activation: Activation(.sigmoid)), Dropout(rate: 0.25), BatchNorm(),
      Dense(units: 3, activation: Activation(.softmax)),
    ]
    let bench = NetworkBench(inputs: 5, layers, loss: .crossEntropy)
    bench.load(random.rows(9, columns: 5), random.oneHotRows(9, columns: 3))
    bench.train(Optimizer(SGD(), learningRate: 0.25, Regularization(l2: 0.01)), steps: 20)
    #expect(usedLanes(bench.parameters) == 4 * (5 + 17 + 35) + 17 + 35 + 3)
  }

  /// How many parameters of blocks with one row are not 0, after a check that the unused lanes of all blocks are.
  private func usedLanes(_ parameters: Parameters) -> Int {
    var used = 0
    for (index, block) in parameters.layout.blocks.enumerated() {
      let matrix = parameters.matrix(block: index)
      for panel in 0..<matrix.panels {
        let columns = matrix.columns(ofPanel: panel).count
        let rows = matrix.slice(panel: panel, rows: 0..<block.rows)
        for lane in columns..<32 {
          for row in 0..<block.rows { #expect(rows[row * 32 + lane] == 0, "\(block.name)") }
        }
        if block.rows == 1 { used += (0..<columns).count { rows[$0] != 0 } }
      }
    }
    withExtendedLifetime(parameters) {}
    return used
  }
}
