import Kernels
import NeuralNetworks
import Optimizers
import Testing

@Suite struct NetworkTests {
  /// Layers of 1, 2 and 3 panels behind 35 features.
  private func layers(last: ActivationKind = .softmax, outputs: Int = 40, hidden: Int = 70) -> [LayerValues] {
    var random = FixedGenerator(seed: 12)
    return [
      LayerValues(random: &random, .tanh, inputs: 35, units: hidden),
      LayerValues(random: &random, .leakyRelu, inputs: hidden, units: 17),
      LayerValues(random: &random, last, inputs: 17, units: outputs),
    ]
  }

  private let samples: (inputs: [[Double]], targets: [[Double]]) = {
    var random = FixedGenerator(seed: 13)
    return (random.rows(11, columns: 35), random.oneHotRows(11, columns: 40))
  }()

  private func bench(_ kernels: Kernels = .best) -> NetworkBench {
    let bench = NetworkBench(layers(), loss: .crossEntropy, kernels: kernels)
    bench.load(samples.inputs, samples.targets)
    return bench
  }

  private func everything(_ bench: NetworkBench) -> [[[Double]]] {
    (1...3).map { bench.activations($0) } + (1...3).map { bench.deltas($0) } + [[bench.losses.map { Double($0) }]]
  }

  @Test func shape() {
    let network = bench().network
    #expect(network.inputs == 35 && network.outputs == 40 && network.loss.kind == .crossEntropy)
    #expect(network.layout.blocks.map(\.columns) == [70, 70, 17, 17, 40, 40])
    #expect(network.widths == [35, 70, 17, 40])
    #expect(network.layers.count == 3 && network.training.layerOutputs.count == 3)
  }

