import ConfigurationSchema
import DataParallel
import Datasets
import Foundation
import Kernels
import NeuralNetworks
import Optimizers

/// Training from a configuration to a model file.
///
/// A run is advanced from outside: each call of `advance` trains for about a tenth of a second and returns what
/// happened, so that the caller can show it, look for signals, and stop.
///
///     let run = try Run(configuration, options: options)
///     while let event = try run.advance() { show(event) }
///     let summary = try run.finish()
public final class Run {
  /// What does not change the result.
  public struct Options: Sendable {
    /// Where to compute; nil for what the configuration says.
    public var execution: Execution?
    /// The instructions to use; nil for the best of this machine.
    public var instructionSet: InstructionSet?
    /// The run directory; nil for the next free one.
    public var output: URL?

    /// The defaults.
    public init(execution: Execution? = nil, instructionSet: InstructionSet? = nil, output: URL? = nil) {
      self.execution = execution
      self.instructionSet = instructionSet
      self.output = output
    }
  }

  /// What happened during a call of `advance`.
  public enum Event: Sendable {
    /// Some steps of an epoch are done.
    case steps(Progress)
    /// An epoch is over.
    case epoch(EpochMetrics)
  }

  /// How far an epoch is.
  public struct Progress: Sendable {
    /// The epoch, from 1.
    public let epoch: Int
    /// The part of it that is done.
    public let fraction: Double
    /// The mean cost of its samples so far.
    public let meanLoss: Double
    /// Samples a second of its steps so far.
    public let samplesPerSecond: Double
  }

  /// The configuration.
  public let configuration: RunConfiguration
  /// The data.
  public let data: PreparedData
  /// Where the files go.
  public let directory: RunDirectory
  /// The instructions in use.
  public let instructionSet: InstructionSet
  /// Weights and biases.
  public var parameterCount: Int { parameters.count }
  /// Layers, and what the network is for.
  public var network: Network { coordinator.network }
  /// Workers of the next steps.
  public var workers: Int { coordinator.workers }

  private let parameters: Parameters
  private let coordinator: Coordinator
  private let epochOrder: EpochOrder
  private let start = ContinuousClock.now
  private var trainingTime = Duration.zero
  private var trainedSamples = 0
  private var epochs = 0
  private var steps = 0
  private var current: Epoch?

  /// The epoch in progress.
  private struct Epoch {
    let order: [Int32]
    var step = 0
    var samples = 0
    var lossSum = 0.0
    var duration = Duration.zero
  }

  /// Reads the data, builds the network and makes the run directory.
  ///
  /// - Throws: `ConfigurationError`, `DataError`, `FileError` or `RunError`.
  public init(_ configuration: RunConfiguration, options: Options = Options()) throws {
    let kernels = try Self.kernels(options.instructionSet)
    instructionSet = kernels.instructionSet
    self.configuration = configuration
    let loss = configuration.network.loss
    data = try configuration.dataset.load(
      relativeTo: configuration.directory, targets: loss.targets, seed: configuration.seed)
    try configuration.check(data)

    let network = configuration.network.network(inputs: data.training.table.columns)
    parameters = Parameters(network.layout)
    if let path = configuration.network.initialWeights {
      try ModelFile.load(
        RunConfiguration.resolve(path, in: configuration.directory), path: path, into: parameters)
    } else {
      configuration.network.initialize(parameters, seed: configuration.seed)
    }
    coordinator = Coordinator(
      kernels: kernels, network: network, parameters: parameters, optimizer: configuration.optimizer.optimizer,
      training: data.training, scaling: data.scaling, batchSize: configuration.training.batchSize,
      dropLast: configuration.training.dropLast, shardRows: configuration.parallel.shardRows,
      execution: options.execution ?? .workers(configuration.parallel.workers))
    epochOrder = EpochOrder(
      rows: data.training.rows, shuffle: configuration.training.shuffle, seed: configuration.seed)

    directory =
      try options.output.map { try RunDirectory(exactly: $0) }
      ?? RunDirectory(next: configuration.name, in: configuration.outputDirectory)
    try directory.write(configuration.json.text, to: .configuration)
  }

