import Kernels
import NeuralNetworks
import Optimizers

/// A piece of a step that one worker does alone.
enum WorkUnit: Sendable, Equatable {
  /// The stages of a pass for some rows, all panels of them.
  case rows(Pass, rows: Range<Int>)
  /// The stages of a pass for one panel of some rows.
  case panel(Pass, panel: Int, rows: Range<Int>)
  /// The gradient of some parameters over all gradient shards, and their update unless it comes in a later pass.
  case gradient(ParameterUnit)
  /// The gradient of some parameters over one gradient shard.
  case leaf(ParameterUnit, shard: Int)
  /// The sum of these over all shards, and the update.
  case join(ParameterUnit)
  /// The sum of the costs of the mini-batch.
  case loss
  /// The norm of the gradient of all parameters.
  case norm
  /// The update of some parameters with the gradient that has been kept.
  case update(ParameterUnit)
}

/// Some parameters: rows of one panel of the block of a group, and what goes with its first rows.
struct ParameterUnit: Sendable, Equatable {
  let group: Int
  let panel: Int
  let rows: Range<Int>
  /// Where the first of its floats lie in memory for gradients that are kept.
  let place: Int
  /// Its gradients in the plan's list.
  var parts = 0..<0
}

/// How a step over a mini-batch of some rows is divided among workers: passes, and the units of each.
///
/// The passes are those of the program (see `Pass`), and after them:
/// 1. The parameters are divided: each worker sums the gradient of its own parameters over all rows of the mini-batch,
///    shard by shard, and updates them at once. No gradient is copied between workers, and none is kept: a part of it
///    lives in the first cache between its computation and its use. Where there are fewer units than workers and many gradient
///    shards, a unit takes one shard, and a further pass joins the shards.
/// 2. If the update depends on the gradients of all parameters, they are kept; a pass with one unit takes their norm, and a
///    further one updates.
///
/// Units are owned: worker w begins with its own, the same in every step, so that parameters stay in its cache. Who has
/// finished takes units of others.
struct StepPlan: Sendable {
  /// The gradients of all units of parameters.
  let parts: [GradientPart]
  /// The units of all passes.
  let units: [WorkUnit]
  /// For each pass and worker, which of `units` it owns.
  let owned: [[Range<Int>]]
  /// The number of units of each pass.
  let unitsOfPass: [Int]
  /// For each worker, the samples whose features its units of the first pass need.
  let inputRows: [Range<Int>]
  /// Floats of scratch memory that a worker needs.
  let scratch: Int
  /// Floats of memory for gradients that are kept: those of all shards of all units, where they are joined in a later pass,
  /// or those of all parameters.
  let keptFloats: Int
  /// The pass of the gradients.
  let gradientPass: Int
  let updateTime: UpdateTime
  /// Whether the leaves and the joins of the tree of gradient shards are divided among workers.
  let splitsTree: Bool
  /// The tiles by which the squares of kept gradients are summed.
  let tiles: GradientTiles

  /// The most memory, 64 MB, for the sums of single gradient shards.
  static let mostKeptFloats = 16 << 20

  /// Passes of a step: the same for all mini-batches of a run.
  var passes: Int { owned.count }

