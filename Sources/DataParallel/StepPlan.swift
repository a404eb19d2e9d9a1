import Kernels
import NeuralNetworks

/// A piece of a step that one worker does alone.
enum WorkUnit: Sendable, Equatable {
  /// Forward through one panel of the first layer, for some samples.
  case firstLayer(panel: Int, rows: Range<Int>)
  /// The forward pass of some samples from layer `from` on and the backward pass: their activations, costs and δ.
  case samples(rows: Range<Int>, from: Int)
  /// Gradient, reduction and update of some parameters: the weights from `inputs` to one panel of units, and with the
  /// first inputs the biases of the panel.
  case parameters(layer: Int, panel: Int, inputs: Range<Int>)
  /// The sum of the costs of the mini-batch.
  case loss
}

/// How a step over a mini-batch of some rows is divided among workers.
///
/// A step has three phases, or two:
/// 1. The units of the first layer are divided: each worker computes its own for all samples. The first layer is the
///    largest of many networks, and its weights and inputs never move from one core to another this way: each worker
///    gathers the samples itself. Where there are more workers than panels of units, the samples are divided too, and a
///    worker gathers its own for this phase and the features of its parameters for the third. A first layer of one panel
///    could only be divided by samples: it has no phase of its own, which saves a meeting of all workers.
/// 2. The samples are divided: each worker runs the rest of the forward pass and the backward pass of its rows and leaves
///    activations and δ where all can read them.
/// 3. The parameters are divided: each worker sums the gradient of its own parameters over all rows of the mini-batch,
///    shard by shard, and updates them at once. No gradient is copied between workers, and none is kept: a part of it
///    lives in the first cache between its computation and its use.
///
/// Units are owned: worker w begins with its own, the same in every step, so that parameters stay in its cache. Who has
/// finished takes units of others.
struct StepPlan: Sendable {
  /// Rows of the mini-batch.
  let rows: Int
  /// The units of all phases.
  let units: [WorkUnit]
  /// For each phase and worker, which of `units` it owns.
  let owned: [[Range<Int>]]
  /// The number of units of each phase.
  let unitsOfPhase: [Int]
  /// For each worker, the samples whose inputs its units of the first phase need.
  let inputRows: [Range<Int>]
  /// Floats of scratch memory that a worker needs.
  let scratch: Int

  /// Phases of a step: the same for all mini-batches of a network.
  var phases: Int { owned.count }

  init(_ network: Network, shards: GradientShards, workers: Int, tileRows: Int) {
    rows = shards.rows
    var units: [WorkUnit] = []
    var owned: [[Range<Int>]] = []
    func append(_ phase: [(unit: WorkUnit, cost: Int)]) {
      let start = units.count
      let shares = divide(phase.map(\.cost), among: workers)
      owned.append(shares.map { start + $0.lowerBound..<start + $0.upperBound })
      for share in shares { units += Self.arranged(phase[share].map(\.unit)) }
    }
    let dividesFirstLayer = PanelMatrix.panels(of: network.layers[0].units) > 1
    if dividesFirstLayer {
      append(Self.firstLayerPhase(network, rows: shards.rows, workers: workers, tileRows: tileRows))
    }
    append(
      Self.samplePhase(rows: shards.rows, from: dividesFirstLayer ? 1 : 0, workers: workers, tileRows: tileRows))
    let blockInputs = Self.blockInputs(network, workers: workers)
    append(Self.parameterPhase(network, blockInputs: blockInputs))
    self.units = units
    self.owned = owned
    unitsOfPhase = owned.map { $0[workers - 1].upperBound - $0[0].lowerBound }
    inputRows = owned[0].map { Self.rows(of: units[$0]) }
    scratch = shards.partialSums * blockInputs * PanelMatrix.panelWidth
  }

