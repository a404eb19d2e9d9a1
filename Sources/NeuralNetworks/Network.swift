import Kernels

/// A chain of dense layers with a loss at its end: the forward and the backward pass.
///
/// Notation as in the textbooks: layer l has the pre-activations zˡ = Wˡ aˡ⁻¹ + bˡ and the activations aˡ = g(zˡ), with
/// a⁰ = x, and δˡ = ∂C/∂zˡ of each sample. Every function works on a range of samples (rows) or of parameters, so that
/// workers can share a mini-batch.
public final class Network: Sendable {
  /// The layers from the input on.
  public let layers: [DenseLayer]
  /// The name of the loss.
  public let lossKind: LossKind
  /// C
  public let loss: any Loss
  /// Where the parameters lie.
  public let layout: ParameterLayout

  /// A network of `layers`, each with as many inputs as the one before has units.
  public init(layers: [DenseLayer], loss: LossKind) {
    precondition(!layers.isEmpty && zip(layers, layers.dropFirst()).allSatisfy { $0.units == $1.inputs })
    self.layers = layers
    lossKind = loss
    self.loss = loss.function(outputs: layers[layers.count - 1].units)
    layout = ParameterLayout(layers)
  }

  /// Features of a sample.
  public var inputs: Int { layers[0].inputs }
  /// Units of the last layer.
  public var outputs: Int { layers[layers.count - 1].units }

  // MARK: Passes over samples

  /// Forward through one panel of a layer: zˡ = Wˡ aˡ⁻¹ + bˡ, aˡ = g(zˡ).
  ///
  /// The last layer's activation is left to the loss, which may prefer logits.
  ///
  /// - Parameter inputs: aˡ⁻¹, [samples, inputs].
  public func forward(
    _ kernels: Kernels, _ parameters: Parameters, _ workspace: Workspace, layer: Int, inputs: PanelMatrix,
    rows: Range<Int>, panel: Int
  ) {
    let output = workspace.activations[layer + 1]
    kernels.multiply(
      inputs, parameters.weights[layer], bias: parameters.biases[layer], into: output, rows: rows, panel: panel)
    if layer < layers.count - 1 {
      layers[layer].activation.apply(kernels, to: output, rows: rows, panels: panel..<panel + 1)
    }
  }

  /// Forward through all layers from `first` on, then the cost and δᴸ.
  public func forward(
    _ kernels: Kernels, _ parameters: Parameters, _ workspace: Workspace, from first: Int = 0, rows: Range<Int>
  ) {
    for layer in first..<layers.count {
      for panel in 0..<workspace.activations[layer + 1].panels {
        forward(
          kernels, parameters, workspace, layer: layer, inputs: workspace.activations[layer], rows: rows, panel: panel)
      }
    }
    loss.evaluate(
      kernels, outputs: workspace.outputs, activation: layers[layers.count - 1].activation,
      targets: workspace.targets, delta: workspace.deltas[layers.count], losses: workspace.losses, rows: rows)
  }

  /// Backward through all layers but the first: δˡ = (Wˡ⁺¹ᵀ δˡ⁺¹) ∘ g'(zˡ).
  public func backward(_ kernels: Kernels, _ parameters: Parameters, _ workspace: Workspace, rows: Range<Int>) {
    for l in layers.indices.dropFirst().reversed() {
      guard let transposed = parameters.transposedWeights[l] else { continue }
      let delta = workspace.deltas[l]
      for panel in 0..<delta.panels {
        kernels.multiply(
          workspace.deltas[l + 1], transposed, bias: nil, into: delta, rows: rows, panel: panel)
        layers[l - 1].activation.multiplyByDerivative(
          kernels, delta: delta, activations: workspace.activations[l], rows: rows, panels: panel..<panel + 1)
      }
    }
  }

  // MARK: Gradient of parameters

  /// ∂C/∂W of some weights, summed over a gradient shard: the weights from `inputs` to the units of one panel.
  ///
  ///     ∂C/∂Wⱼᵢ = Σ_samples δⱼ aᵢ
  ///
  /// - Parameters:
  ///   - activations: aˡ⁻¹, [samples, inputs].
  ///   - inputs: from the first of a panel.
  ///   - sum: receives `inputs.count` rows of 32 units.
  ///   - update: these weights, if they are to take a step along the sum at once; then `sum` is scratch memory.
  public func weightGradient(
    _ kernels: Kernels, _ workspace: Workspace, layer: Int, activations: PanelMatrix, inputs: Range<Int>, panel: Int,
    shard: Range<Int>, into sum: FloatSlice, update: (weights: FloatSlice, step: GradientDescent)? = nil
  ) {
    kernels.multiplyTransposed(
      activations, columns: inputs, workspace.deltas[layer + 1], panel: panel, rows: shard, into: sum, update: update)
  }

  /// ∂C/∂b of the units of one panel, summed over a gradient shard: Σ_samples δⱼ.
  public func biasGradient(
    _ kernels: Kernels, _ workspace: Workspace, layer: Int, panel: Int, shard: Range<Int>, into sum: FloatSlice
  ) {
    kernels.sumRows(workspace.deltas[layer + 1], panel: panel, rows: shard, into: sum)
  }

  /// Brings the transposed copy of some weights up to date, after a step has changed them.
  public func refreshTransposed(
    _ kernels: Kernels, _ parameters: Parameters, layer: Int, inputs: Range<Int>, panel: Int
  ) {
    guard let transposed = parameters.transposedWeights[layer] else { return }
    kernels.transpose(parameters.weights[layer], panel: panel, rows: inputs, into: transposed)
  }

  // MARK: Outputs

  /// The class of each of `rows` after a forward pass: the greatest output, or for a single output whether it lies on
  /// the side of the second class.
  public func classes(_ kernels: Kernels, _ workspace: Workspace, rows: Range<Int>) -> [Int32] {
    guard outputs == 1 else { return kernels.indicesOfMaxima(workspace.outputs, rows: rows) }
    // A logit or tanh-like output changes sides at 0, an activation in (0, 1) at one half.
    let threshold: Float = lossKind == .binaryCrossEntropy ? 0 : 0.5
    return rows.map { workspace.outputs[$0, 0] > threshold ? 1 : 0 }
  }
}
