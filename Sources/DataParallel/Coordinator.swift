import Datasets
import Kernels
import Metrics
import NeuralNetworks
import Optimizers

/// Where the computation of a run takes place. None of it changes a bit of the result.
public enum Execution: Sendable, Equatable {
  /// On the calling thread, without Dispatch.
  case singleThread
  /// On workers: the calling thread and, from the second worker on, Dispatch queues.
  case workers(WorkerCount)
}

/// What the steps of a run have in common.
public struct StepsConfiguration: Sendable {
  /// Samples of a mini-batch, unless there are fewer.
  public var batchSize: Int
  /// Whether to leave out a last mini-batch that is smaller than the others.
  public var dropLast: Bool
  /// Rows of a gradient shard.
  public var shardRows: Int
  /// The seed of what is random in a step.
  public var seed: UInt64

  /// The configuration.
  public init(batchSize: Int, dropLast: Bool = false, shardRows: Int, seed: UInt64 = 1) {
    self.batchSize = batchSize
    self.dropLast = dropLast
    self.shardRows = shardRows
    self.seed = seed
  }
}

/// One pass over the training samples.
public struct Epoch: Sendable {
  /// The epoch, from 0.
  public let number: Int
  /// The samples in the order in which it visits them.
  public let order: SampleOrder
  /// Steps of the run before it.
  public let firstStep: Int
  /// How often a plateau has reduced η before it.
  public let reductions: Int

  /// An epoch.
  public init(number: Int, order: SampleOrder, firstStep: Int, reductions: Int = 0) {
    self.number = number
    self.order = order
    self.firstStep = firstStep
    self.reductions = reductions
  }
}

/// What some steps came to.
public struct StepsResult: Sendable {
  /// The sum of the costs of all samples of the epoch so far, step after step.
  public let lossSum: Double
  /// Samples of these steps.
  public let samples: Int
  /// The sum of the weights of all samples of the epoch so far, step after step; where they have none, their number.
  public let weightSum: Double
  /// The first of these steps, counted from the start of the epoch, whose costs are not all finite.
  public let firstNonFiniteStep: Int?
}

/// Splits mini-batches across workers and has them reduce the gradient and update the parameters.
public final class Coordinator {
  /// The network.
  public let network: Network
  /// Its parameters.
  public let parameters: Parameters
  /// What the optimizer remembers.
  public let optimizerState: OptimizerState
  /// The average of the parameters; nil if none is wanted.
  public let average: Parameters?
  /// Samples of a mini-batch: the configured number, or all if there are fewer.
  public let batchSize: Int
  /// Steps of an epoch.
  public let stepsPerEpoch: Int

  private let kernels: Kernels
  private let optimizer: Optimizer
  private let training: Subset
  private let readers: ReaderCache
  private let targetScaling: TargetScaling?
  private let configuration: StepsConfiguration
  private let lastBatchSize: Int
  private let execution: Execution
  private let threadLimit: Int
  private let tuner: WorkerTuner?
  private let workspace: Workspace
  private let tables: Tables
  /// The divisions of a step that have been used, by the number of workers.
  private(set) var plans: [Int: DivisionPlans] = [:]
  private var threads: [Int: Workers] = [:]
  private var memory: [ThreadMemory] = []
  private var features: [GatheredFeatures] = []
  private(set) var kept: KeptGradients?
  private var keptFloats = 0

