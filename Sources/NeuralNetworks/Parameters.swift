import Kernels

/// The weights and biases of a network, and the transposed copies of the weights that the backward pass reads.
public final class Parameters: Sendable {
  /// Where each parameter lies.
  public let layout: ParameterLayout
  /// All parameters.
  public let vector: FloatBuffer
  private let transposedVector: FloatBuffer
  /// Wᵀ of each layer, [inputs, units].
  public let weights: [PanelMatrix]
  /// W of each layer but the first, [units, inputs].
  let transposedWeights: [PanelMatrix?]
  /// b of each layer, padded to whole panels.
  public let biases: [FloatSlice]

  /// Parameters that are all 0.
  public init(_ layout: ParameterLayout) {
    self.layout = layout
    let vector = FloatBuffer(count: layout.count)
    let transposedVector = FloatBuffer(count: layout.transposedCount)
    self.vector = vector
    self.transposedVector = transposedVector
    weights = layout.layers.map { vector.matrix(at: $0.weights, rows: $0.inputs, columns: $0.units) }
    transposedWeights = layout.layers.map { layer in
      layer.transposed.map {
        transposedVector.matrix(
          at: $0, rows: layer.units, columns: layer.inputs, capacity: ParameterLayout.capacity(layer.units))
      }
    }
    biases = layout.layers.map {
      vector.slice($0.biases..<$0.biases + PanelMatrix.floats(rows: 1, columns: $0.units))
    }
  }

  /// Number of weights and biases.
  public var count: Int { layout.layers.reduce(0) { $0 + ($1.inputs + 1) * $1.units } }

  /// Weight from input `input` to unit `unit` of layer `layer`.
  public func weight(layer: Int, unit: Int, input: Int) -> Float { weights[layer][input, unit] }

  /// Sets the weight from input `input` to unit `unit` of layer `layer`.
  public func setWeight(_ value: Float, layer: Int, unit: Int, input: Int) {
    weights[layer][input, unit] = value
    transposedWeights[layer]?[unit, input] = value
  }

  /// Bias of unit `unit` of layer `layer`.
  public func bias(layer: Int, unit: Int) -> Float { biases[layer][unit] }

  /// Sets the bias of unit `unit` of layer `layer`.
  public func setBias(_ value: Float, layer: Int, unit: Int) { biases[layer][unit] = value }

  /// The weights of a layer row by row, [units, inputs]: the order of model files.
  public func weightRows(layer: Int) -> [Float] {
    let (inputs, units) = (layout.layers[layer].inputs, layout.layers[layer].units)
    let matrix = weights[layer]
    var rows: [Float] = []
    rows.reserveCapacity(inputs * units)
    for unit in 0..<units {
      for input in 0..<inputs { rows.append(matrix[input, unit]) }
    }
    return rows
  }

  /// The biases of a layer, [units].
  public func biasRow(layer: Int) -> [Float] { biases[layer][0..<layout.layers[layer].units].array }

  /// Sets a layer from rows as `weightRows` and `biasRow` give them.
  public func setLayer(_ layer: Int, weights rows: [Float], biases: [Float]) {
    let (inputs, units) = (layout.layers[layer].inputs, layout.layers[layer].units)
    precondition(rows.count == inputs * units && biases.count == units, "shapes do not fit")
    for unit in 0..<units {
      for input in 0..<inputs { setWeight(rows[unit * inputs + input], layer: layer, unit: unit, input: input) }
      setBias(biases[unit], layer: layer, unit: unit)
    }
  }

  /// Draws the weights of a layer; its biases become 0.
  ///
  /// Weight (unit, input) is number `unit · inputs + input` of the layer's stream, so it depends on the seed, the layer
  /// and its own place alone.
  public func initialize(layer: Int, with initializer: InitializerKind, seed: UInt64) {
    let (inputs, units) = (layout.layers[layer].inputs, layout.layers[layer].units)
    let stream = RandomStream(seed: seed, purpose: .initialWeights, stream: UInt32(layer))
    for unit in 0..<units {
      for input in 0..<inputs {
        let index = UInt64(unit * inputs + input)
        setWeight(
          initializer.weight(stream, index: index, inputs: inputs, units: units), layer: layer, unit: unit,
          input: input)
      }
      setBias(0, layer: layer, unit: unit)
    }
  }
}
