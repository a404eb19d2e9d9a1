import ConfigurationSchema
import DataParallel
import Datasets
import Foundation
import Kernels
import NeuralNetworks
import Optimizers

/// A network and data to measure: Float32, softmax cross-entropy, ReLU hidden layers, plain SGD with η 0.1, shuffled every
/// epoch, the last mini-batch kept.
public enum Workload: String, CaseIterable, Sendable {
  case w0 = "W0"
  case w1 = "W1"
  case w2 = "W2"
  case w3 = "W3"
  case w4 = "W4"

  /// Features, units of the hidden layers, classes.
  public var widths: [Int] {
    switch self {
    case .w0: [64, 32, 10]
    case .w1, .w2: [784, 128, 10]
    case .w3: [784, 512, 512, 10]
    case .w4: [784, 2048, 2048, 10]
    }
  }

  /// Samples of a mini-batch.
  public var batchSize: Int {
    switch self {
    case .w0, .w1: 32
    case .w2, .w3: 128
    case .w4: 512
    }
  }

  /// Data and network in words.
  public var title: String {
    "\(self == .w0 ? "digits" : "Fashion-MNIST") \(widths.map(String.init).joined(separator: "-")), batch \(batchSize)"
  }

  /// Floating-point operations that training one sample needs: 2 for each multiplication of the products forward, for the
  /// gradient of the weights and, but for the first layer, for the gradient of the inputs.
  public var operationsPerSample: Double {
    zip(widths, widths.dropFirst()).enumerated().reduce(0) { sum, layer in
      sum + 2 * Double(layer.element.0 * layer.element.1) * (layer.offset == 0 ? 2 : 3)
    }
  }

  /// The data; Fashion-MNIST where Debian's package `dataset-fashion-mnist` puts it.
  public func load() throws -> PreparedData {
    let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let folder = "/usr/share/datasets/fashion-mnist"
    let source =
      self == .w0
      ? #"{"train": {"format": "csv", "path": "configs/data/digits.csv", "target": "label"}, "scaling": "minMax"}"#
      : """
      {"train": {"format": "idx", "features": "\(folder)/train-images-idx3-ubyte.gz",
      "labels": "\(folder)/train-labels-idx1-ubyte.gz"}}
      """
    let issues = IssueCollector()
    let json = try JSONValue(parsing: Data(source.utf8), file: rawValue)
    guard let configuration = Section.read(json, issues: issues, as: { DatasetConfiguration($0) }).result else {
      throw ConfigurationError(file: rawValue, issues: issues.issues)
    }
    return try configuration.load(relativeTo: repository, targets: .labels, seed: 1)
  }
}

/// A workload in the middle of its training.
public final class TrainingSession {
  /// What is trained.
  public let workload: Workload
  /// The loop.
  public let coordinator: Coordinator
  private let order: EpochOrder
  private var epoch = 0
  private var step = 0
  private var samples = SampleOrder([])

  /// Begins with weights drawn from seed 1.
  ///
  /// - Parameter optimizer: the rule of a step; plain descent unless given.
  public init(
    _ workload: Workload, _ data: PreparedData, instructionSet: InstructionSet, execution: Execution,
    optimizer: Optimizer = Optimizer(SGD(), learningRate: 0.1)
  ) {
    self.workload = workload
    let last = workload.widths.count - 1
    let layers = (1...last).map {
      Dense(units: workload.widths[$0], activation: Activation($0 == last ? .softmax : .relu))
    }
    let network = Network(inputs: workload.widths[0], layers: layers, loss: .crossEntropy)
    let parameters = Parameters(network.layout)
    parameters.initialize(seed: 1)
    coordinator = Coordinator(
      kernels: Kernels(instructionSet)!, network: network, parameters: parameters,
      optimizer: optimizer, training: data.training, scaling: data.scaling,
      StepsConfiguration(
        batchSize: workload.batchSize,
        shardRows: ParallelConfiguration.defaultShardRows(batchSize: workload.batchSize)), execution: execution)
    order = EpochOrder(rows: data.training.rows, shuffle: true, seed: 1)
  }

  /// Trains on the next `steps` steps at the most, to the end of the epoch; the number of samples. A new epoch begins with
  /// its shuffle.
  public func train(steps: Int) -> Int {
    if step == coordinator.stepsPerEpoch || samples.count == 0 {
      samples = SampleOrder(order.order(epoch: epoch))
      epoch += 1
      step = 0
    }
    let end = min(step + steps, coordinator.stepsPerEpoch)
    let result = coordinator.train(
      steps: step..<end,
      of: Epoch(number: epoch - 1, order: samples, firstStep: (epoch - 1) * coordinator.stepsPerEpoch))
    step = end
    return result.samples
  }

  /// A digest of the parameters (FNV-1a over their bits), to see that two sessions computed the same.
  public var digest: String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for block in coordinator.parameters.layout.blocks.indices {
      for value in coordinator.parameters.values(block: block) {
        hash = (hash ^ UInt64(value.bitPattern)) &* 0x100_0000_01b3
      }
    }
    return String(hash, radix: 16)
  }
}