  /// - Parameter splitsTree: whether leaves and joins of the tree of gradient shards are divided; nil to decide by cost.
  init(
    _ program: Program, shards: GradientShards, workers: Int, tileRows: Int, _ optimizer: Optimizer,
    splitsTree: Bool? = nil
  ) {
    var units: [WorkUnit] = []
    var owned: [[Range<Int>]] = []
    func append(_ pass: [(unit: WorkUnit, cost: Int)]) {
      let start = units.count
      let shares = divide(pass.map(\.cost), among: workers)
      owned.append(shares.map { start + $0.lowerBound..<start + $0.upperBound })
      for share in shares { units += Self.arranged(pass[share].map(\.unit)) }
    }
    for pass in Pass.passes(of: program.stages, workers: workers) {
      append(Self.units(of: pass, program.stages, rows: shards.rows, workers: workers, tileRows: tileRows))
    }
    gradientPass = owned.count
    let updateTime = UpdateTime(optimizer, shards: shards.count)
    self.updateTime = updateTime
    let blockRows = Self.blockRows(program.groups, workers: workers)
    let (parameters, parts) = Self.parameterUnits(program, blockRows: blockRows)
    self.parts = parts
    let width = PanelMatrix.panelWidth
    let leafFloats = parameters.reduce(0) { $0 + Self.floats(of: $1.unit, program.groups) } * shards.count
    let splits =
      splitsTree ?? Self.splitsTree(parameters.map(\.cost), shards: shards, workers: workers)
      && leafFloats <= Self.mostKeptFloats
    // Where the gradient is kept for a later pass anyway, there are units enough for all.
    self.splitsTree = splits && updateTime != .inLaterPass
    if self.splitsTree {
      append(
        parameters.flatMap { unit, cost in (0..<shards.count).map { (.leaf(unit, shard: $0), cost) } } + [(.loss, 1)])
      append(parameters.map { (.join($0.unit), $0.cost) })
      keptFloats = leafFloats
    } else {
      append(parameters.map { (.gradient($0.unit), $0.cost) } + [(.loss, 1)])
      if updateTime == .inLaterPass {
        append([(.norm, 1)])
        append(parameters.map { (.update($0.unit), $0.cost) })
        keptFloats = parameters.reduce(0) { $0 + Self.floats(of: $1.unit, program.groups) }
      } else {
        keptFloats = 0
      }
    }
    tiles = GradientTiles(program.groups)
    self.units = units
    self.owned = owned
    unitsOfPass = owned.map { $0[workers - 1].upperBound - $0[0].lowerBound }
    inputRows = owned[0].map { Self.rows(of: units[$0]) }
    scratch = max(shards.partialSums * blockRows * width, Program.scratch)
  }

  /// The range of all samples of some units.
  private static func rows(of units: ArraySlice<WorkUnit>) -> Range<Int> {
    units.reduce(0..<0) { all, unit in
      switch unit {
      case .panel(_, _, let rows), .rows(_, let rows):
        all.isEmpty ? rows : min(all.lowerBound, rows.lowerBound)..<max(all.upperBound, rows.upperBound)
      default: all
      }
    }
  }

  // MARK: Passes of the program

  static func units(
    of pass: Pass, _ stages: [Stage], rows: Int, workers: Int, tileRows: Int
  ) -> [(unit: WorkUnit, cost: Int)] {
    let panels = stages[pass.stages.lowerBound].panels
    switch pass.division {
    case .rows:
      return blocksOfRows(rows, workers: workers, tileRows: tileRows).map {
        (.rows(pass, rows: $0), $0.count)
      }
    case .panels: return (0..<panels).map { (.panel(pass, panel: $0, rows: 0..<rows), 1) }
    case .panelsAndRows:
      // Panels cut into blocks of rows, as whole panels could not be divided evenly. To and fro, so that a worker whose share
      // ends one panel and begins the next needs the same samples for both.
      let tiles = (rows + tileRows - 1) / tileRows
      let forth = divideEvenly(rows, into: min(workers % panels == 0 ? workers / panels : workers, tiles))
      let back = Array(forth.reversed())
      return (0..<panels).flatMap { panel in
        (panel % 2 == 0 ? forth : back).map { (.panel(pass, panel: panel, rows: $0), $0.count) }
      }
    }
  }

  /// Blocks of rows: as many as there are workers, or more where a block would be larger than 15 tiles. Smaller ones would
  /// have the weights of wide layers fetched more often, of larger ones the activations would not stay in the second cache.
  private static func blocksOfRows(_ rows: Int, workers: Int, tileRows: Int) -> [Range<Int>] {
    let largest = 15 * tileRows
    let blocks = max(min(workers, rows), (rows + largest - 1) / largest)
    let count = (blocks + workers - 1) / workers * workers
    return divideEvenly(rows, into: min(count, rows))
  }

  // MARK: Parameters

