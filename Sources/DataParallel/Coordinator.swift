import Datasets
import Kernels
import NeuralNetworks
import Optimizers

/// Where the computation of a run takes place. None of it changes a bit of the result.
public enum Execution: Sendable, Equatable {
  /// On the calling thread, without Dispatch.
  case singleThread
  /// On workers: the calling thread and, from the second worker on, Dispatch queues.
  case workers(WorkerCount)
}

/// What some steps came to.
public struct StepsResult: Sendable {
  /// The sum of the costs of all samples.
  public let lossSum: Double
  /// Samples.
  public let samples: Int
  /// The first step, counted from the start of the epoch, whose costs are not all finite.
  public let firstNonFiniteStep: Int?
}

/// Splits mini-batches across workers and has them reduce the gradient and update the parameters.
public final class Coordinator {
  /// The network.
  public let network: Network
  /// Its parameters.
  public let parameters: Parameters
  private let model: TrainingModel
  private let training: Subset
  private let readers: ReaderCache
  private let shardRows: Int
  private let lastBatchSize: Int
  private let execution: Execution
  private let threadLimit: Int
  private let tuner: WorkerTuner?
  private var plans: [Int: DivisionPlans] = [:]
  private var threads: [Int: Workers] = [:]
  private var memory: [Int: [WorkerMemory]] = [:]
  private var evaluationWorkspaces: [Workspace] = []

  /// Samples of a mini-batch: the configured number, or all if there are fewer.
  public let batchSize: Int
  /// Steps of an epoch.
  public let stepsPerEpoch: Int

  /// - Parameters:
  ///   - training: the samples to train on.
  ///   - dropLast: whether to leave out a last mini-batch that is smaller than the others.
  ///   - threadLimit: threads at the most; more workers share them. Nil for the number of processors.
  public init(
    kernels: Kernels, network: Network, parameters: Parameters, optimizer: any Optimizer, training: Subset,
    scaling: Scaling, batchSize: Int, dropLast: Bool, shardRows: Int, execution: Execution, threadLimit: Int? = nil
  ) {
    self.network = network
    self.parameters = parameters
    self.training = training
    self.shardRows = shardRows
    self.execution = execution
    let batchSize = min(batchSize, training.count)
    self.batchSize = batchSize
    let rest = training.count % batchSize
    stepsPerEpoch = training.count / batchSize + (rest > 0 && !dropLast ? 1 : 0)
    lastBatchSize = rest > 0 && !dropLast ? rest : batchSize
    readers = ReaderCache(scaling: scaling)
    model = TrainingModel(
      kernels: kernels, network: network, parameters: parameters, optimizer: optimizer,
      reader: readers.reader(of: training.table), workspace: Workspace(network, capacity: batchSize, hasInputs: false),
      batchSize: batchSize)
    self.threadLimit = threadLimit ?? Workers.processors
    tuner = execution == .workers(.auto) ? WorkerTuner(maximum: min(Workers.processors, self.threadLimit)) : nil
  }

  /// Workers of the next steps.
  public var workers: Int {
    switch execution {
    case .singleThread: 1
    case .workers(.fixed(let count)): count
    case .workers(.auto): tuner!.workers
    }
  }

  /// Trains on steps `steps` of an epoch that visits the samples in `order`.
  public func train(steps: Range<Int>, order: [Int32]) -> StepsResult {
    precondition(steps.lowerBound >= 0 && steps.upperBound <= stepsPerEpoch && order.count == training.count)
    // More workers than threads would only take turns: a thread does the shares of several in one piece.
    let count = min(workers, threadLimit)
    let plan = plans(for: count)
    let work = TrainingSteps(
      model, order: order, steps: steps, lastStep: stepsPerEpoch - 1, plans: plan, memory: memory(for: plan))
    let start = ContinuousClock.now
    perform(work, workers: count)
    let samples = min(steps.upperBound * batchSize, order.count) - min(steps.lowerBound * batchSize, order.count)
    tuner?.record(workers: count, samples: samples, duration: ContinuousClock.now - start)
    return StepsResult(lossSum: work.lossSum, samples: samples, firstNonFiniteStep: work.firstNonFiniteStep)
  }

  /// The first layer, from 0, with outputs that are not all finite, in the last step over `samples` samples; nil if all are.
  public func firstNonFiniteOutputs(samples: Int) -> Int? {
    network.layers.indices.first { layer in
      let outputs = model.workspace.activations[layer + 1]
      return (0..<samples).contains { row in (0..<outputs.columns).contains { !outputs[row, $0].isFinite } }
    }
  }

  /// The cost and the accuracy on `subset`.
  public func evaluate(_ subset: Subset) -> EvaluationResult {
    // Forward passes divide so well that `auto` takes all processors for them.
    let wanted = execution == .workers(.auto) ? threadLimit : min(workers, threadLimit)
    let count = min(wanted, (subset.count + EvaluationPass.blockRows - 1) / EvaluationPass.blockRows)
    while evaluationWorkspaces.count < count {
      evaluationWorkspaces.append(Workspace(network, capacity: EvaluationPass.blockRows))
    }
    let pass = EvaluationPass(
      model.kernels, network, parameters, subset, reader: readers.reader(of: subset.table), workers: count,
      workspaces: evaluationWorkspaces)
    perform(pass, workers: count)
    return pass.result
  }

  private func perform(_ work: any PhasedWork, workers: Int) {
    if workers == 1 {
      // One worker needs nobody to divide the work with: the same loop as in the single-thread mode.
      work.performAll()
    } else {
      threads(workers).perform(work, owners: workers)
    }
  }

  private func plans(for workers: Int) -> DivisionPlans {
    if let plan = plans[workers] { return plan }
    let plan = DivisionPlans(
      network, batchSize: batchSize, lastBatchSize: lastBatchSize, shardRows: shardRows, workers: workers,
      tileRows: model.kernels.tileRows)
    plans[workers] = plan
    return plan
  }

  private func memory(for plan: DivisionPlans) -> [WorkerMemory] {
    if let memory = memory[plan.workers] { return memory }
    let memory = (0..<plan.workers).map { _ in
      WorkerMemory(
        scratch: max(plan.whole.scratch, plan.last.scratch), samples: batchSize, features: network.inputs)
    }
    self.memory[plan.workers] = memory
    return memory
  }

  private func threads(_ count: Int) -> Workers {
    if let workers = threads[count] { return workers }
    let workers = Workers(count: count)
    threads[count] = workers
    return workers
  }
}

/// One reader a table: validation and test data may lie in the training data's.
private final class ReaderCache {
  private let scaling: Scaling
  private var readers: [(table: Table, reader: SampleReader)] = []

  init(scaling: Scaling) { self.scaling = scaling }

  func reader(of table: Table) -> SampleReader {
    if let known = readers.first(where: { $0.table === table }) { return known.reader }
    let reader = SampleReader(table, scaling: scaling)
    readers.append((table, reader))
    return reader
  }
}