  /// - Parameters:
  ///   - training: the samples to train on.
  ///   - targets: how targets become the numbers that are learned.
  ///   - targetScaling: what `targets` does to numbers, which is undone in predictions; nil for nothing.
  ///   - classWeights: how much each class counts. Samples count by weights where `network` was compiled so.
  ///   - threadLimit: threads at the most; more workers share them. Nil for the number of processors.
  public init(
    kernels: Kernels, network: Network, parameters: Parameters, optimizer: Optimizer, training: Subset,
    scaling: Scaling, targets: TargetEncoding = .plain, classWeights: [Float]? = nil,
    targetScaling: TargetScaling? = nil,
    _ configuration: StepsConfiguration, execution: Execution, threadLimit: Int? = nil
  ) {
    self.kernels = kernels
    self.network = network
    self.parameters = parameters
    self.optimizer = optimizer
    self.training = training
    self.configuration = configuration
    self.targetScaling = targetScaling
    self.execution = execution
    optimizerState = OptimizerState(optimizer.rule, network.layout)
    average = optimizer.averaging.map { _ in Parameters(network.layout) }
    let batchSize = min(configuration.batchSize, training.count)
    self.batchSize = batchSize
    let rest = training.count % batchSize
    let isLastSmaller = rest > 0 && !configuration.dropLast
    stepsPerEpoch = training.count / batchSize + (isLastSmaller ? 1 : 0)
    lastBatchSize = isLastSmaller ? rest : batchSize
    readers = ReaderCache(scaling: scaling, targets: targets, classWeights: classWeights)
    workspace = Workspace(network.training, capacity: batchSize)
    tables = Tables(kernels, network.training, parameters, workspace)
    self.threadLimit = threadLimit ?? availableProcessors()
    tuner = execution == .workers(.auto) ? WorkerTuner(maximum: min(availableProcessors(), self.threadLimit)) : nil
  }

  /// Workers of the next steps.
  public var workers: Int {
    switch execution {
    case .singleThread: 1
    case .workers(.fixed(let count)): count
    case .workers(.auto): tuner!.workers
    }
  }

  // MARK: Training

  /// Trains on steps `steps` of an epoch.
  ///
  /// - Parameters:
  ///   - lossSum: the sum of the costs of the epoch's earlier steps. It goes on step after step, so that it does not
  ///     depend on how many steps are made in a call.
  ///   - weightSum: the sum of their weights, likewise.
  public func train(steps: Range<Int>, of epoch: Epoch, lossSum: Double = 0, weightSum: Double = 0) -> StepsResult {
    precondition(
      steps.lowerBound >= 0 && steps.upperBound <= stepsPerEpoch && epoch.order.count == training.count)
    let workers = workers
    let plans = plans(for: workers)
    let threads = min(workers, threadLimit)
    reserve(plans, threads: threads)
    let inputs = StepInputs(
      kernels, readers.reader(of: training.table), order: epoch.order, batchSize: batchSize,
      threads: Array(features[..<threads]))
    precondition(inputs.isWeighted == network.isWeighted, "the network weights samples as the data does")
    let step = StepContext(
      samples: inputs.samples(step: 0), shards: plans.whole.shards, epoch: epoch.number, seed: configuration.seed)
    let work = TrainingSteps(
      network.training, tables, step, inputs: inputs, optimizer: optimizer, state: optimizerState,
      average: average?.vector.all, steps: steps,
      firstStep: epoch.firstStep, reductions: epoch.reductions,
      lastStep: stepsPerEpoch - 1, plans: plans, memory: memory, kept: kept!, lossSum: lossSum)
    let start = ContinuousClock.now
    perform(work, workers: workers, threads: threads)
    let samples =
      min(steps.upperBound * batchSize, training.count) - min(steps.lowerBound * batchSize, training.count)
    tuner?.record(workers: workers, samples: samples, duration: ContinuousClock.now - start)
    if let tuner, !tuner.isSearching { release(threads: tuner.workers) }
    let weights = work.weightsOfSteps ?? [Double(samples)]
    return StepsResult(
      lossSum: work.lossSum, samples: samples, weightSum: weights.reduce(weightSum, +),
      firstNonFiniteStep: work.firstNonFiniteStep)
  }

