import Kernels

/// What a network computes, as a straight list of operations on the matrices of a workspace.
///
/// A program for training has the forward operations, the loss and the backward operations of a mini-batch, and says how the
/// gradient of each parameter block arises from what they leave. One for inference has the forward operations alone, the
/// loss, and the activation of the outputs. Whoever performs a program divides it by stages, rows and panels and need not
/// know what is computed.
public final class Program: Sendable {
  /// The stages in order.
  public let stages: [Stage]
  /// The parameters that are updated together, in the order of the layers.
  public let groups: [GradientGroup]
  /// The kinds of the parameters that are updated.
  public let kinds: [ParameterKind]
  /// The output of each layer.
  public let layerOutputs: [Matrix]
  /// The outputs of the network, [samples, outputs].
  public let output: Matrix
  let operations: PlainList<Operation>
  let gradients: PlainList<Gradient>
  let matrixColumns: [Int]
  let vectors: [VectorShape]

  init(
    stages: [Stage], operations: [Operation], gradients: [Gradient], groups: [GradientGroup],
    kinds: [ParameterKind], matrixColumns: [Int], vectors: [VectorShape], layerOutputs: [Matrix], output: Matrix
  ) {
    self.stages = stages
    self.groups = groups
    self.kinds = kinds
    self.layerOutputs = layerOutputs
    self.output = output
    self.operations = PlainList(operations)
    self.gradients = PlainList(gradients)
    self.matrixColumns = matrixColumns
    self.vectors = vectors
  }

  /// Floats of scratch memory that operations need.
  public static var scratch: Int { Kernels.statisticsScratch }

  /// Floats of memory of a workspace for so many samples.
  public func floats(samples: Int) -> Int {
    (matrixColumns.dropFirst() + [outputs]).reduce(0) { $0 + PanelMatrix.floats(rows: samples + 1, columns: $1) }
      + vectors.reduce(0) { $0 + $1.floats(samples: samples) }
  }

  /// Columns of the output.
  public var outputs: Int { matrixColumns[output.index] }

  // MARK: Performing

  /// Performs some stages for `rows`, all panels of each.
  public func perform(stages range: Range<Int>, _ context: Context, rows: Range<Int>) {
    for stage in range {
      for panel in 0..<stages[stage].panels { perform(stages[stage], context, rows: rows, panel: panel) }
    }
  }

  /// Performs some stages for one panel of `rows`.
  public func perform(stages range: Range<Int>, _ context: Context, rows: Range<Int>, panel: Int) {
    for stage in range { perform(stages[stage], context, rows: rows, panel: panel) }
  }

  @inline(__always)
  private func perform(_ stage: Stage, _ context: Context, rows: Range<Int>, panel: Int) {
    let operations = operations.view
    for operation in stage.operations { operations[operation].perform(context, rows: rows, panel: panel) }
  }
}

/// A vector of a workspace: a value for each column, or for each column and each group of rows.
struct VectorShape: Sendable {
  let columns: Int
  /// Rows of a group; 0 where there are no groups.
  let groupSize: Int

  /// Floats for so many samples, whole panels for each group.
  func floats(samples: Int) -> Int {
    StatisticsGroups(rows: samples, size: groupSize).count * PanelMatrix.floats(rows: 1, columns: columns)
  }
}
