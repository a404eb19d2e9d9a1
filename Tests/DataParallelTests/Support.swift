import Datasets
import Kernels
import NeuralNetworks
import Optimizers
import Testing

@testable import DataParallel

/// The same floats on every machine, in (-1, 1), many of them with all bits of the fraction in use.
func floats(_ count: Int, seed: UInt64) -> [Float] {
  var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(Int32(truncatingIfNeeded: state >> 32)) / Float(1 << 31)
  }
}

/// The hash function FNV-1a over the bit patterns of floats.
func digest(_ values: [Float]) -> UInt64 {
  values.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1.bitPattern)) &* 0x100_0000_01B3 }
}

/// A training problem with more than one panel a layer, ragged mini-batches, and parameters that start equal.
struct TrainingBench {
  var widths = [70, 45, 33, 5]
  var hidden = ActivationKind.tanh
  var output = ActivationKind.softmax
  var loss = LossKind.crossEntropy
  var samples = 53
  var batchSize = 20
  var shardRows = 6
  var dropLast = false
  var rate: Float = 0.125
  var l2: Float = 0.0078125
  var instructionSet = InstructionSet.best
  var execution = Execution.singleThread
  var threadLimit: Int?

  var network: Network {
    let last = widths.count - 2
    return Network(
      layers: (0...last).map {
        DenseLayer(inputs: widths[$0], units: widths[$0 + 1], activation: $0 == last ? output : hidden)
      }, loss: loss)
  }

  var features: [Float] { floats(samples * widths[0], seed: 1) }
  var labels: [Int32] { (0..<samples).map { Int32($0 * 7 % max(widths.last!, 2)) } }
  var values: [Float] { floats(samples * widths.last!, seed: 2) }

  var table: Table {
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

  /// Weights and biases of the layers before the first step: rows [units][inputs] and biases.
  var initial: [(weights: [Float], biases: [Float])] {
    (0..<widths.count - 1).map {
      let scale = 1 / Float(widths[$0]).squareRoot()
      return (
        floats(widths[$0] * widths[$0 + 1], seed: UInt64(10 + $0)).map { $0 * scale },
        floats(widths[$0 + 1], seed: UInt64(20 + $0))
      )
    }
  }

  func coordinator(on table: Table? = nil) -> Coordinator {
    let network = network
    let parameters = Parameters(network.layout)
    for (layer, start) in initial.enumerated() {
      parameters.setLayer(layer, weights: start.weights, biases: start.biases)
    }
    return Coordinator(
      kernels: Kernels(instructionSet)!, network: network, parameters: parameters,
      optimizer: SGD(learningRate: rate, l2: l2), training: Subset(table ?? self.table), scaling: scaling,
      batchSize: batchSize, dropLast: dropLast, shardRows: shardRows, execution: execution, threadLimit: threadLimit)
  }

  /// An order that visits each sample once.
  func order(epoch: Int) -> [Int32] {
    (0..<samples).map { Int32(($0 * 3 + epoch) % samples) }
  }

  /// The digest of all parameters and of the sums of costs after some epochs, each in turns of one, two, … steps.
  func trained(epochs: Int = 2) -> UInt64 {
    let coordinator = coordinator()
    var losses: [Float] = []
    for epoch in 0..<epochs {
      var step = 0
      var turn = 1
      while step < coordinator.stepsPerEpoch {
        let end = min(step + turn, coordinator.stepsPerEpoch)
        let result = coordinator.train(steps: step..<end, order: order(epoch: epoch))
        losses.append(Float(result.lossSum))
        step = end
        turn += 1
      }
    }
    // Sums of several steps depend on where turns end, and turns are the same in every run of the bench.
    return digest(coordinator.parameters.values + losses)
  }
}

extension Parameters {
  /// All weights and biases, layer after layer.
  var values: [Float] { layout.layers.indices.flatMap { weightRows(layer: $0) + biasRow(layer: $0) } }
}

@Suite struct SupportTests {
  @Test func floatsAreVaried() {
    let values = floats(1000, seed: 1)
    #expect(Set(values).count > 990 && values.allSatisfy { $0 > -1 && $0 < 1 })
    #expect(values != floats(1000, seed: 2))
  }

  /// A single bit, a change of order, and the sign of a zero are noticed.
  @Test func digestTellsBitsApart() {
    #expect(digest([1, 2]) == digest([1, 2]))
    #expect(digest([1, 2]) != digest([2, 1]))
    #expect(digest([1, 2]) != digest([1, Float(2).nextUp]))
    #expect(digest([0]) != digest([-0.0]))
  }

  @Test func trainingMovesParameters() {
    let bench = TrainingBench()
    let coordinator = bench.coordinator()
    #expect(bench.trained(epochs: 1) != digest(coordinator.parameters.values))
    #expect(bench.trained(epochs: 1) != bench.trained(epochs: 2))
  }
}
