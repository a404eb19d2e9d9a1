import Datasets
import Kernels
import NeuralNetworks
import Optimizers

/// Some steps of an epoch, as work in phases for any number of workers.
final class TrainingSteps: PhasedWork, @unchecked Sendable {
  private let model: TrainingModel
  private let order: [Int32]
  private let steps: Range<Int>
  private let batchSize: Int
  private let whole: StepPlan
  private let last: StepPlan
  private let wholeShards: GradientShards
  private let lastShards: GradientShards
  private let lastStep: Int
  private let phasesOfStep: Int
  private let memory: [WorkerMemory]
  private let record = LossRecord()

  /// The sum of the costs of all samples so far.
  var lossSum: Double { record.sum }
  /// The first step, counted from the start of the epoch, whose costs are not all finite.
  var firstNonFiniteStep: Int? { record.firstNonFiniteStep }

  /// - Parameters:
  ///   - order: the samples of the epoch; step s takes those from `s · batchSize` on.
  ///   - plans: how a whole mini-batch and the epoch's last one are divided.
  ///   - memory: that of each thread.
  init(
    _ model: TrainingModel, order: [Int32], steps: Range<Int>, lastStep: Int, plans: DivisionPlans,
    memory: [WorkerMemory]
  ) {
    self.model = model
    self.order = order
    self.steps = steps
    batchSize = model.batchSize
    whole = plans.whole
    last = plans.last
    wholeShards = plans.wholeShards
    lastShards = plans.lastShards
    self.lastStep = lastStep
    phasesOfStep = plans.whole.phases
    self.memory = memory
    for memory in memory { memory.forgetInputs() }
  }

  var phases: Int { steps.count * phasesOfStep }

  func units(phase: Int) -> Int {
    isLast(phase) ? last.unitsOfPhase[phase % phasesOfStep] : whole.unitsOfPhase[phase % phasesOfStep]
  }

  func units(phase: Int, owner: Int) -> Int {
    // Two branches, not one plan: to copy a plan is to count references to its parts, in memory that all threads share.
    isLast(phase) ? last.owned[phase % phasesOfStep][owner].count : whole.owned[phase % phasesOfStep][owner].count
  }

  private func isLast(_ phase: Int) -> Bool { steps.lowerBound + phase / phasesOfStep == lastStep }

  func perform(phase: Int, owner: Int, unit: Int, worker: Int) {
    let step = steps.lowerBound + phase / phasesOfStep
    let phase = phase % phasesOfStep
    if phase == phasesOfStep - 1 { fetchInputs(after: step, owner: owner, unit: unit) }
    if step == lastStep {
      perform(step, last.units[last.owned[phase][owner].lowerBound + unit], lastShards, memory[worker])
    } else {
      perform(step, whole.units[whole.owned[phase][owner].lowerBound + unit], wholeShards, memory[worker])
    }
  }

  /// Has the samples that a worker needs first in the next step fetched bit by bit, while it updates its parameters.
  private func fetchInputs(after step: Int, owner: Int, unit: Int) {
    guard model.reader.isLarge && step + 1 < lastStep else { return }
    let units = whole.owned[phasesOfStep - 1][owner].count
    let all = whole.inputRows[owner]
    let rows = all.lowerBound + all.count * unit / units..<all.lowerBound + all.count * (unit + 1) / units
    model.fetchInputs(SampleSelection(order: order, first: (step + 1) * batchSize), rows: rows)
  }

  private func perform(_ step: Int, _ unit: WorkUnit, _ shards: GradientShards, _ memory: WorkerMemory) {
    let model = model
    let selection = SampleSelection(order: order, first: step * batchSize)
    switch unit {
    case .firstLayer(let panel, let rows):
      model.forwardFirstLayer(selection, step, panels: panel..<panel + 1, rows: rows, memory)
    case .samples(let rows, let from):
      if from == 0 {
        let panels = PanelMatrix.panels(of: model.network.layers[0].units)
        model.forwardFirstLayer(selection, step, panels: 0..<panels, rows: rows, memory)
      }
      model.reader.readTargets(model.kernels, selection, into: model.workspace.targets, rows: rows)
      model.network.forward(model.kernels, model.parameters, model.workspace, from: 1, rows: rows)
      model.network.backward(model.kernels, model.parameters, model.workspace, rows: rows)
    case .parameters(let layer, let panel, let inputs):
      let activations =
        layer == 0
        ? memory.inputs(model.reader, model.kernels, selection, step: step, rows: 0..<shards.rows, columns: inputs)
        : model.workspace.activations[layer]
      model.update(layer: layer, activations: activations, panel: panel, inputs: inputs, shards, memory.scratch)
    case .loss:
      record.add(Kernels.sum(model.workspace.losses[0..<shards.rows]), step: step)
    }
  }
}

