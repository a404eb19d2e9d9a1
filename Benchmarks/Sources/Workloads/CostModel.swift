/// A model of the duration of a step: arithmetic, bytes through the shared cache, signals between workers.
///
/// A step has three phases, or two where the first layer is one panel, and a phase lasts as long as its busiest worker. In
/// each phase the arithmetic of a worker runs at the speed of a product in cache; the weights and activations that come from
/// other workers, or do not stay in the second cache from step to step, come from the shared cache, and the time for them is
/// added. What is not a product (gathering samples, costs, updates) is added, and at the end of each phase every worker
/// writes and reads a shared line.
public struct CostModel: Sendable {
  /// The machine.
  public let machine: Machine

  /// Seconds for the cost and δ of a sample with up to 16 classes: a maximum, 16 exponentials, sums.
  private static let sample = 25e-9
  /// Seconds for the update of a parameter: 12 bytes through the second cache.
  private static let parameter = 0.07e-9
  /// Bytes of the second cache that the parameters of a worker may take to stay there.
  private static let ownCache = 1e6
  /// Seconds for what a unit of work costs beside its arithmetic.
  private static let unit = 40e-9

  /// A model for `machine`.
  public init(_ machine: Machine) { self.machine = machine }

  /// Seconds of a step of `workload` with so many workers, each on a processor of its own.
  public func step(_ workload: Workload, workers: Int) -> Double {
    let widths = workload.widths
    let rows = workload.batchSize
    let w = Double(workers)
    let layers = zip(widths, widths.dropFirst()).map { (inputs: Double($0), units: Double($1)) }

    let parameters = layers.reduce(0) { $0 + $1.inputs * $1.units }
    let far = 8 * parameters / w > Self.ownCache ? 1.0 : 0

    // 1. Panels of the first layer, cut into blocks of rows where whole panels cannot be divided evenly. A single panel is not
    // divided: its rows are done with those of the other layers.
    let panels = (widths[1] + 31) / 32
    let dividesFirstLayer = panels > 1
    let evenBlocks = workers % panels == 0 ? workers / panels : workers
    let blocks = panels % workers == 0 ? 1 : min(evenBlocks, (rows + 11) / 12)
    let share = divided(panels * blocks, workers) * Double(rows) / Double(blocks)
    // Who shares a panel with others has not updated all its weights.
    let farPanel = max(far, 1 - 1 / Double(blocks))
    let first =
      dividesFirstLayer
      ? phase(
        operations: 2 * layers[0].inputs * 32 * share,
        bytes: farPanel * 4 * layers[0].inputs * 32 * divided(panels, workers),
        units: divided(panels * blocks, workers)) : 0

    // 2. Rows through the other layers, forward and backward: each worker reads all their weights for each block of rows, once
    // as they are and once transposed.
    let ownRows = divided(rows, workers)
    let rowBlocks = (ownRows / 180).rounded(.up)
    let inner = layers.dropFirst()
    let firstPanel = dividesFirstLayer ? 0 : layers[0].inputs * 32
    let activations = dividesFirstLayer ? ownRows * layers[0].units : 0
    let second = phase(
      operations: ownRows * inner.reduce(2 * firstPanel) { $0 + 2 * $1.inputs * (whole($1.units) + $1.units) },
      bytes: far * rowBlocks * inner.reduce(0) { $0 + 8 * $1.inputs * $1.units }
        + 4 * (activations + firstPanel) * (1 - 1 / w), units: rowBlocks)

    // 3. Blocks of parameters: gradient over all rows, update.
    func blocksOfParameters(_ inputs: Int) -> Int {
      layers.reduce(0) { $0 + (Int($1.units) + 31) / 32 * ((Int($1.inputs) + inputs - 1) / inputs) }
    }
    let blockInputs = [192, 96, 64].first { workers == 1 || blocksOfParameters($0) >= 6 * workers } ?? 32
    let unitsOfParameters = blocksOfParameters(blockInputs)
    let imbalance = divided(unitsOfParameters, workers) * w / Double(unitsOfParameters)
    let third = phase(
      operations: imbalance / w * layers.reduce(0) { $0 + 2 * Double(rows) * $1.inputs * whole($1.units) },
      bytes: far * 12 * parameters / w + 4 * Double(rows) * layers.reduce(0) { $0 + 2 * $1.units } * (1 - 1 / w),
      units: divided(unitsOfParameters, workers))

    // Each worker gathers for itself: its rows for the first phase, and what else the gradients of its parameters need.
    let ownBlocks = min(divided(panels * blocks, workers), Double(blocks))
    let rowsGathered = dividesFirstLayer ? Double(rows) * ownBlocks / Double(blocks) : ownRows
    let inputsGathered = min(layers[0].inputs, divided(unitsOfParameters, workers) * Double(blockInputs))
    let gather =
      (rowsGathered * layers[0].inputs + (Double(rows) - rowsGathered) * inputsGathered) * machine.gather

    let signals = workers == 1 ? 0 : (dividesFirstLayer ? 3 : 2) * (w + 1) * machine.signal
    return first + gather + second + ownRows * Self.sample + third + parameters / w * Self.parameter + signals
  }

  private func phase(operations: Double, bytes: Double, units: Double) -> Double {
    operations / machine.product + bytes / machine.sharedCache + units * Self.unit
  }

  /// The largest share of `count` things.
  private func divided(_ count: Int, _ workers: Int) -> Double { Double((count + workers - 1) / workers) }

  /// Columns that are computed: whole vectors.
  private func whole(_ units: Double) -> Double { (units / 16).rounded(.up) * 16 }
}
