import Kernels

/// The parameters of a network, and the transposed copies of weights that the backward pass reads.
public final class Parameters: Sendable {
  /// Where each block lies.
  public let layout: ParameterLayout
  /// All parameters.
  public let vector: FloatBuffer
  private let transposedVector: FloatBuffer
  /// The blocks, [rows, columns] each.
  let matrices: PlainList<PanelMatrix>
  /// The memory of each block.
  let slices: PlainList<FloatSlice>
  /// The transposed copies, [columns, rows] each; nil where a block has none.
  let transposed: PlainList<PanelMatrix?>

  /// Parameters that are all 0.
  public init(_ layout: ParameterLayout) {
    self.layout = layout
    let vector = FloatBuffer(count: layout.count)
    let transposedVector = FloatBuffer(count: layout.transposedCount)
    self.vector = vector
    self.transposedVector = transposedVector
    matrices = PlainList(layout.blocks.map { Self.matrix(of: $0, in: vector) })
    slices = PlainList(layout.blocks.map { vector.slice($0.offset..<$0.offset + $0.floats) })
    transposed = PlainList(
      layout.blocks.map { block in
        block.transposedOffset.map {
          transposedVector.matrix(
            at: $0, rows: block.columns, columns: block.rows, capacity: Self.transposedCapacity(block.columns))
        }
      })
  }

  /// A block in a vector of the parameters' layout, [rows, columns].
  public static func matrix(of block: ParameterBlock, in vector: FloatBuffer) -> PanelMatrix {
    vector.matrix(at: block.offset, rows: block.rows, columns: block.columns)
  }

  /// The parameters of a block, [rows, columns].
  public func matrix(block: Int) -> PanelMatrix { matrices.view[block] }

  /// Rows that the panels of a transposed copy have room for: whole panels of columns.
  static func transposedCapacity(_ columns: Int) -> Int { PanelMatrix.panels(of: columns) * PanelMatrix.panelWidth }

  // MARK: Blocks as files have them

  /// The parameters of a block in the order of files: column by column.
  public func values(block: Int) -> [Float] { Self.values(of: matrices.view[block]) }

  /// The elements of a matrix in the order of files: column by column.
  public static func values(of matrix: PanelMatrix) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(matrix.rows * matrix.columns)
    for column in 0..<matrix.columns {
      for row in 0..<matrix.rows { values.append(matrix[row, column]) }
    }
    return values
  }

  /// Sets the elements of a matrix from values in the order of files.
  public static func set(_ matrix: PanelMatrix, to values: [Float]) {
    precondition(values.count == matrix.rows * matrix.columns, "shapes do not fit")
    for column in 0..<matrix.columns {
      for row in 0..<matrix.rows { matrix[row, column] = values[column * matrix.rows + row] }
    }
  }

  /// Sets a block, and its transposed copy, from values in the order of files.
  public func set(block: Int, values: [Float]) {
    let matrix = matrices.view[block]
    Self.set(matrix, to: values)
    guard let transposed = transposed.view[block] else { return }
    for column in 0..<matrix.columns {
      for row in 0..<matrix.rows { transposed[column, row] = matrix[row, column] }
    }
  }

  /// The number of the block called `name`, as `layers.0.weight`.
  public func block(_ name: String) -> Int? { layout.blocks.firstIndex { $0.name == name } }

  // MARK: The start

  /// Gives each block its values before the first step.
  ///
  /// A drawn parameter is number i of the random stream of its layer, where i is its place in the order of files: it depends
  /// on the seed, its layer and its own place alone, but for `orthogonal`, which makes a matrix of such numbers orthogonal.
  public func initialize(seed: UInt64) {
    for (index, block) in layout.blocks.enumerated() {
      switch block.start {
      case .constant(let value): set(block: index, values: [Float](repeating: value, count: block.count))
      case .drawn(let initializer):
        let stream = RandomStream(seed: seed, purpose: .initialWeights, stream: UInt32(block.layer))
        set(block: index, values: initializer.weights(stream, inputs: block.rows, units: block.columns))
      }
    }
  }
}