  /// Blocks of parameters, in the order of the layers, so that panels of the first layer stay with their worker.
  private static func parameterUnits(
    _ program: Program, blockRows: Int
  ) -> (units: [(unit: ParameterUnit, cost: Int)], parts: [GradientPart]) {
    var units: [(unit: ParameterUnit, cost: Int)] = []
    var parts: [GradientPart] = []
    var place = 0
    for (index, group) in program.groups.enumerated() {
      for panel in 0..<group.panels {
        let columns = min(group.columns - panel * PanelMatrix.panelWidth, PanelMatrix.panelWidth)
        for first in stride(from: 0, to: group.rows, by: blockRows) {
          let rows = first..<min(first + blockRows, group.rows)
          var unit = ParameterUnit(group: index, panel: panel, rows: rows, place: place)
          let count = group.count(rows: rows)
          unit.parts = parts.count..<parts.count + count
          parts += (0..<count).map { program.part($0, of: group, rows: rows, panel: panel) }
          place += floats(of: unit, program.groups)
          units.append((unit, rows.count * columns + 1))
        }
      }
    }
    return (units, parts)
  }

  /// Floats of the gradients of a unit.
  static func floats(of unit: ParameterUnit, _ groups: [GradientGroup]) -> Int {
    (unit.rows.count + groups[unit.group].count(rows: unit.rows) - 1) * PanelMatrix.panelWidth
  }

  /// Rows of a block of parameters: a multiple of the panel's width, large enough to use the δ of a panel several
  /// times, small enough for the first cache and for an even division.
  private static func blockRows(_ groups: [GradientGroup], workers: Int) -> Int {
    let sizes = [192, 96, 64, 32]
    return sizes.first { size in
      let blocks = groups.reduce(0) { $0 + $1.panels * (($1.rows + size - 1) / size) }
      return workers == 1 || blocks >= 6 * workers
    } ?? 32
  }

  /// Whether it is faster to divide the gradient shards of a unit among workers too, which takes memory for the sums of all and
  /// another meeting.
  ///
  /// By a count of operations for each float of the sums: one a row of a shard, some for each sum that goes through memory, and
  /// those that a core could do in a meeting.
  static func splitsTree(_ costs: [Int], shards: GradientShards, workers: Int) -> Bool {
    guard workers > 1 && shards.count > 1 && !costs.isEmpty else { return false }
    let floats = costs.reduce(0, +)
    func share(_ count: Int) -> Int { (count + workers - 1) / workers }
    let unit = floats / costs.count
    let inside = share(costs.count) * shards.count * unit * (shards.shardRows + 2)
    let split =
      share(costs.count * shards.count) * unit * (shards.shardRows + 4)
      + share(costs.count) * shards.count * unit * 4 + 200_000
    return split < inside
  }

  /// The units of one worker in the order in which it begins them: blocks of the same rows one after another, so that the
  /// activations stay in the second cache while the panels of units pass by.
  private static func arranged(_ units: [WorkUnit]) -> [WorkUnit] {
    units.enumerated().sorted { first, second in
      guard case .gradient(let one) = first.element, case .gradient(let other) = second.element else {
        return first.offset < second.offset
      }
      return (one.group, one.rows.lowerBound, first.offset) < (other.group, other.rows.lowerBound, second.offset)
    }.map(\.element)
  }
}

/// `count` things in `parts` ranges whose lengths differ by one at most.
func divideEvenly(_ count: Int, into parts: Int) -> [Range<Int>] {
  (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
}

/// Adjacent ranges of units, one a worker, of nearly equal cost.
func divide(_ costs: [Int], among workers: Int) -> [Range<Int>] {
  let total = costs.reduce(0, +)
  var ranges: [Range<Int>] = []
  var start = 0
  var cost = 0
  for worker in 0..<workers {
    var end = start
    let share = total * (worker + 1) / workers
    // A unit belongs to the worker in whose share its middle lies.
    while end < costs.count && (worker == workers - 1 || cost + costs[end] / 2 < share) {
      cost += costs[end]
      end += 1
    }
    ranges.append(start..<end)
    start = end
  }
  return ranges
}
