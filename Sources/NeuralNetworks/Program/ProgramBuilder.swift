import Kernels

/// What layers add their blocks and operations to when a network is compiled.
///
/// Forward operations are appended one after another. What a layer hands to `onBackward` runs after the loss has been
/// appended, the last layer first.
public struct ProgramBuilder {
  /// Whether the program trains; else it computes predictions alone.
  public let isForTraining: Bool
  /// The place in `network.layers` of the layer that is being compiled.
  var layer = 0
  /// How its parameters are trained.
  private(set) var learning = LayerLearning()
  private var layerInput = Matrix.features

  private var layout = ParameterLayoutBuilder()
  private var operations: [Operation] = []
  private var stages: [Stage] = []
  private var gradients: [Gradient] = []
  private var groups: [GradientGroup] = []
  private var kinds: [ParameterKind] = []
  private var backward: [(layer: Int, body: (inout ProgramBuilder) -> Void)] = []
  /// Columns of the matrices and of the vectors of the workspace.
  private var matrixColumns: [Int]
  private var vectors: [VectorShape] = []
  /// For each matrix, the one whose δ it shares, as the results of operations on single elements do.
  private var deltaOwners: [Int] = [0]
  /// For each owner, its δ.
  private var deltas: [Int: Matrix] = [:]
  /// Matrices whose δ somebody needs.
  private var matricesWithDelta: Set<Int> = []
  /// Matrices that the backward pass reads, which nobody may write to any more.
  private var keptMatrices: Set<Int> = [Matrix.features.index]
  private var layerOutputs: [Matrix] = []

  init(inputs: Int, isForTraining: Bool) {
    self.isForTraining = isForTraining
    matrixColumns = [inputs]
  }

  // MARK: Memory

  /// Columns of a matrix.
  func columns(of matrix: Matrix) -> Int { matrixColumns[matrix.index] }

  /// A new matrix [samples, columns], whose δ is needed if parameters before or at it are trained.
  mutating func matrix(columns: Int) -> Matrix {
    let matrix = newMatrix(columns)
    needDelta(of: matrix)
    return matrix
  }

  /// What the backward pass of an operation reads of what it computed forward.
  enum Kept {
    case nothing, input, output
  }

  /// A matrix for the results of an operation whose backward pass works on δ in place: `matrix` itself if nobody needs what
  /// it holds, else a new one that shares its δ.
  ///
  /// - Parameter kept: what the backward pass of the operation reads; nobody writes to it any more.
  mutating func result(of matrix: Matrix, keeping kept: Kept) -> Matrix {
    if isForTraining && kept == .input { keep(matrix) }
    var result = matrix
    if keptMatrices.contains(matrix.index) {
      result = newMatrix(columns(of: matrix))
      if hasDelta(matrix) {
        deltaOwners[result.index] = deltaOwners[matrix.index]
        matricesWithDelta.insert(result.index)
      }
    }
    if isForTraining && kept == .output { keep(result) }
    return result
  }

  /// Says that the backward pass reads a matrix.
  mutating func keep(_ matrix: Matrix) { keptMatrices.insert(matrix.index) }

  /// Says that parameters at a matrix need its δ. Programs for training and for inference say it alike, because the layout of
  /// the parameters depends on it.
  ///
  /// Those of a layer that is not trained need none, and so nobody does unless something below is trained.
  mutating func needDelta(of matrix: Matrix) {
    if learning.isTrainable || hasDelta(layerInput) { matricesWithDelta.insert(matrix.index) }
  }

  /// Whether parameters before or at a matrix need its δ.
  func hasDelta(_ matrix: Matrix) -> Bool { matricesWithDelta.contains(matrix.index) }

  /// δ of a matrix, ∂C/∂(matrix) once all operations behind it have been taken back.
  mutating func delta(of matrix: Matrix) -> Matrix {
    matricesWithDelta.insert(matrix.index)
    let owner = deltaOwners[matrix.index]
    if let delta = deltas[owner] { return delta }
    let delta = newMatrix(columns(of: matrix))
    deltas[owner] = delta
    return delta
  }

  /// A new vector of the workspace, for statistics of columns.
  ///
  /// - Parameter groupSize: rows of each group, where it has a value for each group of rows; else 0.
  mutating func vector(columns: Int, groupSize: Int = 0) -> Int {
    vectors.append(VectorShape(columns: columns, groupSize: groupSize))
    return vectors.count - 1
  }

