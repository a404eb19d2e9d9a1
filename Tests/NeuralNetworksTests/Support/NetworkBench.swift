import Kernels
import NeuralNetworks
import Optimizers

/// Runs the package's network on one mini-batch, as the coordinator does, and hands everything back as arrays.
final class NetworkBench {
  let kernels: Kernels
  let network: Network
  let parameters: Parameters
  let workspace: Workspace
  /// Rows of the mini-batch.
  private(set) var rows = 0

  init(_ layers: [LayerValues], loss: LossKind, capacity: Int = 16, kernels: Kernels = .best) {
    self.kernels = kernels
    network = Network(
      layers: layers.map {
        DenseLayer(inputs: $0.inputs, units: $0.units, activation: $0.activation, slope: Float($0.slope))
      }, loss: loss)
    parameters = Parameters(network.layout)
    workspace = Workspace(network, capacity: capacity)
    for (l, layer) in layers.enumerated() {
      parameters.setLayer(l, weights: layer.weights.joined().map { Float($0) }, biases: layer.biases.map { Float($0) })
    }
  }

  /// Writes a mini-batch into the workspace.
  func load(_ inputs: [[Double]], _ targets: [[Double]]) {
    precondition(inputs.count == targets.count && inputs.count <= workspace.capacity)
    rows = inputs.count
    for r in 0..<rows {
      for (c, x) in inputs[r].enumerated() { workspace.inputs[r, c] = Float(x) }
      for (c, y) in targets[r].enumerated() { workspace.targets[r, c] = Float(y) }
    }
  }

  /// Forward and backward over the mini-batch, or over some of its rows.
  func pass(rows range: Range<Int>? = nil) {
    network.forward(kernels, parameters, workspace, rows: range ?? 0..<rows)
    network.backward(kernels, parameters, workspace, rows: range ?? 0..<rows)
  }

  // MARK: What the passes left

  /// Cost of each sample.
  var losses: [Float] { workspace.losses[0..<rows].array }
  /// The mean of the costs, without a penalty.
  var meanCost: Double { losses.reduce(0) { $0 + Double($1) } / Double(rows) }
  /// aˡ, [samples][units]; the last layer's may be logits.
  func activations(_ layer: Int) -> [[Double]] { array(workspace.activations[layer]) }
  /// δˡ for l = 1 … L, [samples][units]
  func deltas(_ layer: Int) -> [[Double]] { array(workspace.deltas[layer]) }
  /// The outputs before or after the last activation, as the loss leaves them.
  var outputs: [[Double]] { array(workspace.outputs) }

  private func array(_ matrix: PanelMatrix) -> [[Double]] {
    (0..<rows).map { r in (0..<matrix.columns).map { Double(matrix[r, $0]) } }
  }

  // MARK: Gradient and step

  /// The gradient summed over the mini-batch in a vector of the parameters' layout, shards added from the first on.
  func gradientSum(shardRows: Int? = nil) -> FloatBuffer {
    let sum = FloatBuffer(count: network.layout.count)
    for first in stride(from: 0, to: rows, by: shardRows ?? rows) {
      let shard = first..<min(first + (shardRows ?? rows), rows)
      let part = FloatBuffer(count: network.layout.count)
      forEachBlock { layer, panel, weights, biases in
        network.weightGradient(
          kernels, workspace, layer: layer, activations: workspace.activations[layer],
          inputs: 0..<network.layers[layer].inputs, panel: panel, shard: shard,
          into: part.slice(weights))
        network.biasGradient(kernels, workspace, layer: layer, panel: panel, shard: shard, into: part.slice(biases))
      }
      kernels.accumulate(sum.all, part.all)
    }
    return sum
  }

  /// The mean gradient.
  func meanGradient(shardRows: Int? = nil) -> Gradient {
    let sum = gradientSum(shardRows: shardRows)
    var gradient = Gradient(values)
    for (l, layer) in network.layout.layers.enumerated() {
      let matrix = sum.matrix(at: layer.weights, rows: layer.inputs, columns: layer.units)
      for unit in 0..<layer.units {
        for input in 0..<layer.inputs {
          gradient.weights[l][unit][input] = Double(matrix[input, unit]) / Double(rows)
        }
        gradient.biases[l][unit] = Double(sum[layer.biases + unit]) / Double(rows)
      }
    }
    withExtendedLifetime(sum) {}
    return gradient
  }

  /// Makes a step out of what the last pass left.
  func update(_ optimizer: any Optimizer, shardRows: Int? = nil) {
    let sum = gradientSum(shardRows: shardRows)
    forEachBlock { layer, panel, weights, biases in
      optimizer.update(
        kernels, parameters: parameters.vector.slice(weights), gradientSum: sum.slice(weights), samples: rows,
        regularized: true)
      optimizer.update(
        kernels, parameters: parameters.vector.slice(biases), gradientSum: sum.slice(biases), samples: rows,
        regularized: false)
      network.refreshTransposed(
        kernels, parameters, layer: layer, inputs: 0..<network.layers[layer].inputs, panel: panel)
    }
    withExtendedLifetime(sum) {}
  }

  /// Forward, backward, update, `steps` times on the same mini-batch.
  func train(_ optimizer: any Optimizer, steps: Int) {
    for _ in 0..<steps {
      pass()
      update(optimizer)
    }
  }

  /// The gradient that a step follows, penalty included: (w − w') / η. With η = 1024 the rounding of w' is one of g.
  func gradientOfStep(l2: Double, shardRows: Int? = nil) -> Gradient {
    let before = values
    update(SGD(learningRate: 1024, l2: Float(l2)), shardRows: shardRows)
    var gradient = Gradient(before)
    for (l, (old, new)) in zip(before, values).enumerated() {
      gradient.weights[l] = zip(old.weights, new.weights).map { zip($0, $1).map { ($0 - $1) / 1024 } }
      gradient.biases[l] = zip(old.biases, new.biases).map { ($0 - $1) / 1024 }
    }
    return gradient
  }

  /// The parameters.
  var values: [LayerValues] {
    network.layers.enumerated().map { l, layer in
      let rows = parameters.weightRows(layer: l).map { Double($0) }
      return LayerValues(
        layer.kind, weights: (0..<layer.units).map { Array(rows[$0 * layer.inputs..<($0 + 1) * layer.inputs]) },
        biases: parameters.biasRow(layer: l).map { Double($0) }, slope: Double(layer.slope))
    }
  }

  /// Calls `body` with the ranges of the parameter vector that hold the weights and the biases of a panel of units.
  private func forEachBlock(_ body: (_ layer: Int, _ panel: Int, _ weights: Range<Int>, _ biases: Range<Int>) -> Void) {
    let width = PanelMatrix.panelWidth
    for (l, layer) in network.layout.layers.enumerated() {
      for panel in 0..<PanelMatrix.panels(of: layer.units) {
        let weights = layer.weights + panel * layer.inputs * width
        let biases = layer.biases + panel * width
        body(l, panel, weights..<weights + layer.inputs * width, biases..<biases + width)
      }
    }
  }
}
