import Kernels
import Optimizers

@testable import NeuralNetworks

/// Runs the package's network on one mini-batch, as workers do, and hands everything back as arrays.
final class NetworkBench {
  let kernels: Kernels
  let network: Network
  let parameters: Parameters
  let workspace: Workspace
  /// x, [samples, inputs]
  let features: PanelMatrix
  /// Rows of the mini-batch.
  private(set) var rows = 0
  /// Rows of a gradient shard, for statistics of the mini-batch; all of them unless set.
  var shardRows: Int?
  /// What dropout counts by.
  var epoch = 0
  var seed: UInt64 = 1

  private let featureMemory: FloatBuffer
  private let scratch = FloatBuffer(count: Program.scratch)
  /// The samples of the rows, from the first on: each row is the sample with this number.
  private let order: SampleOrder
  private var slots: [FloatBuffer] = []
  private var step = 0

  /// A network of any layers, with parameters drawn from the seed 1.
  init(inputs: Int, _ layers: [any Layer], loss: LossKind, capacity: Int = 16, kernels: Kernels = .best) {
    self.kernels = kernels
    network = Network(inputs: inputs, layers: layers, loss: loss)
    parameters = Parameters(network.layout)
    parameters.initialize(seed: 1)
    workspace = Workspace(network.training, capacity: capacity)
    (featureMemory, features) = Workspace.matrix(samples: capacity, columns: inputs)
    order = SampleOrder((0..<Int32(capacity)).map { $0 * 7 + 3 })
  }

  /// A network of dense layers.
  convenience init(_ layers: [LayerValues], loss: LossKind, capacity: Int = 16, kernels: Kernels = .best) {
    self.init(
      inputs: layers[0].inputs,
      layers.map {
        Dense(units: $0.units, activation: Activation($0.activation, slope: Float($0.slope)))
      }, loss: loss, capacity: capacity, kernels: kernels)
    for (l, layer) in layers.enumerated() { set(layer: l, layer) }
  }

  /// Sets the parameters of a network of dense layers.
  func set(layer: Int, _ values: LayerValues) {
    parameters.set(block: 2 * layer, values: values.weights.joined().map { Float($0) })
    parameters.set(block: 2 * layer + 1, values: values.biases.map { Float($0) })
  }

  /// Writes a mini-batch into the workspace.
  func load(_ inputs: [[Double]], _ targets: [[Double]]) {
    precondition(inputs.count == targets.count && inputs.count <= workspace.capacity)
    rows = inputs.count
    for r in 0..<rows {
      for (c, x) in inputs[r].enumerated() { features[r, c] = Float(x) }
      for (c, y) in targets[r].enumerated() { workspace.targets[r, c] = Float(y) }
    }
  }

  // MARK: Passes

  private var keptTables: [Tables] = []

  /// The sample of a row, by which dropout counts.
  func sample(ofRow row: Int) -> Int { 7 * row + 3 }

  /// What a program works on.
  func context(_ program: Program, _ workspace: Workspace) -> Context {
    // A context has views of its tables, which have to stay.
    let tables = Tables(kernels, program, parameters, workspace)
    keptTables.append(tables)
    var context = Context(
      tables,
      StepContext(
        samples: order.selection(from: 0),
        shards: GradientShards(rows: max(rows, 1), shardRows: shardRows ?? max(rows, 1)),
        epoch: epoch, seed: seed))
    context.scratch = scratch.all
    context.features = features
    return context
  }

  /// The context of training.
  var context: Context { context(network.training, workspace) }

  /// Forward and backward over the mini-batch, or over some of its rows.
  func pass(rows range: Range<Int>? = nil) {
    let program = network.training
    program.perform(stages: 0..<program.stages.count, context, rows: range ?? 0..<rows)
  }

  /// The outputs of the program for inference, in a workspace of its own.
  func predictions() -> [[Double]] {
    let program = network.inference
    let workspace = Workspace(program, capacity: workspace.capacity)
    return withExtendedLifetime(workspace) {
      let context = context(program, workspace)
      program.perform(stages: 0..<program.stages.count, context, rows: 0..<rows)
      return array(context[program.output])
    }
  }

  // MARK: What the passes left

  /// Cost of each sample.
  var losses: [Float] { workspace.losses[0..<rows].array }
  /// The mean of the costs, without a penalty.
  var meanCost: Double { losses.reduce(0) { $0 + Double($1) } / Double(rows) }
  /// aˡ, [samples][units], the features for l = 0; the last layer's may be logits.
  func activations(_ layer: Int) -> [[Double]] {
    array(layer == 0 ? features : context[network.training.layerOutputs[layer - 1]])
  }
  /// δ = ∂C/∂z of the l-th layer with weights, l = 1 …, [samples][units]
  func deltas(_ layer: Int) -> [[Double]] { array(context[delta(layer)]) }
  /// The outputs before or after the last activation, as the loss leaves them.
  var outputs: [[Double]] { array(context[network.training.output]) }