/// The costs so far. Written by the unit `loss` of each step, one step after another, and so apart from what all threads
/// read.
private final class LossRecord {
  private let before: SIMD16<Int> = .zero
  private(set) var sum = 0.0
  private(set) var firstNonFiniteStep: Int?
  private let after: SIMD16<Int> = .zero

  func add(_ cost: Double, step: Int) {
    sum += cost
    if !cost.isFinite && firstNonFiniteStep == nil { firstNonFiniteStep = step }
  }
}

/// What the steps of a run share. A class, so that a unit of work copies one reference and not ten.
final class TrainingModel: Sendable {
  let kernels: Kernels
  let network: Network
  let parameters: Parameters
  let optimizer: any Optimizer
  let reader: SampleReader
  let workspace: Workspace
  let batchSize: Int

  init(
    kernels: Kernels, network: Network, parameters: Parameters, optimizer: any Optimizer, reader: SampleReader,
    workspace: Workspace, batchSize: Int
  ) {
    self.kernels = kernels
    self.network = network
    self.parameters = parameters
    self.optimizer = optimizer
    self.reader = reader
    self.workspace = workspace
    self.batchSize = batchSize
  }

  /// Has the features of samples fetched that will be gathered soon.
  func fetchInputs(_ selection: SampleSelection, rows: Range<Int>) {
    reader.fetchInputs(kernels, selection, rows: rows)
  }

  /// Forward through panels of the first layer, from samples that the thread gathers itself.
  func forwardFirstLayer(
    _ selection: SampleSelection, _ step: Int, panels: Range<Int>, rows: Range<Int>, _ memory: WorkerMemory
  ) {
    let inputs = memory.inputs(reader, kernels, selection, step: step, rows: rows)
    for panel in panels {
      network.forward(kernels, parameters, workspace, layer: 0, inputs: inputs, rows: rows, panel: panel)
    }
  }

  /// The gradient of a block of parameters, reduced over all shards, and the step of these parameters.
  func update(
    layer: Int, activations: PanelMatrix, panel: Int, inputs: Range<Int>, _ shards: GradientShards,
    _ scratch: FloatSlice
  ) {
    let weights = parameters.weights[layer].slice(panel: panel, rows: inputs)
    @inline(__always) func gradient(_ shard: Range<Int>, _ sum: FloatSlice, _ step: GradientDescent? = nil) {
      network.weightGradient(
        kernels, workspace, layer: layer, activations: activations, inputs: inputs, panel: panel, shard: shard,
        into: sum, update: step.map { (weights, $0) })
    }
    if shards.count == 1, let step = optimizer.descent(samples: shards.rows, regularized: true) {
      gradient(0..<shards.rows, scratch, step)
    } else {
      let sum = shards.sum(kernels, length: weights.count, scratch: scratch) { gradient($0, $1) }
      optimizer.update(kernels, parameters: weights, gradientSum: sum, samples: shards.rows, regularized: true)
    }
    network.refreshTransposed(kernels, parameters, layer: layer, inputs: inputs, panel: panel)

    guard inputs.lowerBound == 0 else { return }
    let width = PanelMatrix.panelWidth
    let biases = parameters.biases[layer][panel * width..<(panel + 1) * width]
    let biasGradient = shards.sum(kernels, length: width, scratch: scratch) { shard, sum in
      network.biasGradient(kernels, workspace, layer: layer, panel: panel, shard: shard, into: sum)
    }
    optimizer.update(
      kernels, parameters: biases, gradientSum: biasGradient, samples: shards.rows, regularized: false)
  }
}

/// The division of a whole mini-batch and of the last one of an epoch among some workers.
struct DivisionPlans: Sendable {
  let workers: Int
  let whole: StepPlan
  let last: StepPlan
  let wholeShards: GradientShards
  let lastShards: GradientShards

  init(_ network: Network, batchSize: Int, lastBatchSize: Int, shardRows: Int, workers: Int, tileRows: Int) {
    self.workers = workers
    wholeShards = GradientShards(rows: batchSize, shardRows: shardRows)
    lastShards = GradientShards(rows: lastBatchSize, shardRows: shardRows)
    whole = StepPlan(network, shards: wholeShards, workers: workers, tileRows: tileRows)
    last = StepPlan(network, shards: lastShards, workers: workers, tileRows: tileRows)
  }
}