  /// The range of all samples of some units.
  private static func rows(of units: ArraySlice<WorkUnit>) -> Range<Int> {
    units.reduce(0..<0) { all, unit in
      switch unit {
      case .firstLayer(_, let rows), .samples(let rows, _):
        all.isEmpty ? rows : min(all.lowerBound, rows.lowerBound)..<max(all.upperBound, rows.upperBound)
      case .parameters, .loss: all
      }
    }
  }

  /// The panels of the first layer, cut into blocks of rows where whole panels could not be divided evenly.
  private static func firstLayerPhase(
    _ network: Network, rows: Int, workers: Int, tileRows: Int
  ) -> [(unit: WorkUnit, cost: Int)] {
    let panels = PanelMatrix.panels(of: network.layers[0].units)
    let tiles = (rows + tileRows - 1) / tileRows
    let evenBlocks = workers % panels == 0 ? workers / panels : workers
    let blocks = panels % workers == 0 ? 1 : min(evenBlocks, tiles)
    // To and fro, so that a worker whose share ends one panel and begins the next needs the same samples for both.
    let forth = divideEvenly(rows, into: blocks)
    let back = Array(forth.reversed())
    return (0..<panels).flatMap { panel in
      (panel % 2 == 0 ? forth : back).map { (.firstLayer(panel: panel, rows: $0), $0.count) }
    }
  }

  /// Blocks of rows: as many as there are workers, or more where a block would be larger than 15 tiles. Smaller ones would
  /// have the weights of wide layers fetched more often, of larger ones the activations would not stay in the second cache.
  private static func samplePhase(
    rows: Int, from layer: Int, workers: Int, tileRows: Int
  ) -> [(unit: WorkUnit, cost: Int)] {
    let largest = 15 * tileRows
    let blocks = max(min(workers, rows), (rows + largest - 1) / largest)
    let count = (blocks + workers - 1) / workers * workers
    return divideEvenly(rows, into: min(count, rows)).map { (.samples(rows: $0, from: layer), $0.count) }
  }

  /// Blocks of parameters, in the order of the layers, so that panels of the first layer stay with their worker.
  private static func parameterPhase(_ network: Network, blockInputs: Int) -> [(unit: WorkUnit, cost: Int)] {
    var phase: [(unit: WorkUnit, cost: Int)] = []
    for layer in network.layers.indices {
      let (inputs, units) = (network.layers[layer].inputs, network.layers[layer].units)
      for panel in 0..<PanelMatrix.panels(of: units) {
        let columns = min(units - panel * PanelMatrix.panelWidth, PanelMatrix.panelWidth)
        for first in stride(from: 0, to: inputs, by: blockInputs) {
          let block = first..<min(first + blockInputs, inputs)
          phase.append((.parameters(layer: layer, panel: panel, inputs: block), block.count * columns + 1))
        }
      }
    }
    phase.append((.loss, 1))
    return phase
  }

  /// The units of one worker in the order in which it begins them: blocks of the same inputs one after another, so that the
  /// activations of the inputs stay in the second cache while the panels of units pass by.
  private static func arranged(_ units: [WorkUnit]) -> [WorkUnit] {
    units.enumerated().sorted { first, second in
      guard case .parameters(let layer, _, let inputs) = first.element,
        case .parameters(let otherLayer, _, let otherInputs) = second.element
      else { return first.offset < second.offset }
      return (layer, inputs.lowerBound, first.offset) < (otherLayer, otherInputs.lowerBound, second.offset)
    }.map(\.element)
  }

  /// Inputs of a block of parameters: a multiple of the panel's width, large enough to use the δ of a panel several
  /// times, small enough for the first cache and for an even division.
  private static func blockInputs(_ network: Network, workers: Int) -> Int {
    let sizes = [192, 96, 64, 32]
    return sizes.first { size in
      let blocks = network.layers.reduce(0) { sum, layer in
        sum + PanelMatrix.panels(of: layer.units) * ((layer.inputs + size - 1) / size)
      }
      return workers == 1 || blocks >= 6 * workers
    } ?? 32
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
