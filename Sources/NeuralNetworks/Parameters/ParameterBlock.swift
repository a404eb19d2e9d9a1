import Kernels

/// A matrix or a vector of parameters: what it is called, and where it lies.
///
/// In memory a block is a matrix [rows, columns] in panels of 32 columns; a vector has one row. In files it stands column
/// by column, which is how PyTorch orders the same parameters: the weights from n inputs to m units are [n, m] in memory
/// and [m, n] in a file.
public struct ParameterBlock: Sendable, Equatable {
  /// What the parameters of a block are for, as far as rules treat them differently.
  public enum Role: Sendable {
    /// Factors of a layer's inputs. Regularized.
    case weight
    /// What is added to a sum of weighted inputs.
    case bias
    /// γ of a normalization.
    case scale
    /// β of a normalization.
    case shift
    /// What a layer has observed in training, such as a running mean. It has no gradient.
    case statistic
  }

  /// The name in files: `layers.0.weight`.
  public let name: String
  /// The place of its layer in `network.layers`.
  public let layer: Int
  /// The shape in files.
  public let shape: [Int]
  /// Rows in memory.
  public let rows: Int
  /// Columns in memory.
  public let columns: Int
  /// What the parameters are for.
  public let role: Role
  /// How they are trained.
  public let learning: LayerLearning
  /// What the parameters are before the first step.
  public let start: InitialValues
  /// The first float of the block in the parameter vector.
  public let offset: Int
  /// The first float of its transposed copy, in a vector of their own; nil where nobody reads one.
  public let transposedOffset: Int?

  /// Parameters that count; unused columns of the last panel do not.
  public var count: Int { rows * columns }
  /// Floats in the parameter vector.
  public var floats: Int { PanelMatrix.floats(rows: rows, columns: columns) }
  /// Whether training changes it by its gradient.
  public var isTrained: Bool { role != .statistic && learning.isTrainable }
}

/// What the parameters of a block are before the first step.
public enum InitialValues: Sendable, Equatable {
  /// All the same.
  case constant(Float)
  /// Drawn at random, each by its place.
  case drawn(InitializerKind)
}

/// Where the blocks of a network lie in one flat vector: one after another, in the order of the layers.
///
/// The unused columns of a last panel are part of the vector; they are 0 and stay 0, because their gradient is.
public struct ParameterLayout: Sendable, Equatable {
  /// The blocks in order.
  public let blocks: [ParameterBlock]
  /// Floats of the parameter vector, unused ones included.
  public let count: Int
  /// Floats of the vector of transposed copies.
  public let transposedCount: Int

  /// The parameters that count, and are trained.
  public var trainedCount: Int { blocks.reduce(0) { $0 + ($1.isTrained ? $1.count : 0) } }
}

/// Lays out blocks one after another.
struct ParameterLayoutBuilder {
  private(set) var blocks: [ParameterBlock] = []
  private var count = 0
  private var transposedCount = 0

  var layout: ParameterLayout {
    ParameterLayout(blocks: blocks, count: count, transposedCount: transposedCount)
  }

  /// Adds a block and returns its number.
  mutating func add(
    _ name: String, layer: Int, shape: [Int], rows: Int, columns: Int, role: ParameterBlock.Role,
    start: InitialValues, learning: LayerLearning, isTransposed: Bool
  ) -> Int {
    let block = ParameterBlock(
      name: "layers.\(layer).\(name)", layer: layer, shape: shape, rows: rows, columns: columns, role: role,
      learning: learning, start: start, offset: count, transposedOffset: isTransposed ? transposedCount : nil)
    blocks.append(block)
    count += block.floats
    if isTransposed {
      transposedCount += PanelMatrix.floats(rows: Parameters.transposedCapacity(columns), columns: rows)
    }
    return blocks.count - 1
  }
}
