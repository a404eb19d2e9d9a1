import Kernels
import NeuralNetworks
import Optimizers

/// The division of a whole mini-batch and of the last one of an epoch among some workers.
final class DivisionPlans: Sendable {
  /// How many workers.
  let workers: Int
  /// A whole mini-batch.
  let whole: DividedStep
  /// The last mini-batch of an epoch.
  let last: DividedStep
  /// Floats of scratch memory that a thread needs.
  let scratch: Int
  /// Floats of gradients that are kept.
  let keptFloats: Int
  /// The tiles by which kept gradients are summed.
  let tiles: GradientTiles
  private let lists: (whole: PlanLists, last: PlanLists)

  init(
    _ program: Program, batchSize: Int, lastBatchSize: Int, shardRows: Int, workers: Int, tileRows: Int,
    _ optimizer: Optimizer
  ) {
    self.workers = workers
    let shards = (
      whole: GradientShards(rows: batchSize, shardRows: shardRows),
      last: GradientShards(rows: lastBatchSize, shardRows: shardRows)
    )
    let whole = StepPlan(program, shards: shards.whole, workers: workers, tileRows: tileRows, optimizer)
    // All steps of a run have the same passes.
    let last = StepPlan(
      program, shards: shards.last, workers: workers, tileRows: tileRows, optimizer, splitsTree: whole.splitsTree)
    scratch = max(whole.scratch, last.scratch)
    keptFloats = max(whole.keptFloats, last.keptFloats)
    tiles = whole.tiles
    lists = (PlanLists(whole), PlanLists(last))
    self.whole = DividedStep(whole, shards.whole, lists.whole)
    self.last = DividedStep(last, shards.last, lists.last)
  }
}

/// The lists of a plan as plain memory.
private struct PlanLists: Sendable {
  let parts: PlainList<GradientPart>
  let units: PlainList<WorkUnit>
  let owned: PlainList<Range<Int>>
  let unitsOfPass: PlainList<Int>
  let inputRows: PlainList<Range<Int>>

  init(_ plan: StepPlan) {
    parts = PlainList(plan.parts)
    units = PlainList(plan.units)
    owned = PlainList(plan.owned.flatMap { $0 })
    unitsOfPass = PlainList(plan.unitsOfPass)
    inputRows = PlainList(plan.inputRows)
  }
}

/// A plan as threads use it: views and numbers, without references to count. `DivisionPlans` keeps its memory.
struct DividedStep: Sendable {
  let shards: GradientShards
  let passes: Int
  let gradientPass: Int
  let updateTime: UpdateTime
  /// The gradients of all units of parameters.
  let parts: PlainList<GradientPart>.View
  let unitsOfPass: PlainList<Int>.View
  /// For each worker, the samples whose features its units of the first pass need.
  let inputRows: PlainList<Range<Int>>.View
  private let workers: Int
  private let units: PlainList<WorkUnit>.View
  private let ownedUnits: PlainList<Range<Int>>.View

  fileprivate init(_ plan: StepPlan, _ shards: GradientShards, _ lists: PlanLists) {
    self.shards = shards
    passes = plan.passes
    gradientPass = plan.gradientPass
    updateTime = plan.updateTime
    workers = plan.owned[0].count
    parts = lists.parts.view
    units = lists.units.view
    ownedUnits = lists.owned.view
    unitsOfPass = lists.unitsOfPass.view
    inputRows = lists.inputRows.view
  }

  /// The units of a pass that a worker owns.
  @inline(__always)
  func owned(_ pass: Int, _ owner: Int) -> Range<Int> { ownedUnits[pass * workers + owner] }

  /// A unit that a worker owns.
  @inline(__always)
  func unit(_ pass: Int, _ owner: Int, _ unit: Int) -> WorkUnit { units[owned(pass, owner).lowerBound + unit] }
}