  /// A new block of parameters of the layer.
  mutating func block(
    _ name: String, shape: [Int], rows: Int, columns: Int, role: ParameterBlock.Role, start: InitialValues,
    isTransposed: Bool = false
  ) -> Int {
    layout.add(
      name, layer: layer, shape: shape, rows: rows, columns: columns, role: role, start: start,
      learning: learning, isTransposed: isTransposed)
  }

  private mutating func newMatrix(_ columns: Int) -> Matrix {
    matrixColumns.append(columns)
    deltaOwners.append(deltaOwners.count)
    return Matrix(index: matrixColumns.count - 1)
  }

  // MARK: Operations

  /// What an operation reads to compute some rows of one panel.
  enum Reading {
    /// All panels of those rows.
    case allPanels(of: Matrix)
    /// The same panel of the same rows.
    case ownPanel(of: Matrix)
    /// The same panel of all rows of the mini-batch.
    case allRows(of: Matrix)
    /// All panels of the same rows, of which it computes all at once.
    case wholeRows(of: Matrix)
    /// The same, and the targets of the rows.
    case wholeRowsAndTargets(of: Matrix)
  }

  /// Appends an operation that computes `result`.
  ///
  /// An operation that reads of others only the panel that the operation before it computes joins the stage of that one.
  mutating func append(_ operation: Operation, computing result: Matrix, reading: Reading) {
    operations.append(operation)
    var stage = Stage(
      operations: operations.count - 1..<operations.count, panels: PanelMatrix.panels(of: columns(of: result)))
    switch reading {
    case .ownPanel(let matrix):
      if let last = stages.last, last.panels == stage.panels, last.mayBeExtended {
        stages[stages.count - 1].operations = last.operations.lowerBound..<operations.count
        if matrix == .features { stages[stages.count - 1].readsFeatures = true }
        return
      }
      stage.readsFeatures = matrix == .features
    case .allPanels(let matrix):
      stage.readsFeatures = matrix == .features
      stage.readsAllPanels = true
    case .allRows(let matrix):
      stage.readsFeatures = matrix == .features
      stage.readsAllRows = true
    case .wholeRows(let matrix), .wholeRowsAndTargets(let matrix):
      stage.readsFeatures = matrix == .features
      stage.readsAllPanels = true
      stage.computesWholeRows = true
      stage.panels = 1
      if case .wholeRowsAndTargets = reading { stage.readsTargets = true }
    }
    stages.append(stage)
  }

  /// Has `body` append the operations that take δ of the layer's output back to δ of its input.
  mutating func onBackward(_ body: @escaping (inout ProgramBuilder) -> Void) { backward.append((layer, body)) }

  /// Adds the gradients of blocks that are updated together: a block, and blocks of one row that go with its first rows. Those of
  /// a layer that is not trained are left out.
  mutating func addGradients(_ gradients: [Gradient]) {
    guard learning.isTrainable else { return }
    let first = layout.blocks[gradients[0].block]
    let start = self.gradients.count
    self.gradients += gradients.map { $0.located(in: layout.blocks, &kinds) }
    groups.append(
      GradientGroup(
        gradients: start..<self.gradients.count, rows: first.rows, columns: first.columns,
        readsFeatures: gradients[0].source.readsFeatures))
  }

  /// Says how the parameters of the next layer are trained, and what its input is.
  mutating func beginLayer(_ learning: LayerLearning, input: Matrix) {
    self.learning = learning
    layerInput = input
  }

  /// Says that a layer is compiled, and what its output is.
  mutating func endLayer(_ output: Matrix) {
    layerOutputs.append(output)
    layer += 1
  }

  // MARK: The result

  /// Appends the backward operations.
  mutating func appendBackward() {
    for (layer, body) in backward.reversed() {
      self.layer = layer
      body(&self)
    }
    backward = []
  }

  func program(output: Matrix) -> Program {
    Program(
      stages: stages, operations: operations, gradients: gradients, groups: groups, kinds: kinds,
      matrixColumns: matrixColumns,
      vectors: vectors, layerOutputs: layerOutputs, output: output)
  }

  var parameterLayout: ParameterLayout { layout.layout }
}
