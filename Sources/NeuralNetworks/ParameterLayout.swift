import Kernels

/// Where the parameters of each layer lie in one flat vector.
///
/// Layer after layer: the weights as a matrix [inputs, units] in panels of 32 units, then the biases, one panel row
/// after another. The unused units of a last panel are part of the vector; they are 0 and stay 0, because their
/// gradient is.
public struct ParameterLayout: Sendable {
  /// One layer.
  public struct Layer: Sendable {
    /// n
    public let inputs: Int
    /// m
    public let units: Int
    /// Offset of the weights.
    public let weights: Int
    /// Offset of the biases.
    public let biases: Int
    /// Offset of the transposed weights in a vector of their own; nil for the first layer, which has no use for them.
    public let transposed: Int?
  }

  /// The layers in order.
  public let layers: [Layer]
  /// Floats of the parameter vector, unused ones included.
  public let count: Int
  /// Floats of the vector of transposed weights.
  public let transposedCount: Int

  /// The layout for `layers`.
  public init(_ layers: [DenseLayer]) {
    var offset = 0
    var transposedOffset = 0
    var result: [Layer] = []
    for (index, layer) in layers.enumerated() {
      let weights = offset
      offset += PanelMatrix.floats(rows: layer.inputs, columns: layer.units)
      let biases = offset
      offset += PanelMatrix.floats(rows: 1, columns: layer.units)
      var transposed: Int?
      if index > 0 {
        transposed = transposedOffset
        transposedOffset += PanelMatrix.floats(rows: Self.capacity(layer.units), columns: layer.inputs)
      }
      result.append(
        Layer(
          inputs: layer.inputs, units: layer.units, weights: weights, biases: biases, transposed: transposed))
    }
    self.layers = result
    count = offset
    transposedCount = transposedOffset
  }

  /// Rows that the panels of transposed weights have room for: whole panels of units.
  static func capacity(_ units: Int) -> Int { PanelMatrix.panels(of: units) * PanelMatrix.panelWidth }
}
