import Kernels

/// Operations of a program that go together panel by panel: each reads of the others only the rows and the panel that it
/// computes itself.
///
/// A stage says what it needs of earlier stages, and so what must be finished before it can begin: all that whoever divides
/// a program among workers has to know.
public struct Stage: Sendable {
  var operations: Range<Int>
  /// Panels that it computes, each for itself; 1 if it computes whole rows.
  public internal(set) var panels: Int
  /// Whether it reads all panels, of the rows that it computes, of what earlier stages made.
  public internal(set) var readsAllPanels = false
  /// Whether it reads all rows of the mini-batch, of the panel that it computes.
  public internal(set) var readsAllRows = false
  /// Whether it reads the features of samples, which no earlier stage makes.
  public internal(set) var readsFeatures = false
  /// Whether it reads the targets of the rows that it computes.
  public internal(set) var readsTargets = false
  var computesWholeRows = false

  init(operations: Range<Int>, panels: Int) {
    self.operations = operations
    self.panels = panels
  }

  /// Whether operations on single elements may be added. What needs all rows stays by itself, so that the work on rows after
  /// it can be divided by rows.
  var mayBeExtended: Bool { !computesWholeRows && !readsAllRows }
}

/// How the gradient of a block arises from what a program has left in the workspace.
struct Gradient: Sendable {
  enum Source: Sendable {
    /// ∂C/∂Wⱼᵢ = Σ_samples δⱼ aᵢ
    case product(activations: Matrix, delta: Matrix)
    /// ∂C/∂bⱼ = Σ_samples δⱼ
    case sums(delta: Matrix)
    /// The sum is a vector of the workspace already.
    case stored(vector: Int)

    var readsFeatures: Bool {
      if case .product(let activations, _) = self { activations == .features } else { false }
    }
  }

  let block: Int
  let source: Source
  /// The first float of the block in the parameter vector, and its rows.
  private(set) var offset = 0
  private(set) var rows = 0
  /// Whether the block consists of weights, which decay.
  private(set) var isRegularized = false
  /// The kind of its parameters, by its number in the program.
  private(set) var kind = 0
  /// Whether the block has a transposed copy.
  private(set) var isTransposed = false

  init(block: Int, source: Source) {
    self.block = block
    self.source = source
  }

  /// The same, where it is known where the block lies.
  func located(in blocks: [ParameterBlock], _ kinds: inout [ParameterKind]) -> Gradient {
    var gradient = self
    (gradient.offset, gradient.rows) = (blocks[block].offset, blocks[block].rows)
    gradient.isRegularized = blocks[block].role == .weight
    let kind = ParameterKind(
      isWeight: gradient.isRegularized, learningRateFactor: blocks[block].learning.learningRateFactor)
    if !kinds.contains(kind) { kinds.append(kind) }
    gradient.kind = kinds.firstIndex(of: kind) ?? 0
    gradient.isTransposed = blocks[block].transposedOffset != nil
    return gradient
  }
}

/// The parameters that one unit of work may update: some rows of one panel of a block, and with its first rows the same panel
/// of blocks that have one row, such as biases.
public struct GradientGroup: Sendable {
  let gradients: Range<Int>
  /// Rows of the block.
  public let rows: Int
  /// Columns of the block.
  public let columns: Int
  /// Whether its gradient reads features of samples: the columns that are the rows of the block.
  public let readsFeatures: Bool

  /// Panels of the block.
  public var panels: Int { PanelMatrix.panels(of: columns) }
  /// Gradients of a unit: that of the block, and with the first rows those of the blocks that go with it.
  public func count(rows: Range<Int>) -> Int { rows.lowerBound == 0 ? gradients.count : 1 }
}