  /// The first layer, from 0, with outputs that are not all finite, in the last step over `samples` samples; nil if all are.
  public func firstNonFiniteOutputs(samples: Int) -> Int? {
    let outputs = network.training.layerOutputs
    // Layers that work in place, as activations do, make no infinity of a number: the one before them is named.
    return outputs.indices.first { layer in
      guard !outputs[..<layer].contains(outputs[layer]), outputs[layer] != .features else { return false }
      let matrix = workspace[outputs[layer]]
      return (0..<samples).contains { row in (0..<matrix.columns).contains { !matrix[row, $0].isFinite } }
    }
  }

  // MARK: Evaluation

  /// The predictions of the network for the samples of `subset`, and the mean of their costs.
  ///
  /// - Parameters:
  ///   - parameters: those of the network; the ones that are trained unless given.
  ///   - outputs: what is predicted; what the network says unless given.
  public func evaluate(
    _ subset: Subset, _ parameters: Parameters? = nil, outputs: Network.Outputs = .activations(temperature: 1)
  ) -> Evaluation {
    // Forward passes divide so well that `auto` takes all processors for them.
    let wanted = execution == .workers(.auto) ? threadLimit : min(workers, threadLimit)
    let count = min(wanted, (subset.count + EvaluationPass.blockRows - 1) / EvaluationPass.blockRows)
    let pass = EvaluationPass(
      kernels, network.inference(outputs), inputs: network.inputs, parameters ?? self.parameters, subset,
      reader: readers.reader(of: subset.table),
      targetScaling: targetScaling, workers: count)
    perform(pass, workers: count, threads: count)
    return pass.result
  }

  // MARK: Averages

  /// Takes the parameters after an epoch, counted from 1, into their average, where ends of epochs are averaged.
  public func endEpoch(_ epoch: Int) {
    guard let average, let weight = optimizer.averaging?.weight(epoch: epoch) else { return }
    for block in network.layout.blocks where block.isTrained {
      let range = block.offset..<block.offset + block.floats
      kernels.average(average.vector.slice(range), parameters.vector.slice(range), weight: weight)
    }
  }

  /// The parameters that are evaluated and become the model: those that are trained, or their average where there is one.
  ///
  /// What is not averaged is that of the parameters, but for running statistics: they are computed anew with the average, from
  /// the mini-batches of an epoch.
  ///
  /// - Parameters:
  ///   - steps: since the start of the run.
  ///   - epochs: that are over.
  ///   - last: the epoch of the last step; the order of its samples is used.
  public func evaluatedParameters(steps: Int, epochs: Int, last: Epoch) -> Parameters {
    guard let average, let averaging = optimizer.averaging, averaging.hasBegun(epochs: epochs, steps: steps) else {
      return parameters
    }
    let blocks = network.layout.blocks
    for (index, block) in blocks.enumerated() where !block.isTrained {
      average.set(block: index, values: parameters.values(block: index))
    }
    if blocks.contains(where: { $0.role == .statistic }) { renewStatistics(of: average, last) }
    return average
  }

  private func renewStatistics(of parameters: Parameters, _ epoch: Epoch) {
    let workers = execution == .workers(.auto) ? threadLimit : workers
    let threads = min(workers, threadLimit)
    reserve(plans(for: workers), threads: threads)
    let inputs = StepInputs(
      kernels, readers.reader(of: training.table), order: epoch.order, batchSize: batchSize,
      threads: Array(features[..<threads]))
    let step = StepContext(
      samples: inputs.samples(step: 0), shards: GradientShards(rows: batchSize, shardRows: configuration.shardRows),
      epoch: epoch.number, seed: configuration.seed)
    let tables = Tables(kernels, network.training, parameters, workspace)
    let pass = StatisticsPass(
      network.training, tables, step, inputs: inputs, steps: stepsPerEpoch, rows: (batchSize, lastBatchSize),
      shardRows: configuration.shardRows, workers: workers, memory: memory)
    perform(pass, workers: workers, threads: threads)
  }

  // MARK: Workers and memory

