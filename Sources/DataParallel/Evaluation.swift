import Datasets
import Kernels
import Metrics
import NeuralNetworks

/// What a network predicts for some samples, and what that costs.
public struct Evaluation: Sendable {
  /// The outputs, in the order of the samples.
  public let predictions: Predictions
  /// What they should be.
  public let truth: Truth
  /// How much each sample counts in metrics: by its own weight, not by that of its class.
  public let weights: SampleWeights
  /// The mean cost, weighted as in training, without the L2 term.
  public let meanLoss: Double

  /// An evaluation by its parts.
  public init(predictions: Predictions, truth: Truth, weights: SampleWeights, meanLoss: Double) {
    self.predictions = predictions
    self.truth = truth
    self.weights = weights
    self.meanLoss = meanLoss
  }
}

/// The forward pass of a data set, as work in one phase for any number of workers.
final class EvaluationPass: PhasedWork, @unchecked Sendable {
  private let kernels: Kernels
  private let program: Program
  private let reader: SampleReader
  private let targetScaling: TargetScaling?
  /// Whether there are targets, which costs are computed from.
  private let hasTargets: Bool
  private let subset: Subset
  private let order: SampleOrder
  private let owned: [Range<Int>]
  private let threads: [EvaluationMemory]
  private let losses: FloatBuffer
  private let lossSlice: FloatSlice
  private let outputs: FloatBuffer
  private let outputSlice: FloatSlice

  /// Samples of a unit: their activations stay in the second cache.
  static let blockRows = 120

  init(
    _ kernels: Kernels, _ program: Program, inputs: Int, _ parameters: Parameters, _ subset: Subset,
    reader: SampleReader, targetScaling: TargetScaling?, workers: Int, hasTargets: Bool = true
  ) {
    self.kernels = kernels
    self.program = program
    self.reader = reader
    self.targetScaling = targetScaling
    self.hasTargets = hasTargets
    self.subset = subset
    order = SampleOrder(subset.rows)
    owned = divideEvenly((subset.count + Self.blockRows - 1) / Self.blockRows, into: workers)
    threads = (0..<workers).map { _ in
      EvaluationMemory(kernels, program, inputs: inputs, parameters, rows: min(Self.blockRows, subset.count))
    }
    losses = FloatBuffer(count: subset.count)
    lossSlice = losses.all
    outputs = FloatBuffer(count: subset.count * program.outputs)
    outputSlice = outputs.all
  }

  var phases: Int { 1 }

  func units(phase: Int) -> Int { owned[owned.count - 1].upperBound }

  func units(phase: Int, owner: Int) -> Int { owned[owner].count }

  func perform(phase: Int, owner: Int, unit: Int, worker: Int) {
    let first = (owned[owner].lowerBound + unit) * Self.blockRows
    let rows = 0..<min(Self.blockRows, order.count - first)
    let memory = threads[worker]
    let samples = order.selection(from: first)
    var context = memory.context(
      StepContext(samples: samples, shards: GradientShards(rows: rows.count, shardRows: rows.count)))
    context.features = memory.features
    reader.readInputs(kernels, samples, into: context.features, rows: rows)
    if hasTargets {
      reader.readTargets(kernels, samples, into: context.targets, rows: rows)
      program.perform(stages: 0..<program.stages.count, context, rows: rows)
      lossSlice[first..<first + rows.count].copy(context.losses[rows])
    } else {
      for stage in program.stages.indices where !program.stages[stage].readsTargets {
        program.perform(stages: stage..<stage + 1, context, rows: rows)
      }
    }
    let columns = program.outputs
    kernels.copyRows(
      of: context[program.output], rows: rows,
      into: outputSlice[first * columns..<(first + rows.count) * columns])
  }

  var result: Evaluation {
    let truth: Truth =
      switch subset.table.targets {
      case .labels(let labels, _): .labels(subset.rows.map { labels[Int($0)] })
      case .values(let values, let columns):
        .values(
          subset.rows.flatMap { values[Int($0) * columns..<(Int($0) + 1) * columns] }, columns: columns)
      case .distributions(let values, let classes):
        .labels(subset.rows.map { Self.greatest(of: values[Int($0) * classes.count..<(Int($0) + 1) * classes.count]) })
      }
    return Evaluation(
      predictions: Predictions(outputs: outputsInUnitOfTargets, columns: program.outputs), truth: truth,
      weights: SampleWeights(subset.table.weights.map { weights in subset.rows.map { weights[Int($0)] } }),
      meanLoss: meanLoss)
  }

  /// The outputs, [samples, columns], in the unit of the targets.
  var outputsInUnitOfTargets: [Float] {
    var outputs = outputSlice.array
    if let targetScaling {
      for index in outputs.indices {
        outputs[index] = targetScaling.undo(outputs[index], target: index % program.outputs)
      }
    }
    return outputs
  }

  private var meanLoss: Double {
    guard reader.isWeighted else { return Kernels.sum(lossSlice) / Double(subset.count) }
    let samples = order.selection(from: 0)
    let weights = FloatBuffer(count: subset.count)
    reader.readWeights(samples, into: weights.all, rows: 0..<subset.count)
    for row in 0..<subset.count { lossSlice[row] *= weights[row] }
    return Kernels.sum(lossSlice) / reader.weightSum(of: samples, rows: subset.count)
  }

  /// The place of the greatest of some probabilities, of equal ones the first.
  private static func greatest(of values: ArraySlice<Float>) -> Int32 {
    var greatest = values.startIndex
    for index in values.indices where values[index] > values[greatest] { greatest = index }
    return Int32(greatest - values.startIndex)
  }
}

/// What a thread needs to compute predictions.
private final class EvaluationMemory: Sendable {
  private let tables: Tables
  private let buffer: FloatBuffer
  private let scratch: ThreadMemory
  /// x, [samples, features]
  let features: PanelMatrix

  /// - Parameter inputs: features of a sample.
  init(_ kernels: Kernels, _ program: Program, inputs: Int, _ parameters: Parameters, rows: Int) {
    tables = Tables(kernels, program, parameters, Workspace(program, capacity: rows))
    (buffer, features) = Workspace.matrix(samples: rows, columns: inputs)
    scratch = ThreadMemory(scratch: Program.scratch)
  }

  func context(_ step: StepContext) -> Context {
    var context = Context(tables, step)
    context.scratch = scratch.scratch
    return context
  }
}
