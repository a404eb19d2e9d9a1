/// The kernels of one instruction set.
///
/// Everything but the register tiles has one source: the extensions of this protocol, which are inlined into the
/// conformance and so compiled with the flags of the conforming target. A function left out of line there would be the
/// portable one, which computes the same bits; the build check sees to it that there is none.
///
/// The functions check nothing: the `Kernels` facade is their only caller and checks shapes at its door. A *strip* is
/// some rows of one panel; `vectors` says whether one or both halves of the panel are in use.
public protocol KernelSet: Sendable {
  // MARK: Register tiles

  /// Rows of the greatest tile.
  static var maximumTileRows: Int { get }
  /// Whether a tile spans a whole panel (two vectors) or half of one.
  static var tileSpansPanel: Bool { get }
  /// How many k one pass over the rows covers at the most: that part of a panel of B and the rows of A of a tile stay in the first
  /// cache. A multiple of the panel's width.
  static var depthBlock: Int { get }
  /// C = initial + A B for a tile of `rows` rows, a panel's width apart in A; `wide` is a whole panel.
  static func multiplyTile(rows: Int, wide: Bool, _ operands: TileOperands)
  /// C = initial + Aᵀ B for a tile of `rows` adjacent columns of A; `wide` is a whole panel. With `descent`, C are weights, which
  /// take a step along that product.
  static func multiplyTransposedTile(rows: Int, wide: Bool, _ operands: TileOperands, _ descent: Descent?)

  // MARK: Matrix products

  /// One panel of C = initial + A B.
  ///
  ///     C[r, j] = initial[j] + Σₖ A[r, k] B[k, j]      r < rows, j < 16 · vectors, k < depth
  ///
  /// Each element is one chain of fused multiply-adds, k ascending.
  ///
  /// - Parameters:
  ///   - a: A[0, 0]; A[r, k] lies at `a[(k / 32) · aPanelStride + 32 r + k % 32]`.
  ///   - b: B[0, 0]; B[k, j] lies at `b[32 k + j]`.
  ///   - initial: 32 values from which the chains of every row start; nil for zeros.
  ///   - c: C[0, 0]; C[r, j] lies at `c[32 r + j]`.
  static func multiplyPanel(
    rows: Int, vectors: Int, depth: Int, a: Source, aPanelStride: Int, b: Source, initial: Source?, c: Target)
  /// One panel of C = Aᵀ B, for a range of columns of A that starts at a panel.
  ///
  ///     C[i, j] = Σᵣ A[r, i] B[r, j]      i < columns, j < 16 · vectors, r < depth
  ///
  /// Each element is one chain of fused multiply-adds from zero, r ascending.
  ///
  /// - Parameters:
  ///   - a: A[0, 0]; A[r, i] lies at `a[(i / 32) · aPanelStride + 32 r + i % 32]`.
  ///   - b: B[0, 0]; B[r, j] lies at `b[32 r + j]`.
  ///   - c: C[0, 0]; C[i, j] lies at `c[32 i + j]`. With one vector, the other half of each row becomes zero.
  ///   - update: weights that lie as C does, and the step that they take along C as sum of gradients; what C then holds is
  ///     not defined.
  static func multiplyTransposedPanel(
    columns: Int, vectors: Int, depth: Int, a: Source, aPanelStride: Int, b: Source, c: Target,
    update: (weights: Target, descent: Descent)?)

  // MARK: Functions of single elements

  /// max(x, 0); NaN stays NaN.
  static func relu(rows: Int, vectors: Int, _ strip: Target)
  /// δ where the activation a = relu(z) is greater than 0, else 0: the derivative at z = 0 is taken to be 0.
  static func reluDerivative(rows: Int, vectors: Int, _ delta: Target, _ a: Source)
  /// x, or slope · x where x < 0.
  static func leakyRelu(rows: Int, vectors: Int, slope: Float, _ strip: Target)
  /// δ where the activation a is greater than 0, else slope · δ.
  static func leakyReluDerivative(rows: Int, vectors: Int, slope: Float, _ delta: Target, _ a: Source)
  /// σ(x)
  static func sigmoid(rows: Int, vectors: Int, _ strip: Target)
  /// δ · σ'(z) = δ a (1 − a) with a = σ(z).
  static func sigmoidDerivative(rows: Int, vectors: Int, _ delta: Target, _ a: Source)
  /// tanh x
  static func tanh(rows: Int, vectors: Int, _ strip: Target)
  /// δ · tanh'(z) = δ (1 − a²) with a = tanh z.
  static func tanhDerivative(rows: Int, vectors: Int, _ delta: Target, _ a: Source)
  /// eˣ
  static func exp(rows: Int, vectors: Int, _ strip: Target)
  /// ln x
  static func log(rows: Int, vectors: Int, _ strip: Target)
  /// ln(1 + x)
  static func log1p(rows: Int, vectors: Int, _ strip: Target)
  /// ln(1 + eˣ)
  static func softplus(rows: Int, vectors: Int, _ strip: Target)