  /// Floats of memory that steps and evaluations take beside the parameters and the slots, at the most.
  ///
  /// - Parameters:
  ///   - shards: those of a whole mini-batch.
  ///   - evaluated: samples that are evaluated at a time.
  ///   - keepsGradient: whether the gradient of all parameters is kept, as clipping needs it.
  public static func floats(
    _ network: Network, _ shards: GradientShards, evaluated: Int, _ execution: Execution, keepsGradient: Bool
  ) -> Double {
    let threads =
      switch execution {
      case .singleThread: 1
      case .workers(.fixed(let count)): min(count, availableProcessors())
      case .workers(.auto): availableProcessors()
      }
    let features = PanelMatrix.floats(rows: shards.rows + 1, columns: network.inputs)
    let block = network.inference.floats(samples: EvaluationPass.blockRows)
    let blockFeatures = PanelMatrix.floats(rows: EvaluationPass.blockRows + 1, columns: network.inputs)
    let kept =
      keepsGradient
      ? network.layout.count
      : shards.count > 1 ? min(network.layout.count * shards.count, StepPlan.mostKeptFloats) : 0
    // Outputs twice, and what they should be.
    let predictions = 3 * evaluated * network.outputs
    return Double(network.training.floats(samples: shards.rows)) + Double(kept) + Double(predictions)
      + Double(threads) * (Double(features) + Double(block) + Double(blockFeatures))
  }

  private func perform(_ work: any PhasedWork, workers: Int, threads: Int) {
    if threads == 1 {
      // One thread needs nobody to divide the work with: the same loop as in the single-thread mode.
      work.performAll(owners: workers)
    } else {
      pool(threads).perform(work, owners: workers)
    }
  }

  private func plans(for workers: Int) -> DivisionPlans {
    if let plans = plans[workers] { return plans }
    let result = DivisionPlans(
      network.training, batchSize: batchSize, lastBatchSize: lastBatchSize, shardRows: configuration.shardRows,
      workers: workers, tileRows: kernels.tileRows, optimizer)
    plans[workers] = result
    return result
  }

  /// Sees to it that there is memory for `threads` threads.
  private func reserve(_ plans: DivisionPlans, threads: Int) {
    if memory.contains(where: { $0.scratch.count < plans.scratch }) { memory = [] }
    while memory.count < threads { memory.append(ThreadMemory(scratch: plans.scratch)) }
    while features.count < threads { features.append(GatheredFeatures(samples: batchSize, features: network.inputs)) }
    if kept == nil || keptFloats < plans.keptFloats {
      kept = KeptGradients(floats: plans.keptFloats, plans.tiles)
      keptFloats = plans.keptFloats
    }
  }

  /// Gives back what more threads than `threads` had.
  private func release(threads count: Int) {
    guard memory.count > count || plans.count > 1 else { return }
    memory.removeLast(max(memory.count - count, 0))
    features.removeLast(max(features.count - count, 0))
    plans = plans.filter { $0.key == count }
    threads = threads.filter { $0.key == count }
  }

  private func pool(_ count: Int) -> Workers {
    if let workers = threads[count] { return workers }
    let workers = Workers(count: count)
    threads[count] = workers
    return workers
  }
}

/// One reader a table: validation and test data may lie in the training data's.
private final class ReaderCache {
  private let scaling: Scaling
  private let targets: TargetEncoding
  private let classWeights: [Float]?
  private var readers: [(table: Table, reader: SampleReader)] = []

  init(scaling: Scaling, targets: TargetEncoding, classWeights: [Float]?) {
    self.scaling = scaling
    self.targets = targets
    self.classWeights = classWeights
  }

  func reader(of table: Table) -> SampleReader {
    if let known = readers.first(where: { $0.table === table }) { return known.reader }
    let reader = SampleReader(table, scaling: scaling, targets: targets, classWeights: classWeights)
    readers.append((table, reader))
    return reader
  }
}
