import Datasets
import Kernels
import NeuralNetworks
import Optimizers
import Testing

@testable import DataParallel

/// A training problem with more than one panel a layer, ragged mini-batches, and parameters that start equal.
struct TrainingBench: Sendable {
  /// Where a network has batch normalization.
  enum Norm: Sendable {
    /// The features, before the first dense layer.
    case features
    /// Between each hidden dense layer and its activation.
    case preActivations
    /// Behind the activation of each hidden layer.
    case activations
    /// Layer normalization behind the activation of each hidden layer.
    case samples
  }

  var widths = [70, 45, 33, 5]
  var hidden = ActivationKind.tanh
  var output = ActivationKind.softmax
  var loss = LossKind.crossEntropy
  var norms: Set<Norm> = []
  /// Dropout behind each hidden layer.
  var dropout: Float = 0
  /// The standard deviation of noise behind each hidden layer.
  var noise: Float = 0
  /// Whether dense layers have biases.
  var hasBias = true
  var samples = 53
  var batchSize = 20
  var shardRows = 6
  var dropLast = false
  /// η and λ.
  var rate = 0.125
  var l2 = 0.0078125
  /// Other penalties and decays; nil for λ alone.
  var regularization: Regularization?
  var rule: any UpdateRule = SGD()
  /// The greatest norm of the gradient.
  var clipping: Double?
  /// The greatest element of the mean gradient.
  var valueClipping: Double?
  /// How layers are trained, by their place, where it is not as usual.
  var learnings: [Int: LayerLearning] = [:]
  var seed: UInt64 = 1
  var instructionSet = InstructionSet.best
  var execution = Execution.singleThread
  var threadLimit: Int?

  // MARK: The network

  var layers: [any Layer] {
    var layers: [any Layer] = norms.contains(.features) ? [BatchNorm()] : []
    for units in widths.dropFirst().dropLast() {
      if norms.contains(.preActivations) {
        layers += [
          Dense(units: units, activation: Activation(.identity), hasBias: hasBias), BatchNorm(), Activation(hidden),
        ]
      } else {
        layers.append(Dense(units: units, activation: Activation(hidden), hasBias: hasBias))
      }
      if norms.contains(.activations) { layers.append(BatchNorm()) }
      if norms.contains(.samples) { layers.append(LayerNorm()) }
      if noise > 0 { layers.append(GaussianNoise(standardDeviation: noise)) }
      if dropout > 0 { layers.append(Dropout(rate: dropout)) }
    }
    layers.append(Dense(units: widths.last!, activation: Activation(output)))
    return layers.enumerated().map { index, layer in learnings[index].map { layer.learning($0) } ?? layer }
  }

  var network: Network { Network(inputs: widths[0], layers: layers, loss: loss) }

  /// Each block of the parameters before the first step, as files have it: weights are [units][inputs].
  var initial: [[Float]] {
    var counts: [ParameterBlock.Role: UInt64] = [:]
    return network.layout.blocks.map { block in
      let number = counts[block.role, default: 0]
      counts[block.role] = number + 1
      switch block.role {
      case .weight:
        let scale = 1 / Float(block.rows).squareRoot()
        return floats(block.count, seed: 10 + number).map { $0 * scale }
      case .bias: return floats(block.count, seed: 20 + number)
      case .scale: return floats(block.count, seed: 30 + number).map { 1 + $0 / 4 }
      case .shift: return floats(block.count, seed: 40 + number).map { $0 / 4 }
      case .statistic:
        guard case .constant(let value) = block.start else { return [] }
        return .init(repeating: value, count: block.count)
      }
    }
  }

  // MARK: The samples

  var features: [Float] { floats(samples * widths[0], seed: 1) }
  var labels: [Int32] { (0..<samples).map { Int32($0 * 7 % max(widths.last!, 2)) } }
  var values: [Float] { floats(samples * widths.last!, seed: 2) }

  var table: Table { table(values: values) }

  /// The samples with other values for targets.
  func table(values: [Float]) -> Table {
    let targets: Targets =
      switch loss {
      case .crossEntropy, .binaryCrossEntropy:
        .labels(labels, classes: (0..<max(widths.last!, 2)).map(String.init))
      default: .values(values, columns: widths.last!)
      }
    return Table(
      file: "test", featureNames: (0..<widths[0]).map { "x\($0)" }, targetNames: ["y"], features: .floats(features),
      targets: targets, rows: samples)
  }

  var scaling: Scaling {
    Scaling(shift: .init(repeating: 0, count: widths[0]), scale: .init(repeating: 1, count: widths[0]))
  }

  /// An order that visits each sample once.
  func order(epoch: Int) -> [Int32] {
    (0..<samples).map { Int32(($0 * 3 + epoch) % samples) }
  }

