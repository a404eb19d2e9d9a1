import KernelSource

/// Arithmetic on contiguous buffers, with the instructions of one instruction set.
///
/// The results do not depend on the instruction set: every element of a matrix product is one chain of fused
/// multiply-adds in ascending order, and every other sum has a fixed order too. Shapes are checked here, once; the
/// kernels below check nothing. Ranges of rows and single panels may be computed by different workers at a time.
public struct Kernels: Sendable {
  /// The instructions in use.
  public let instructionSet: InstructionSet
  let functions: any KernelSet.Type

  /// The kernels for `instructionSet`; nil if this processor lacks it.
  public init?(_ instructionSet: InstructionSet) {
    guard let functions = instructionSet.kernelSet else { return nil }
    self.instructionSet = instructionSet
    self.functions = functions
  }

  /// The fastest kernels that this processor runs.
  public static var best: Kernels { Kernels(.best)! }

  /// Rows of the greatest register tile: cutting rows into multiples of it wastes nothing.
  public var tileRows: Int { functions.maximumTileRows }
}

// MARK: - Matrix products

extension Kernels {
  /// Some rows of one panel of C = bias + A B, each row of which starts from the same bias.
  ///
  ///     C[r, j] = bias[j] + Σₖ A[r, k] B[k, j]
  ///
  /// - Parameters:
  ///   - a: [rows, depth]
  ///   - b: [depth, columns]
  ///   - bias: as many values as the panels of C have columns, or nil for zeros.
  ///   - c: [rows, columns]
  ///   - rows: the rows of A and C.
  ///   - panel: the panel of B and C.
  public func multiply(
    _ a: PanelMatrix, _ b: PanelMatrix, bias: FloatSlice?, into c: PanelMatrix, rows: Range<Int>, panel: Int
  ) {
    a.checkRows(rows)
    c.checkStrip(panel, rows)
    precondition(a.columns == b.rows && b.columns == c.columns, "shapes do not fit")
    precondition(bias == nil || bias!.count >= c.panels * panelWidth, "bias does not fit")
    functions.multiplyPanel(
      rows: rows.count, vectors: c.vectors(ofPanel: panel), depth: a.columns,
      a: a.pointer(panel: 0, row: rows.lowerBound), aPanelStride: a.panelStride, b: b.pointer(panel: panel, row: 0),
      initial: bias.map { Source($0.pointer + panel * panelWidth) }, c: c.pointer(panel: panel, row: rows.lowerBound))
  }

  /// Some rows of one panel of C = Aᵀ B, summed over a range of the rows of A and B.
  ///
  ///     C[i, j] = Σᵣ A[r, i] B[r, j]
  ///
  /// - Parameters:
  ///   - a: [rows, m]
  ///   - b: [rows, n]
  ///   - rows: what r runs over.
  ///   - columns: the columns i of A, from the first of a panel.
  ///   - panel: the panel of B.
  ///   - c: receives `columns.count` rows of 32; zeros where B has no columns.
  ///   - step: weights that lie as C does, and the step that they take along C as sum of gradients, while it is in
  ///     registers; what `c` then holds is not defined.
  public func multiplyTransposed(
    _ a: PanelMatrix, columns: Range<Int>, _ b: PanelMatrix, panel: Int, rows: Range<Int>, into c: FloatSlice,
    taking step: (weights: FloatSlice, descent: GradientDescent)? = nil
  ) {
    a.checkRows(rows)
    b.checkStrip(panel, rows)
    precondition(
      columns.lowerBound >= 0 && columns.lowerBound % panelWidth == 0 && columns.upperBound <= a.columns
        && columns.count * panelWidth <= c.count, "shapes do not fit")
    precondition(step == nil || step!.weights.count >= columns.count * panelWidth, "weights do not fit")
    functions.multiplyTransposedPanel(
      columns: columns.count, vectors: b.vectors(ofPanel: panel), depth: rows.count,
      a: a.pointer(panel: columns.lowerBound / panelWidth, row: rows.lowerBound), aPanelStride: a.panelStride,
      b: b.pointer(panel: panel, row: rows.lowerBound), c: c.pointer,
      taking: step.map { ($0.weights.pointer, $0.descent) })
  }
}

// MARK: - Gradient and step

/// The parts of an optimizer's slots that belong to some parameters.
public struct UpdateSlots: Sendable {
  let first: FloatSlice?
  let second: FloatSlice?

  /// Up to two slots.
  public init(first: FloatSlice? = nil, second: FloatSlice? = nil) {
    self.first = first
    self.second = second
  }
}

extension Kernels {
  /// The sums over `rows` of the columns of one panel, added from zero in ascending order: 32
  /// values, zeros where B has no columns.
  public func sumRows(_ b: PanelMatrix, panel: Int, rows: Range<Int>, into sums: FloatSlice) {
    b.checkStrip(panel, rows)
    precondition(sums.count >= panelWidth)
    functions.sumRows(
      rows: rows.count, vectors: b.vectors(ofPanel: panel), b.pointer(panel: panel, row: rows.lowerBound),
      sums.pointer)
  }

  /// sum += x
  public func accumulate(_ sum: FloatSlice, _ x: FloatSlice) {
    precondition(sum.count == x.count && sum.count % vectorWidth == 0)
    functions.accumulate(count: sum.count, sum.pointer, x.pointer)
  }

  /// One step of some parameters, and of the slots that belong to them.
  public func update(_ parameters: FloatSlice, gradientSum: FloatSlice, _ slots: UpdateSlots, _ update: Update) {
    precondition(parameters.count <= gradientSum.count && parameters.count % vectorWidth == 0)
    // What a rule does not take is never used.
    let (first, second) = (slots.first ?? parameters, slots.second ?? parameters)
    precondition(
      (update.slots < 1 || slots.first != nil) && (update.slots < 2 || slots.second != nil)
        && first.count == parameters.count && second.count == parameters.count, "slots do not fit")
    functions.update(
      count: parameters.count, parameters.pointer, gradientSum: gradientSum.pointer,
      slots: (first.pointer, second.pointer), update)
  }

  /// Moves an average of parameters by `weight` of the way to the parameters.
  public func average(_ average: FloatSlice, _ parameters: FloatSlice, weight: Float) {
    precondition(average.count == parameters.count && average.count % vectorWidth == 0)
    functions.average(count: average.count, average.pointer, parameters.pointer, weight: weight)
  }

  /// Copies some rows of a panel of `matrix` into the columns of `transposed`: transposed[j, i] = matrix[i, j].
  ///
  /// - Parameters:
  ///   - rows: the rows i, from a multiple of 32, to a multiple of 16 or to the last.
  ///   - transposed: [columns, rows], with a capacity of a whole number of panels.
  public func transpose(_ matrix: PanelMatrix, panel: Int, rows: Range<Int>, into transposed: PanelMatrix) {
    matrix.checkStrip(panel, rows)
    precondition(
      rows.lowerBound % panelWidth == 0 && (rows.upperBound % vectorWidth == 0 || rows.upperBound == matrix.rows)
        && transposed.columns == matrix.rows && transposed.rows == matrix.columns
        && transposed.capacity >= matrix.panels * panelWidth, "shapes do not fit")
    functions.transposePanel(
      rows: rows.count, vectors: matrix.vectors(ofPanel: panel), matrix.pointer(panel: panel, row: rows.lowerBound),
      transposed.pointer(panel: rows.lowerBound / panelWidth, row: panel * panelWidth),
      panelStride: transposed.panelStride)
  }
}
