import Datasets
import Kernels
import NeuralNetworks
import Optimizers

/// Some steps of an epoch, as work in phases for any number of workers: each pass of each step is a phase.
///
/// A unit of work uses plain values alone: to copy a reference to an object that threads share would be to count it.
final class TrainingSteps: PhasedWork, @unchecked Sendable {
  private let program: Program
  private let inputs: StepInputs
  private let optimizer: Optimizer
  /// The average of the parameters, where each step moves it.
  private let average: FloatSlice?
  private let averaging: Averaging?
  private let state: OptimizerState
  private let tables: Tables
  private let context: Context
  private let steps: Range<Int>
  /// The number of the epoch's first step since the start of the run.
  private let firstStep: Int
  /// How often a plateau has reduced η.
  private let reductions: Int
  private let lastStep: Int
  private let plans: DivisionPlans
  private let whole: DividedStep
  private let last: DividedStep
  private let passesOfStep: Int
  private let firstPhaseOfLastStep: Int
  private let memory: [ThreadMemory]
  private let scratch: PlainList<FloatSlice>
  private let kept: KeptGradients
  private let updates: StepUpdates
  /// The sum of the weights of each step; nil where samples have none.
  private let weightSums: PlainList<Double>?
  private let weightSumsView: PlainList<Double>.View?
  private let record: LossRecord

  /// The sum of the weights of the samples of each step; nil where they have none.
  var weightsOfSteps: [Double]? { weightSumsView.map { view in (0..<view.count).map { view[$0] } } }
  /// The sum of the costs of all samples so far.
  var lossSum: Double { record.sum }
  /// The first step, counted from the start of the epoch, whose costs are not all finite.
  var firstNonFiniteStep: Int? { record.firstNonFiniteStep }

  /// - Parameters:
  ///   - step: what the steps have in common.
  ///   - lossSum: the sum of the costs of the epoch's earlier steps.
  init(
    _ program: Program, _ tables: Tables, _ step: StepContext, inputs: StepInputs, optimizer: Optimizer,
    state: OptimizerState, average: FloatSlice?,
    steps: Range<Int>, firstStep: Int, reductions: Int, lastStep: Int, plans: DivisionPlans, memory: [ThreadMemory],
    kept: KeptGradients, lossSum: Double
  ) {
    self.program = program
    self.tables = tables
    context = Context(tables, step)
    self.inputs = inputs
    self.optimizer = optimizer
    averaging = optimizer.averaging
    self.average = average
    self.state = state
    self.steps = steps
    self.firstStep = firstStep
    self.reductions = reductions
    self.lastStep = lastStep
    self.plans = plans
    whole = plans.whole
    last = plans.last
    passesOfStep = plans.whole.passes
    firstPhaseOfLastStep = (lastStep - steps.lowerBound) * plans.whole.passes
    self.memory = memory
    scratch = PlainList(memory.map(\.scratch))
    self.kept = kept
    updates = StepUpdates(threads: memory.count, program.kinds)
    let whole = plans.whole.shards.rows
    let last = plans.last.shards.rows
    weightSums =
      inputs.isWeighted
      ? PlainList(steps.map { inputs.weightSum(step: $0, rows: $0 == lastStep ? last : whole) }) : nil
    weightSumsView = weightSums?.view
    record = LossRecord(lossSum)
  }

  // MARK: Phases

  var phases: Int { steps.count * passesOfStep }

  func units(phase: Int) -> Int {
    isLast(phase) ? last.unitsOfPass[phase % passesOfStep] : whole.unitsOfPass[phase % passesOfStep]
  }

  func units(phase: Int, owner: Int) -> Int {
    isLast(phase)
      ? last.owned(phase % passesOfStep, owner).count : whole.owned(phase % passesOfStep, owner).count
  }

  private func isLast(_ phase: Int) -> Bool { phase >= firstPhaseOfLastStep }

  func perform(phase: Int, owner: Int, unit: Int, worker: Int) {
    let step = steps.lowerBound + phase / passesOfStep
    let pass = phase % passesOfStep
    if pass == whole.gradientPass { fetchInputs(after: step, owner: owner, unit: unit) }
    var context = context
    context.step.samples = inputs.samples(step: step)
    context.scratch = scratch.view[worker]
    if step == lastStep {
      context.step.shards = last.shards
      perform(last.unit(pass, owner, unit), last, step, &context, thread: worker)
    } else {
      context.step.shards = whole.shards
      perform(whole.unit(pass, owner, unit), whole, step, &context, thread: worker)
    }
  }

  /// Has the samples that a worker needs first in the next step fetched bit by bit, while it updates its parameters.
  private func fetchInputs(after step: Int, owner: Int, unit: Int) {
    guard inputs.isLarge && step + 1 < lastStep else { return }
    let units = whole.owned(whole.gradientPass, owner).count
    let all = whole.inputRows[owner]
    let first = all.lowerBound + all.count * unit / units
    let end = all.lowerBound + all.count * (unit + 1) / units
    inputs.fetch(step: step + 1, rows: first..<end)
  }

  // MARK: Units of work

  @inline(__always)
  private func perform(
    _ unit: WorkUnit, _ division: DividedStep, _ step: Int, _ context: inout Context, thread: Int
  ) {
    switch unit {
    case .rows, .panel: inputs.perform(unit, of: program, step, &context, thread: thread)
    case .gradient(let unit):
      gatherFeatures(of: unit, rows: 0..<context.step.shards.rows, step, &context, thread: thread)
      update(unit, division, step, context, thread: thread)
    case .leaf(let unit, let shard):
      gatherFeatures(of: unit, rows: context.step.shards.shard(shard), step, &context, thread: thread)
      sumLeaf(unit, division, shard: shard, context)
    case .join(let unit): join(unit, division, step, context, thread: thread)
    case .loss: record.add(Kernels.sum(context.losses[0..<context.step.shards.rows]), step: step)
    case .norm:
      if let clipping = optimizer.clipping {
        let divisor = weightSumsView?[step - steps.lowerBound] ?? Double(context.step.shards.rows)
        kept.clip(clipping, divisor: divisor)
      }
    case .update(let unit): updateLater(unit, division, step, context, thread: thread)
    }
  }