  var stepsPerEpoch: Int {
    samples < batchSize ? 1 : samples / batchSize + (samples % batchSize > 0 && !dropLast ? 1 : 0)
  }

  func epoch(_ number: Int) -> Epoch {
    Epoch(number: number, order: SampleOrder(order(epoch: number)), firstStep: number * stepsPerEpoch)
  }

  // MARK: Training

  var optimizer: Optimizer {
    Optimizer(
      rule, learningRate: rate, regularization ?? Regularization(l2: l2),
      clipping: clipping.map { Clipping(norm: $0) } ?? valueClipping.map { Clipping(value: $0) })
  }

  func coordinator(on table: Table? = nil) -> Coordinator {
    let network = network
    let parameters = Parameters(network.layout)
    for (block, values) in initial.enumerated() { parameters.set(block: block, values: values) }
    return Coordinator(
      kernels: Kernels(instructionSet)!, network: network, parameters: parameters, optimizer: optimizer,
      training: Subset(table ?? self.table), scaling: scaling,
      StepsConfiguration(batchSize: batchSize, dropLast: dropLast, shardRows: shardRows, seed: seed),
      execution: execution, threadLimit: threadLimit)
  }

  /// The digest of all parameters, of what the optimizer remembers, and of the sums of costs after some epochs. Their steps
  /// are cut into calls in a way that depends on the number of workers, which must not matter either.
  func trained(epochs: Int = 2) -> UInt64 {
    let coordinator = coordinator()
    var losses: [Double] = []
    for number in 0..<epochs {
      let epoch = epoch(number)
      var (step, turn, lossSum) = (0, 1 + coordinator.workers % 3, 0.0)
      while step < coordinator.stepsPerEpoch {
        let end = min(step + turn, coordinator.stepsPerEpoch)
        lossSum = coordinator.train(steps: step..<end, of: epoch, lossSum: lossSum).lossSum
        step = end
        turn += 1
      }
      losses.append(lossSum)
    }
    return digest(coordinator.parameters.values + coordinator.optimizerState.vectors.flatMap(\.all.array), losses)
  }

  /// The plan of its whole mini-batches for some workers.
  func plan(workers: Int, rows: Int? = nil, tileRows: Int = 12, splitsTree: Bool? = nil) -> StepPlan {
    StepPlan(
      network.training, shards: GradientShards(rows: rows ?? batchSize, shardRows: shardRows), workers: workers,
      tileRows: tileRows, optimizer, splitsTree: splitsTree)
  }
}

extension Parameters {
  /// All blocks as files have them, one after another.
  var values: [Float] { layout.blocks.indices.flatMap { values(block: $0) } }
}

@Suite struct TrainingBenchTests {
  @Test func trainingMovesParameters() {
    let bench = TrainingBench()
    let coordinator = bench.coordinator()
    #expect(bench.trained(epochs: 1) != digest(coordinator.parameters.values))
    #expect(bench.trained(epochs: 1) != bench.trained(epochs: 2))
  }

  @Test func stepsOfAnEpochAreThoseOfTheCoordinator() {
    for (samples, batchSize, dropLast) in [
      (53, 20, false), (53, 20, true), (40, 20, false), (3, 20, true), (3, 20, false),
    ] {
      let bench = TrainingBench(widths: [2, 3], samples: samples, batchSize: batchSize, dropLast: dropLast)
      #expect(bench.stepsPerEpoch == bench.coordinator().stepsPerEpoch)
    }
  }

  /// Each option gives other bits, and so does a change of the last bit of one parameter.
  @Test func optionsAreUsed() {
    let plain = TrainingBench(hidden: .silu)
    var benches = [plain]
    func add(_ change: (inout TrainingBench) -> Void) {
      benches.append(plain)
      change(&benches[benches.count - 1])
    }
    add { $0.norms = [.features] }
    add { $0.norms = [.preActivations] }
    add { $0.norms = [.activations] }
    add { $0.dropout = 0.25 }
    add { ($0.dropout, $0.seed) = (0.25, 2) }
    add { $0.clipping = 0.125 }
    add { ($0.rule, $0.rate) = (Adam(), 0.01) }
    add { ($0.rule, $0.rate) = (Adam(beta1: 0.8), 0.01) }
    add { $0.valueClipping = 0.01 }
    add { $0.learnings = [0: LayerLearning(isTrainable: false)] }
    add { $0.learnings = [1: LayerLearning(learningRateFactor: 0.5)] }
    add { $0.regularization = Regularization(l1: 0.01) }
    add { $0.regularization = Regularization(l1: 0.01, decaysBiases: true) }
    add { $0.hidden = .relu }
    #expect(Set(benches.map { $0.trained(epochs: 1) }).count == benches.count)
  }
}
