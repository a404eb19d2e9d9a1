import Kernels

/// The activations, δ and losses of one mini-batch: all memory that a step needs beside the parameters.
public final class Workspace: Sendable {
  /// Samples that there is room for.
  public let capacity: Int
  private let buffers: [FloatBuffer]
  /// a⁰ = x, a¹, … aᴸ; each [samples, units]. The last may hold logits.
  public let activations: [PanelMatrix]
  /// δ¹ … δᴸ at the indexes 1 … L, each [samples, units]; index 0 stands for nothing and repeats a⁰.
  public let deltas: [PanelMatrix]
  /// y, [samples, outputs]
  public let targets: PanelMatrix
  /// The cost of each sample.
  public let losses: FloatSlice

  /// Room for `capacity` samples.
  public init(_ network: Network, capacity: Int) {
    var buffers: [FloatBuffer] = []
    func matrix(_ columns: Int) -> PanelMatrix {
      // Panels of many rows would lie a power of two apart and compete for the same sets of a cache; a spare row
      // prevents it.
      let rows = capacity % 8 == 0 ? capacity + 1 : capacity
      let buffer = FloatBuffer(count: PanelMatrix.floats(rows: rows, columns: columns))
      buffers.append(buffer)
      return buffer.matrix(rows: capacity, columns: columns, capacity: rows)
    }
    let inputs = matrix(network.inputs)
    activations = [inputs] + network.layers.map { matrix($0.units) }
    deltas = [inputs] + network.layers.map { matrix($0.units) }
    targets = matrix(network.outputs)
    let losses = FloatBuffer(count: capacity)
    buffers.append(losses)
    self.losses = losses.all
    self.buffers = buffers
    self.capacity = capacity
  }

  /// x, [samples, features]
  public var inputs: PanelMatrix { activations[0] }
  /// aᴸ, or logits.
  public var outputs: PanelMatrix { activations[activations.count - 1] }
}