  @Test func thereIsALayerAndAnInput() async {
    await #expect(processExitsWith: .failure) { _ = Network(inputs: 3, layers: [], loss: .squaredError) }
    await #expect(processExitsWith: .failure) {
      _ = Network(inputs: 0, layers: [Dense(units: 1, activation: Activation(.relu))], loss: .squaredError)
    }
  }

  @Test func forwardAgreesWithTheTextbook() {
    let bench = bench()
    bench.pass()
    let reference = ReferenceNetwork(layers(), loss: .crossEntropy)
    for (r, x) in samples.inputs.enumerated() {
      let (z, a) = reference.forward(x)
      for l in 1...2 { #expect(isClose(bench.activations(l)[r], a[l], 2e-6)) }
      // The last layer keeps its logits.
      #expect(isClose(bench.outputs[r], z[2], 2e-6))
      #expect(isClose(Double(bench.losses[r]), reference.cost(x, samples.targets[r]), 5e-6))
    }
  }

  // MARK: The same bits, however the work is divided

  /// Each sample alone gives what it gives among others.
  @Test func samplesAreIndependent() {
    let all = bench()
    all.pass()
    let (results, losses) = (everything(all), all.losses)
    for r in samples.inputs.indices {
      let alone = NetworkBench(layers(), loss: .crossEntropy, capacity: 1)
      alone.load([samples.inputs[r]], [samples.targets[r]])
      alone.pass()
      #expect(alone.losses == [losses[r]])
      #expect(everything(alone).dropLast().map { $0[0] } == results.dropLast().map { $0[r] })
    }
  }

  @Test func rangesOfSamples() {
    let whole = bench()
    whole.pass()
    let parts = bench()
    for rows in [7..<11, 0..<1, 1..<7] { parts.pass(rows: rows) }
    #expect(everything(whole) == everything(parts))
    let some = bench()
    some.pass(rows: 2..<4)
    #expect(some.losses[1] == 0 && some.losses[2] == whole.losses[2] && some.losses[4] == 0)
    #expect(some.deltas(1)[1].allSatisfy { $0 == 0 } && some.deltas(1)[4].allSatisfy { $0 == 0 })
  }

  /// Units do not know how many come after them.
  @Test func panelsAreIndependent() {
    let wide = bench()
    wide.pass()
    for units in [1, 16, 17, 32, 33, 64] {
      let first = layers()[0]
      let narrow = NetworkBench(
        [
          LayerValues(.tanh, weights: Array(first.weights.prefix(units)), biases: Array(first.biases.prefix(units)))
        ], loss: .squaredError)
      narrow.load(samples.inputs, samples.inputs.map { Array($0.prefix(1)) + .init(repeating: 0, count: units - 1) })
      narrow.pass()
      #expect(narrow.outputs == wide.activations(1).map { Array($0.prefix(units)) })
    }
  }

  @Test(arguments: InstructionSet.available) func instructionSets(_ instructionSet: InstructionSet) throws {
    let (best, other) = (bench(), bench(try #require(Kernels(instructionSet))))
    for bench in [best, other] {
      bench.train(Optimizer(SGD(), learningRate: 0.25, Regularization(l2: 0.01)), steps: 2)
      bench.pass()
    }
    #expect(everything(best) == everything(other))
    #expect(best.values == other.values)
    let sums = (best.gradientSum(shardRows: 4), other.gradientSum(shardRows: 4))
    #expect(sums.0.all.array == sums.1.all.array)
    withExtendedLifetime(sums) {}
  }

  /// Larger workspaces, odd ones and such with a spare row.
  @Test(arguments: [11, 12, 16, 64]) func capacities(capacity: Int) {
    let other = NetworkBench(layers(), loss: .crossEntropy, capacity: capacity)
    other.load(samples.inputs, samples.targets)
    other.pass()
    let bench = bench()
    bench.pass()
    #expect(everything(bench) == everything(other))
  }

  /// Inference has no logits at its end, and computes nothing else.
  @Test(arguments: [
    (ActivationKind.softmax, LossKind.crossEntropy), (.sigmoid, .binaryCrossEntropy), (.softmax, .squaredError),
    (.tanh, .halfSquaredError), (.silu, .squaredError),
  ]) func inference(last: ActivationKind, loss: LossKind) {
    let layers = layers(last: last)
    let bench = NetworkBench(layers, loss: loss)
    bench.load(samples.inputs, samples.targets)
    let reference = ReferenceNetwork(layers, loss: loss)
    let predictions = bench.predictions()
    for (x, a) in zip(samples.inputs, predictions) { #expect(isClose(a, reference.outputs(x), 2e-6)) }
    bench.pass()
    #expect((bench.outputs == predictions) == !loss.takesLogits)
    #expect(bench.predictions() == predictions)
  }

  /// A stage that reads targets computes the loss in inference too.
  @Test func lossOfInference() {
    let bench = bench()
    bench.pass()
    let losses = bench.losses
    let program = bench.network.inference
    #expect(program.stages.count { $0.readsTargets } == 1)
    let workspace = Workspace(program, capacity: 16)
    for r in 0..<11 {
      for c in 0..<40 { workspace.targets[r, c] = Float(samples.targets[r][c]) }
    }
    program.perform(stages: 0..<program.stages.count, bench.context(program, workspace), rows: 0..<11)
    #expect(workspace.losses[0..<11].array == losses)
    withExtendedLifetime((workspace, bench)) {}
  }

  // MARK: Gradients

  /// Some rows of a panel of the gradient of a layer's weights, and with its first rows that of the biases.
  private func sum(
    _ bench: NetworkBench, layer: Int, inputs: Range<Int>, panel: Int, shard: Range<Int>, start: Float = 0
  ) -> (weights: [Float], biases: [Float]?) {
    let (context, group) = (bench.context, bench.network.training.groups[layer])
    let sums = (0..<group.count(rows: inputs)).map { gradient in
      let part = bench.network.training.part(gradient, of: group, rows: inputs, panel: panel)
      let sum = FloatBuffer([Float](repeating: start, count: part.range.count))
      context.sumGradient(part, shard: shard, into: sum.all)
      return sum.all.array
    }
    return (sums[0], sums.dropFirst().first)
  }

  /// A block of inputs has the bits it has among all inputs; the biases go with the first one.
  @Test func blocksOfInputs() {
    let bench = bench()
    bench.pass()
    let whole = sum(bench, layer: 1, inputs: 0..<70, panel: 0, shard: 2..<9)
    let block = sum(bench, layer: 1, inputs: 32..<70, panel: 0, shard: 2..<9)
    #expect(whole.weights[32 * 32..<70 * 32] == block.weights[...])
    #expect(whole.biases?.count == 32 && block.biases == nil)
    #expect(sum(bench, layer: 1, inputs: 0..<32, panel: 0, shard: 2..<9).biases == whole.biases)
  }

  /// ∂C/∂W = Σ δ aᵀ and ∂C/∂b = Σ δ over the rows of the shard and no others.
  @Test func shardsAreSums() throws {
    let bench = bench()
    bench.pass()
    let (a, delta) = (bench.activations(2), bench.deltas(3))
    for shard in [0..<1, 3..<8, 0..<11] {
      let sum = sum(bench, layer: 2, inputs: 0..<17, panel: 1, shard: shard)
      let biases = try #require(sum.biases)
      for unit in 32..<40 {
        for input in 0..<17 {
          let expected = shard.reduce(0.0) { $0 + delta[$1][unit] * a[$1][input] }
          #expect(isClose(Double(sum.weights[input * 32 + unit - 32]), expected))
        }
        #expect(isClose(Double(biases[unit - 32]), shard.reduce(0.0) { $0 + delta[$1][unit] }))
      }
    }
  }

  /// What `sum` held before does not matter: all of its 32 units are written, unused ones with 0.
  @Test(arguments: [3, 16, 17, 32]) func sumsAreOverwritten(outputs: Int) throws {
    let bench = NetworkBench(layers(last: .identity, outputs: outputs), loss: .squaredError)
    bench.load(samples.inputs, samples.targets.map { Array($0.prefix(outputs)) })
    bench.pass()
    let sum = sum(bench, layer: 2, inputs: 0..<17, panel: 0, shard: 0..<11, start: 7)
    let biases = try #require(sum.biases)
    let unused = outputs..<32
    #expect(unused.allSatisfy { biases[$0] == 0 })
    #expect((0..<17).allSatisfy { input in unused.allSatisfy { sum.weights[input * 32 + $0] == 0 } })
  }
}