  // MARK: Functions of rows

  /// Replaces logits z by softmax(z): aⱼ = e^(zⱼ − max z) / Σₖ e^(zₖ − max z).
  static func softmax(rows: Int, _ row: PanelRow, _ z: Target)
  /// Replaces ∂C/∂a by ∂C/∂z for a = softmax(z): δⱼ = aⱼ (gⱼ − Σₖ gₖ aₖ).
  static func softmaxDerivative(rows: Int, _ row: PanelRow, _ delta: Target, _ a: Source)
  /// scale · Σ (a − y)² of each row, and its derivative by the activations, δ = 2 scale (a − y).
  static func squaredError(
    rows: Int, _ row: PanelRow, scale: Float, activations: Source, targets: Source, delta: Target, losses: Target)
  /// −Σ [y ln σ(z) + (1 − y) ln(1 − σ(z))] of each row of logits, and its derivative by them, δ = σ(z) − y.
  static func binaryCrossEntropy(
    rows: Int, _ row: PanelRow, logits: Source, targets: Source, delta: Target, losses: Target)
  /// −Σ y ln softmax(z) of each row of logits, and its derivative by them, δ = softmax(z) − y, where Σ y = 1.
  ///
  /// - Parameter scratch: two places for 16 × 16 numbers.
  static func crossEntropy(
    rows: Int, _ row: PanelRow, logits: Source, targets: Source, delta: Target, losses: Target,
    scratch: (Target, Target))
  /// The column of the greatest element of each row; the first of several.
  static func indexOfMaximum(rows: Int, _ row: PanelRow, _ z: Source, _ indices: UnsafeMutablePointer<Int32>)

  // MARK: Data

  /// Copies columns of rows of a row-major table of bytes into a matrix of panels: x' = (x − shift) · scale.
  ///
  /// - Parameters:
  ///   - source: the first of the columns, in the first row of the table.
  ///   - rowLength: distance of adjacent rows of the table.
  ///   - target: the first of the columns, at the start of a panel.
  static func gatherBytes(
    count: Int, indices: UnsafePointer<Int32>, source: UnsafePointer<UInt8>, rowLength: Int, columns: Int,
    shift: Source, scale: Source, target: Target, panelStride: Int)
  /// The same for a table of floats.
  static func gatherFloats(
    count: Int, indices: UnsafePointer<Int32>, source: Source, rowLength: Int, columns: Int, shift: Source,
    scale: Source, target: Target, panelStride: Int)
  /// Writes labels as targets: the label itself for one column, else 1 in the column of the label.
  static func gatherLabels(
    count: Int, indices: UnsafePointer<Int32>, source: UnsafePointer<Int32>, columns: Int, target: Target,
    panelStride: Int)

  // MARK: Gradient and step

  /// Σᵣ b[r, j] for the columns of one panel: one chain of additions from zero, r ascending. Writes 32 sums.
  static func sumRows(rows: Int, vectors: Int, _ b: Source, _ sums: Target)
  /// sum += x
  static func accumulate(count: Int, _ sum: Target, _ x: Source)
  /// A step of gradient descent of each of `weights`.
  static func gradientDescent(count: Int, weights: Target, gradientSum: Source, _ descent: Descent)
  /// Writes `rows` rows of one panel as columns of a matrix of panels: target[j, i] = source[i, j].
  ///
  /// The first row becomes the first column of a panel; columns beyond `rows` in the last vector become zero.
  static func transposePanel(rows: Int, vectors: Int, _ source: Source, _ target: Target, panelStride: Int)
}
