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
  ///
  /// - Parameter hasInputs: whether there is room for x; callers with inputs of their own can do without.
  public init(_ network: Network, capacity: Int, hasInputs: Bool = true) {
    var buffers: [FloatBuffer] = []
    func matrix(_ columns: Int) -> PanelMatrix {
      let (buffer, matrix) = Self.matrix(samples: capacity, columns: columns)
      buffers.append(buffer)
      return matrix
    }
    let inputs = matrix(hasInputs ? network.inputs : 1)
    activations = [inputs] + network.layers.map { matrix($0.units) }
    deltas = [inputs] + network.layers.map { matrix($0.units) }
    targets = matrix(network.outputs)
    let losses = FloatBuffer(count: capacity)
    buffers.append(losses)
    self.losses = losses.all
    self.buffers = buffers
    self.capacity = capacity
  }

  /// A matrix [samples, columns] and its memory.
  public static func matrix(samples: Int, columns: Int) -> (FloatBuffer, PanelMatrix) {
    // Panels of many rows would lie a power of two apart and compete for the same sets of a cache; a spare row
    // prevents it.
    let capacity = samples % 8 == 0 ? samples + 1 : samples
    let buffer = FloatBuffer(count: PanelMatrix.floats(rows: capacity, columns: columns))
    return (buffer, buffer.matrix(rows: samples, columns: columns, capacity: capacity))
  }

  /// x, [samples, features]
  public var inputs: PanelMatrix { activations[0] }
  /// aᴸ, or logits.
  public var outputs: PanelMatrix { activations[activations.count - 1] }
}
