import Kernels

/// What a step depends on beside the parameters and the samples' values.
public struct StepContext: Sendable {
  /// Which samples the rows of the mini-batch are.
  public var samples: SampleSelection
  /// The gradient shards of the mini-batch.
  public var shards: GradientShards
  /// The epoch, from 0.
  public var epoch: Int
  /// The seed of the run.
  public var seed: UInt64
  /// Where running statistics are computed anew, the mini-batches of so many rows each that were seen before; nil where they move by
  /// the momentum of the layer.
  public var statisticsSeen: (batches: Int, rows: Int)?

  /// The context of a step.
  public init(samples: SampleSelection, shards: GradientShards, epoch: Int = 0, seed: UInt64 = 1) {
    self.samples = samples
    self.shards = shards
    self.epoch = epoch
    self.seed = seed
  }
}

/// What the operations of a program work on: kernels, parameters, the matrices of a workspace, the samples of a step.
///
/// It is a plain value of views and numbers, without references to count. Like every view it keeps nothing alive: `Tables`
/// keeps what does not change from step to step.
public struct Context: Sendable {
  private let tables: PlainList<Tables.Views>.View
  /// x, of which the rows and the columns that are read have been gathered.
  public var features: PanelMatrix
  /// Memory of the thread.
  public var scratch: FloatSlice
  /// The step.
  public var step: StepContext

  /// The context of a step, without features and scratch memory yet.
  public init(_ tables: Tables, _ step: StepContext) {
    self.tables = tables.list.view
    features = tables.list.view[0].matrices[0]
    scratch = tables.list.view[0].losses
    self.step = step
  }

  /// The kernels.
  public var kernels: Kernels { @inline(__always) get { tables[0].kernels } }
  /// y, [samples, outputs]
  public var targets: PanelMatrix { @inline(__always) get { tables[0].targets } }
  /// The cost of each row.
  public var losses: FloatSlice { @inline(__always) get { tables[0].losses } }
  /// The weight of each row, where a program weights them.
  public var weights: FloatSlice { @inline(__always) get { tables[0].weights } }
  var blocks: PlainList<PanelMatrix>.View { @inline(__always) get { tables[0].blocks } }
  var transposedBlocks: PlainList<PanelMatrix?>.View { @inline(__always) get { tables[0].transposedBlocks } }
  var vectors: PlainList<FloatSlice>.View { @inline(__always) get { tables[0].vectors } }
  var parameterVector: FloatSlice { @inline(__always) get { tables[0].parameterVector } }
  var workVectors: PlainList<FloatSlice>.View { @inline(__always) get { tables[0].workVectors } }

  /// The memory of a matrix.
  public subscript(matrix: Matrix) -> PanelMatrix {
    @inline(__always) get { matrix.index == 0 ? features : tables[0].matrices[matrix.index] }
  }
}

/// What the steps on one workspace have in common. It keeps all that a `Context` has views of, but for the samples, the features
/// and the scratch memory.
public final class Tables: Sendable {
  struct Views: Sendable {
    let kernels: Kernels
    let blocks: PlainList<PanelMatrix>.View
    let transposedBlocks: PlainList<PanelMatrix?>.View
    let vectors: PlainList<FloatSlice>.View
    let parameterVector: FloatSlice
    let matrices: PlainList<PanelMatrix>.View
    let workVectors: PlainList<FloatSlice>.View
    let targets: PanelMatrix
    let losses: FloatSlice
    let weights: FloatSlice
  }

  let list: PlainList<Views>
  private let owners: (Program, Parameters, Workspace)

  /// The tables of `program` on `workspace`.
  public init(_ kernels: Kernels, _ program: Program, _ parameters: Parameters, _ workspace: Workspace) {
    owners = (program, parameters, workspace)
    list = PlainList([
      Views(
        kernels: kernels, blocks: parameters.matrices.view,
        transposedBlocks: parameters.transposed.view, vectors: parameters.slices.view,
        parameterVector: parameters.vector.all, matrices: workspace.matrices.view, workVectors: workspace.vectors.view,
        targets: workspace.targets, losses: workspace.losses, weights: workspace.weights)
    ])
  }
}