  private static func kernels(_ instructionSet: InstructionSet?) throws(RunError) -> Kernels {
    guard let instructionSet else { return .best }
    guard let kernels = Kernels(instructionSet) else {
      throw .instructionSetMissing(instructionSet)
    }
    return kernels
  }

  // MARK: Training

  /// Trains for about a tenth of a second or to the end of the epoch; nil when all epochs are over.
  ///
  /// - Throws: `RunError.lossNotFinite`, or `FileError` if the metrics cannot be written.
  public func advance() throws -> Event? {
    guard epochs < configuration.training.epochs else { return nil }
    var epoch = current ?? Epoch(order: epochOrder.order(epoch: epochs))
    if epoch.step < coordinator.stepsPerEpoch {
      try advance(&epoch)
      current = epoch
      if epoch.step < coordinator.stepsPerEpoch { return .steps(progress(epoch)) }
    }
    current = nil
    return .epoch(try close(epoch))
  }

  private func advance(_ epoch: inout Epoch) throws(RunError) {
    let first = epoch.step
    let end = min(first + stepsOfTurn(epoch), coordinator.stepsPerEpoch)
    let start = ContinuousClock.now
    let result = coordinator.train(steps: first..<end, order: epoch.order)
    epoch.duration += ContinuousClock.now - start
    epoch.step = end
    epoch.samples += result.samples
    epoch.lossSum += result.lossSum
    steps += end - first
    if let step = result.firstNonFiniteStep { throw .lossNotFinite(epoch: epochs + 1, step: step + 1) }
  }

  /// Steps that take about a tenth of a second, by the speed of the epochs so far.
  private func stepsOfTurn(_ epoch: Epoch) -> Int {
    let time = trainingTime + epoch.duration
    guard steps > 0, time > .zero else { return 1 }
    let perStep = time / .seconds(1) / Double(steps)
    return max(1, min(Int(0.1 / perStep), 2 * steps))
  }

  private func progress(_ epoch: Epoch) -> Progress {
    Progress(
      epoch: epochs + 1, fraction: Double(epoch.step) / Double(coordinator.stepsPerEpoch),
      meanLoss: epoch.lossSum / Double(epoch.samples),
      samplesPerSecond: Double(epoch.samples) / max(epoch.duration / .seconds(1), 1e-9))
  }

  /// Evaluates and records an epoch.
  private func close(_ epoch: Epoch) throws -> EpochMetrics {
    epochs += 1
    trainingTime += epoch.duration
    trainedSamples += epoch.samples
    let seconds = epoch.duration / .seconds(1)
    let metrics = EpochMetrics(
      epoch: epochs, steps: steps, learningRate: configuration.optimizer.learningRate,
      trainingLoss: epoch.lossSum / Double(epoch.samples), validation: data.validation.map(coordinator.evaluate),
      seconds: seconds, samplesPerSecond: Double(epoch.samples) / max(seconds, 1e-9))
    try directory.append(metrics.json)
    return metrics
  }

  // MARK: The end

  /// Writes the model and the summary. May be called before all epochs are over, between two steps.
  public func finish() throws -> RunSummary {
    guard Kernels.sum(parameters.vector.all).isFinite else {
      throw RunError.lossNotFinite(
        epoch: current == nil ? epochs : epochs + 1, step: current?.step ?? coordinator.stepsPerEpoch)
    }
    let model = ModelFile.data(configuration.network, parameters, data)
    try AtomicFile.write(model, to: directory.url(.model))
    var time = trainingTime
    var samples = trainedSamples
    if let current {
      time += current.duration
      samples += current.samples
    }
    let summary = RunSummary(
      epochs: epochs, steps: steps, parameters: parameters.count, workers: workers,
      instructionSet: instructionSet, seconds: (ContinuousClock.now - start) / .seconds(1),
      samplesPerSecond: Double(samples) / max(time / .seconds(1), 1e-9),
      test: data.test.map(coordinator.evaluate), sha256: SHA256.hexadecimal(model), directory: directory)
    try directory.write(summary.json.text, to: .summary)
    return summary
  }
}

extension LossKind {
  /// What the loss takes as targets.
  var targets: TargetKind {
    switch self {
    case .squaredError, .halfSquaredError, .meanSquaredError: .values
    case .binaryCrossEntropy: .labelsOrValues
    case .crossEntropy: .labels
    }
  }
}