  @inline(__always)
  private func gatherFeatures(
    of unit: ParameterUnit, rows: Range<Int>, _ step: Int, _ context: inout Context, thread: Int
  ) {
    guard program.groups[unit.group].readsFeatures else { return }
    context.features = inputs.features(thread: thread, step: step, rows: rows, columns: unit.rows)
  }

  /// The gradient of some parameters, added over all shards, and the step of these parameters.
  @inline(__always)
  private func update(
    _ unit: ParameterUnit, _ division: DividedStep, _ step: Int, _ context: Context, thread: Int
  ) {
    let shards = context.step.shards
    let scale = scale(step, rows: shards.rows)
    for index in unit.parts {
      let part = division.parts[index]
      if division.updateTime == .inProduct && part.isProduct,
        case .gradientDescent(let descent) = update(of: part, step, scale: scale, thread: thread)
      {
        context.sumGradient(part, shard: 0..<shards.rows, into: context.scratch, taking: descent)
        if part.isTransposed { context.refreshTransposed(part) }
        continue
      }
      let sum =
        part.isStored
        ? context.storedGradient(part)
        : shards.sum(context.kernels, length: part.range.count, scratch: context.scratch) {
          context.sumGradient(part, shard: $0, into: $1)
        }
      if division.updateTime == .inLaterPass {
        kept.keep(sum, index - unit.parts.lowerBound, of: unit, program.groups[unit.group])
      } else {
        take(part, sum, scale: scale, step, context, thread: thread)
      }
    }
  }

  /// The gradient of some parameters over one shard.
  @inline(__always)
  private func sumLeaf(_ unit: ParameterUnit, _ division: DividedStep, shard: Int, _ context: Context) {
    let group = program.groups[unit.group]
    for index in unit.parts where !division.parts[index].isStored {
      context.sumGradient(
        division.parts[index], shard: context.step.shards.shard(shard),
        into: kept.leaf(shard, of: context.step.shards.count, index - unit.parts.lowerBound, of: unit, group))
    }
  }

  /// The sum of the leaves of some parameters, and the step of these parameters.
  @inline(__always)
  private func join(_ unit: ParameterUnit, _ division: DividedStep, _ step: Int, _ context: Context, thread: Int) {
    let group = program.groups[unit.group]
    let shards = context.step.shards
    for index in unit.parts {
      let part = division.parts[index]
      let sum =
        part.isStored
        ? context.storedGradient(part)
        : shards.join(context.kernels) {
          kept.leaf($0, of: shards.count, index - unit.parts.lowerBound, of: unit, group)
        }
      take(part, sum, scale: scale(step, rows: shards.rows), step, context, thread: thread)
    }
  }

  /// The step of some parameters along the gradient that has been kept and clipped.
  @inline(__always)
  private func updateLater(
    _ unit: ParameterUnit, _ division: DividedStep, _ step: Int, _ context: Context, thread: Int
  ) {
    let scale = scale(step, rows: context.step.shards.rows) * kept.factor
    for index in unit.parts {
      let sum = kept.gradient(index - unit.parts.lowerBound, of: unit)
      take(division.parts[index], sum, scale: scale, step, context, thread: thread)
    }
  }

  /// What makes a mean of the sum over a mini-batch: 1 / samples, or 1 / Σ weights; 0 where nothing has a weight.
  @inline(__always)
  private func scale(_ step: Int, rows: Int) -> Float {
    guard let weightSumsView else { return 1 / Float(rows) }
    let sum = Float(weightSumsView[step - steps.lowerBound])
    return sum > 0 ? 1 / sum : 0
  }

  @inline(__always)
  private func take(
    _ part: GradientPart, _ sum: FloatSlice, scale: Float, _ step: Int, _ context: Context, thread: Int
  ) {
    context.kernels.update(
      context.parameters(part), gradientSum: sum, state.slots(part.range),
      update(of: part, step, scale: scale, thread: thread))
    if let average, let weight = averaging?.weight(step: firstStep + step) {
      context.kernels.average(average[part.range], context.parameters(part), weight: weight)
    }
    if part.isTransposed { context.refreshTransposed(part) }
  }

  /// The update of a step, which the rule is asked for once by each thread.
  @inline(__always)
  private func update(of part: GradientPart, _ step: Int, scale: Float, thread: Int) -> Update {
    updates.update(of: step, kind: part.kind, thread: thread) { kind in
      optimizer.update(
        StepTime(step: firstStep + step, stepsPerEpoch: lastStep + 1, reductions: reductions), scale: scale,
        isWeight: kind.isWeight, learningRateFactor: kind.learningRateFactor)
    }
  }
}

/// The costs so far. Written by the unit `loss` of each step, one step after another, and so apart from what all threads
/// read.
private final class LossRecord {
  private let before: SIMD16<Int> = .zero
  private(set) var sum: Double
  private(set) var firstNonFiniteStep: Int?
  private let after: SIMD16<Int> = .zero

  init(_ sum: Double) { self.sum = sum }

  func add(_ cost: Double, step: Int) {
    sum += cost
    if !cost.isFinite && firstNonFiniteStep == nil { firstNonFiniteStep = step }
  }
}