  /// The matrix of δ from which the gradient of the l-th weights is summed.
  private func delta(_ layer: Int) -> Matrix {
    let gradients = network.training.gradients.view
    let products = (0..<gradients.count).compactMap { index -> Matrix? in
      guard case .product(_, let delta) = gradients[index].source else { return nil }
      return delta
    }
    return products[layer - 1]
  }

  private func array(_ matrix: PanelMatrix) -> [[Double]] {
    (0..<rows).map { r in (0..<matrix.columns).map { Double(matrix[r, $0]) } }
  }

  // MARK: Gradient and step

  /// The gradient summed over the mini-batch in a vector of the parameters' layout, shards added from the first on.
  func gradientSum(shardRows: Int? = nil) -> FloatBuffer {
    let (context, sum) = (context, FloatBuffer(count: network.layout.count))
    forEachPart { part in
      if part.isStored {
        let stored = context.storedGradient(part)
        sum.slice(part.range).copy(stored)
        return
      }
      let shardSum = FloatBuffer(count: part.range.count)
      for first in stride(from: 0, to: rows, by: shardRows ?? rows) {
        context.sumGradient(part, shard: first..<min(first + (shardRows ?? rows), rows), into: shardSum.all)
        kernels.accumulate(sum.slice(part.range), shardSum.all)
      }
    }
    return sum
  }

  /// The mean gradient of each block in the order of files.
  func meanGradients(shardRows: Int? = nil) -> [[Double]] {
    let sum = gradientSum(shardRows: shardRows)
    return withExtendedLifetime(sum) {
      network.layout.blocks.map { block in
        Parameters.values(of: Parameters.matrix(of: block, in: sum)).map { Double($0) / Double(rows) }
      }
    }
  }

  /// The mean gradient of a network of dense layers.
  func meanGradient(shardRows: Int? = nil) -> Gradient {
    let blocks = meanGradients(shardRows: shardRows)
    var gradient = Gradient(values)
    for l in network.layers.indices {
      gradient.weights[l] = rows(of: blocks[2 * l], count: gradient.biases[l].count)
      gradient.biases[l] = blocks[2 * l + 1]
    }
    return gradient
  }

  /// Makes a step out of what the last pass left.
  func update(_ optimizer: Optimizer, shardRows: Int? = nil) {
    let (context, sum) = (context, gradientSum(shardRows: shardRows))
    while slots.count < optimizer.rule.slots.count { slots.append(FloatBuffer(count: network.layout.count)) }
    forEachPart { part in
      let parts = slots.map { $0.slice(part.range) }
      kernels.update(
        context.parameters(part), gradientSum: sum.slice(part.range),
        UpdateSlots(first: parts.first, second: parts.dropFirst().first),
        optimizer.update(StepTime(step: step, stepsPerEpoch: 1), scale: 1 / Float(rows), isWeight: part.isRegularized))
      context.refreshTransposed(part)
    }
    step += 1
  }

  /// Forward, backward, update, `steps` times on the same mini-batch.
  func train(_ optimizer: Optimizer, steps: Int) {
    for _ in 0..<steps {
      pass()
      update(optimizer)
    }
  }

  /// The gradient that a step follows, penalty included: (w − w') / η. With η = 1024 the rounding of w' is one of g.
  func gradientOfStep(l2: Double, shardRows: Int? = nil) -> Gradient {
    let before = values
    update(Optimizer(SGD(), learningRate: 1024, Regularization(l2: l2)), shardRows: shardRows)
    var gradient = Gradient(before)
    for (l, (old, new)) in zip(before, values).enumerated() {
      gradient.weights[l] = zip(old.weights, new.weights).map { zip($0, $1).map { ($0 - $1) / 1024 } }
      gradient.biases[l] = zip(old.biases, new.biases).map { ($0 - $1) / 1024 }
    }
    return gradient
  }

  /// The parameters of a network of dense layers.
  var values: [LayerValues] {
    network.layers.enumerated().map { l, layer in
      let weights = parameters.values(block: 2 * l).map { Double($0) }
      let biases = parameters.values(block: 2 * l + 1).map { Double($0) }
      return LayerValues(
        layer.activation.kind, weights: rows(of: weights, count: biases.count), biases: biases,
        slope: Double(layer.activation.slope))
    }
  }

  /// The parameters of a block by name.
  func values(_ name: String) -> [Float] { parameters.block(name).map { parameters.values(block: $0) } ?? [] }

  private func rows(of values: [Double], count: Int) -> [[Double]] {
    let length = values.count / count
    return (0..<count).map { Array(values[$0 * length..<($0 + 1) * length]) }
  }

  /// Calls `body` with each panel of each block that is trained.
  private func forEachPart(_ body: (GradientPart) -> Void) {
    for group in network.training.groups {
      for panel in 0..<group.panels {
        for gradient in 0..<group.count(rows: 0..<group.rows) {
          body(network.training.part(gradient, of: group, rows: 0..<group.rows, panel: panel))
        }
      }
    }
  }
}
