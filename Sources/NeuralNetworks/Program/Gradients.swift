import Kernels

// The gradients of parameters, which every worker sums for parameters of its own, over all rows of the mini-batch.

/// The gradient of some rows of one panel of a block: what a unit of work sums and updates.
public struct GradientPart: Sendable {
  let gradient: Gradient
  let panel: Int
  /// The rows of the block.
  public let rows: Range<Int>
  /// Where the parameters lie in the parameter vector, and in every vector of its layout.
  public let range: Range<Int>
  /// Whether the parameters are weights, which decay.
  public let isRegularized: Bool
  /// The kind of the parameters, by its number in the program.
  public let kind: Int
  /// Whether the gradient is a matrix product, which can take a step of plain gradient descent at once.
  public let isProduct: Bool
  /// Whether a program leaves the sum over the mini-batch in the workspace.
  public let isStored: Bool
  /// Whether the block has a transposed copy.
  public let isTransposed: Bool

  init(_ gradient: Gradient, rows: Range<Int>, panel: Int) {
    self.gradient = gradient
    self.panel = panel
    self.rows = rows
    let width = PanelMatrix.panelWidth
    let first = gradient.offset + (panel * gradient.rows + rows.lowerBound) * width
    range = first..<first + rows.count * width
    isRegularized = gradient.isRegularized
    kind = gradient.kind
    isTransposed = gradient.isTransposed
    if case .product = gradient.source { isProduct = true } else { isProduct = false }
    if case .stored = gradient.source { isStored = true } else { isStored = false }
  }
}

extension Program {
  /// A gradient of a group for a unit with some rows of its first block: those rows, or all of a block that goes with it.
  public func part(_ gradient: Int, of group: GradientGroup, rows: Range<Int>, panel: Int) -> GradientPart {
    GradientPart(
      gradients.view[group.gradients.lowerBound + gradient], rows: gradient == 0 ? rows : 0..<1, panel: panel)
  }
}

extension Context {
  /// The parameters of a part.
  @inline(__always)
  public func parameters(_ part: GradientPart) -> FloatSlice { parameterVector[part.range] }

  /// The sum of a gradient over the rows of a shard.
  ///
  /// - Parameters:
  ///   - sum: receives as many rows of 32 as the part has.
  ///   - step: the step that the parameters are to take along the sum at once; then `sum` is scratch memory.
  @inline(__always)
  public func sumGradient(
    _ part: GradientPart, shard: Range<Int>, into sum: FloatSlice, taking step: GradientDescent? = nil
  ) {
    switch part.gradient.source {
    case .product(let activations, let delta):
      kernels.multiplyTransposed(
        self[activations], columns: part.rows, self[delta], panel: part.panel, rows: shard, into: sum,
        taking: step.map { (parameters(part), $0) })
    case .sums(let delta): kernels.sumRows(self[delta], panel: part.panel, rows: shard, into: sum)
    case .stored: preconditionFailure("the sum over the mini-batch is there already")
    }
  }

  /// The sum over the mini-batch that a program has left in the workspace.
  @inline(__always)
  public func storedGradient(_ part: GradientPart) -> FloatSlice {
    guard case .stored(let vector) = part.gradient.source else { preconditionFailure("the sum is made of shards") }
    let width = PanelMatrix.panelWidth
    return workVectors[vector][part.panel * width..<(part.panel + 1) * width]
  }

  /// Brings the transposed copy of the parameters up to date, after a step has changed them.
  @inline(__always)
  public func refreshTransposed(_ part: GradientPart) {
    guard let transposed = transposedBlocks[part.gradient.block] else { return }
    kernels.transpose(blocks[part.gradient.block], panel: part.panel, rows: part.rows, into: transposed)
  }
}
