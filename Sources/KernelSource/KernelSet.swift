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
  /// C = initial + Aᵀ B for a tile of `rows` adjacent columns of A; `wide` is a whole panel. With `step`, C are weights, which
  /// take it along that product.
  static func multiplyTransposedTile(rows: Int, wide: Bool, _ operands: TileOperands, taking step: GradientDescent?)

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
  ///   - step: weights that lie as C does, and the step that they take along C as sum of gradients; what C then holds is
  ///     not defined.
  static func multiplyTransposedPanel(
    columns: Int, vectors: Int, depth: Int, a: Source, aPanelStride: Int, b: Source, c: Target,
    taking step: (weights: Target, descent: GradientDescent)?)

  // MARK: Functions of single elements

  /// a = g(z); `a` may be `z`.
  static func apply(_ function: ElementFunction, rows: Int, vectors: Int, _ z: Source, _ a: Target)
  /// δ = δ g'(z), from a or, if the function needs it, from z.
  static func multiplyByDerivative(
    of function: ElementFunction, rows: Int, vectors: Int, _ delta: Target, kept: Source)
  /// x = function(x) for whole rows of 32.
  static func apply(_ function: ElementaryFunction, rows: Int, _ x: Target)
  /// y = x · mask with the mask 0 where the random number is below `dropped`, in 2⁻²⁴, else `scale`; `y` may be `x`.
  static func dropout(
    rows: Int, vectors: Int, _ x: Source, _ y: Target, counter: MaskCounter, samples: UnsafePointer<Int32>, panel: Int,
    dropped: UInt32, scale: Float)

  /// y = x + deviation · ξ with ξ of the standard normal distribution; `y` may be `x`.
  static func gaussianNoise(
    rows: Int, vectors: Int, _ x: Source, _ y: Target, counter: MaskCounter, samples: UnsafePointer<Int32>, panel: Int,
    deviation: Float)

  // MARK: Normalization of the columns of a panel

  /// The mean and the sum of the squared differences from it of each of 32 columns.
  static func moments(rows: Int, _ x: Source, mean: Target, squares: Target)
  /// The moments of two sets of samples together, in place of those of the first (Chan, Golub and LeVeque, 1979).
  static func joinMoments(
    mean: Target, squares: Target, count: Float, otherMean: Source, otherSquares: Source, otherCount: Float)
  /// 1 / √(variance + ε) of each of 32 columns.
  static func inverseDeviation(_ variance: Source, epsilon: Float, _ result: Target)
  /// average = (1 − weight) · average + weight · value · factor for each of 32 columns.
  static func moveAverage(_ average: Target, _ value: Source, factor: Float, weight: Float)
  /// y = (x − mean) · (scale · inverseDeviation) + shift; `y` may be `x`.
  static func normalize(
    rows: Int, vectors: Int, _ x: Source, _ y: Target, mean: Source, inverseDeviation: Source, scale: Source,
    shift: Source)
  /// Σ δ and Σ δ x̂ of each of 32 columns, chains over the rows.
  static func normalizationSums(
    rows: Int, _ x: Source, _ delta: Source, mean: Source, inverseDeviation: Source, sums: Target, products: Target)
  /// δ = scale · inverseDeviation · (δ − sums / n − x̂ · products / n).
  static func normalizationDerivative(
    rows: Int, vectors: Int, _ x: Source, _ delta: Target, samples: Float, mean: Source, inverseDeviation: Source,
    scale: Source, sums: Source, products: Source)

  // MARK: Functions of rows

  /// y = (x − mean) / √(variance + ε) · scale + shift with the moments of each row; `y` may be `x`.
  static func layerNormalization(
    rows: Int, _ row: PanelRow, epsilon: Float, _ x: Source, _ y: Target, scale: Source, shift: Source)
  /// From δ by y, products = δ x̂, and δ by x, unless that is nil.
  static func layerNormalizationDerivative(
    rows: Int, _ row: PanelRow, epsilon: Float, _ x: Source, delta: Source, scale: Source, products: Target,
    inputDelta: Target?)
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

  /// scale · Σ c of each row, and its derivative by the outputs or the logits, δ = scale · ∂c/∂x.
  static func elementLoss(
    _ loss: ElementLoss, rows: Int, _ row: PanelRow, scale: Float, outputs: Source, targets: Source, delta: Target,
    losses: Target)
  /// max(0, 1 − aₗ + max_{j ≠ l} aⱼ) of each row, where l is the column whose target is 1, and its derivative: −1 at l and 1 at
  /// the greatest other, or a share of 1 at each of several, where the cost is positive.
  static func hinge(rows: Int, _ row: PanelRow, outputs: Source, targets: Source, delta: Target, losses: Target)
  /// Multiplies each row, and the value that belongs to it, by a weight.
  static func multiplyRows(rows: Int, _ row: PanelRow, _ x: Target, _ values: Target, weights: Source)

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
  /// Writes labels as targets: for one column `low` for label 0, else `high`; for several `high` in the column of the label,
  /// `low` in the others.
  static func gatherLabels(
    count: Int, indices: UnsafePointer<Int32>, source: UnsafePointer<Int32>, columns: Int, low: Float, high: Float,
    target: Target, panelStride: Int)

  // MARK: Gradient and step

  /// Σᵣ b[r, j] for the columns of one panel: one chain of additions from zero, r ascending. Writes 32 sums.
  static func sumRows(rows: Int, vectors: Int, _ b: Source, _ sums: Target)
  /// sum += x
  static func accumulate(count: Int, _ sum: Target, _ x: Source)
  /// The step of each of the parameters `w`, and of the slots that it takes.
  static func update(count: Int, _ w: Target, gradientSum: Source, slots: (Target, Target), _ update: Update)
  /// a = a + weight · (w − a)
  static func average(count: Int, _ a: Target, _ w: Source, weight: Float)
  /// Writes `rows` rows of one panel as columns of a matrix of panels: target[j, i] = source[i, j].
  ///
  /// The first row becomes the first column of a panel; columns beyond `rows` in the last vector become zero.
  static func transposePanel(rows: Int, vectors: Int, _ source: Source, _ target: Target, panelStride: Int)
}
