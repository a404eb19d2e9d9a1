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
/// It is a plain value of views and numbers, without references to count. Like every view it keeps nothing alive.
public struct Context: Sendable {
  public let kernels: Kernels
  let operations: PlainList<Operation>.View
  let gradients: PlainList<Gradient>.View
  let blocks: PlainList<PanelMatrix>.View
  let transposedBlocks: PlainList<PanelMatrix?>.View
  let vectors: PlainList<FloatSlice>.View
  let parameterVector: FloatSlice
  let matrices: PlainList<PanelMatrix>.View
  let workVectors: PlainList<FloatSlice>.View
  /// y, [samples, outputs]
  public let targets: PanelMatrix
  /// The cost of each row.
  public let losses: FloatSlice
  /// x, of which the rows and the columns that are read have been gathered.
  public var features: PanelMatrix
  /// Memory of the thread.
  public var scratch: FloatSlice
  /// The step.
  public var step: StepContext

  /// The context of `program` on `workspace`, without features yet.
  public init(
    _ kernels: Kernels, _ program: Program, _ parameters: Parameters, _ workspace: Workspace, _ step: StepContext,
    scratch: FloatSlice
  ) {
    self.kernels = kernels
    operations = program.operations.view
    gradients = program.gradients.view
    blocks = parameters.matrices.view
    transposedBlocks = parameters.transposed.view
    vectors = parameters.slices.view
    parameterVector = parameters.vector.all
    matrices = workspace.matrices.view
    workVectors = workspace.vectors.view
    targets = workspace.targets
    losses = workspace.losses
    features = workspace.matrices.view[0]
    self.scratch = scratch
    self.step = step
  }

  /// The memory of a matrix.
  public subscript(matrix: Matrix) -> PanelMatrix {
    @inline(__always) get { matrix.index == 0 ? features : matrices[matrix.index] }
  }
}
