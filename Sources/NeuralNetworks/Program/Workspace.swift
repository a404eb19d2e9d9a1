import Kernels

/// The activations, δ, statistics and losses of one mini-batch: all memory that a program needs beside the parameters and the
/// features of the samples.
public final class Workspace: Sendable {
  /// Samples that there is room for.
  public let capacity: Int
  /// y, [samples, outputs]
  public let targets: PanelMatrix
  /// The cost of each sample.
  public let losses: FloatSlice
  /// The weight of each sample.
  public let weights: FloatSlice
  private let buffers: [FloatBuffer]
  private let output: Int
  /// The matrices of the program, [samples, columns] each; the first stands for the features and has no memory for them.
  let matrices: PlainList<PanelMatrix>
  /// The vectors of the program.
  let vectors: PlainList<FloatSlice>

  /// Room for `capacity` samples.
  public init(_ program: Program, capacity: Int) {
    var buffers: [FloatBuffer] = []
    func matrix(_ columns: Int) -> PanelMatrix {
      let (buffer, matrix) = Self.matrix(samples: capacity, columns: columns)
      buffers.append(buffer)
      return matrix
    }
    matrices = PlainList([matrix(1)] + program.matrixColumns.dropFirst().map { matrix($0) })
    vectors = PlainList(
      program.vectors.map {
        let buffer = FloatBuffer(count: $0.floats(samples: capacity))
        buffers.append(buffer)
        return buffer.all
      })
    targets = matrix(program.outputs)
    let losses = FloatBuffer(count: capacity)
    buffers.append(losses)
    self.losses = losses.all
    let weights = FloatBuffer(count: capacity)
    buffers.append(weights)
    self.weights = weights.all
    self.buffers = buffers
    self.capacity = capacity
    output = program.output.index
  }

  /// A matrix [samples, columns] and its memory.
  public static func matrix(samples: Int, columns: Int) -> (FloatBuffer, PanelMatrix) {
    // Panels of many rows would lie a power of two apart and compete for the same sets of a cache; a spare row
    // prevents it.
    let capacity = samples % 8 == 0 ? samples + 1 : samples
    let buffer = FloatBuffer(count: PanelMatrix.floats(rows: capacity, columns: columns))
    return (buffer, buffer.matrix(rows: samples, columns: columns, capacity: capacity))
  }

  /// The memory of a matrix of the program.
  public subscript(matrix: Matrix) -> PanelMatrix { matrices.view[matrix.index] }

  /// The outputs of the network, after its last activation or as logits.
  public var outputs: PanelMatrix { matrices.view[output] }
}
