import KernelSource

// MARK: - Functions of rows: softmax, losses, decisions

extension Kernels {
  /// Replaces rows of logits z by softmax(z): aⱼ = e^zⱼ / Σₖ e^zₖ.
  public func softmax(_ z: PanelMatrix, rows: Range<Int>) {
    z.checkRows(rows)
    functions.softmax(rows: rows.count, row(z), z.pointer(panel: 0, row: rows.lowerBound))
  }

  /// Replaces δ = ∂C/∂a by ∂C/∂z, where a = softmax(z).
  public func softmaxDerivative(_ delta: PanelMatrix, _ a: PanelMatrix, rows: Range<Int>) {
    delta.checkRows(rows)
    a.checkRows(rows)
    checkSameLayout(delta, a)
    functions.softmaxDerivative(
      rows: rows.count, row(a), delta.pointer(panel: 0, row: rows.lowerBound),
      a.pointer(panel: 0, row: rows.lowerBound))
  }

  /// The loss scale · Σ (a − y)² of each row, and δ = ∂C/∂a = 2 scale (a − y).
  ///
  /// - Parameters:
  ///   - outputs: a, [rows, columns]
  ///   - targets: y, [rows, columns]
  ///   - delta: [rows, columns]; may be `targets`.
  ///   - losses: receives a value for each of `rows`, at the row's own index.
  public func squaredError(
    outputs: PanelMatrix, targets: PanelMatrix, scale: Float, delta: PanelMatrix, losses: FloatSlice, rows: Range<Int>
  ) {
    checkLoss(outputs, targets, delta, losses, rows)
    let first = rows.lowerBound
    functions.squaredError(
      rows: rows.count, row(outputs), scale: scale, activations: outputs.pointer(panel: 0, row: first),
      targets: targets.pointer(panel: 0, row: first), delta: delta.pointer(panel: 0, row: first),
      losses: losses.pointer + first)
  }

  /// The loss −Σ [y ln σ(z) + (1 − y) ln(1 − σ(z))] of each row of logits z, and δ = ∂C/∂z = σ(z) − y.
  ///
  /// Parameters as in `squaredError`.
  public func binaryCrossEntropy(
    logits: PanelMatrix, targets: PanelMatrix, delta: PanelMatrix, losses: FloatSlice, rows: Range<Int>
  ) {
    checkLoss(logits, targets, delta, losses, rows)
    let first = rows.lowerBound
    functions.binaryCrossEntropy(
      rows: rows.count, row(logits), logits: logits.pointer(panel: 0, row: first),
      targets: targets.pointer(panel: 0, row: first), delta: delta.pointer(panel: 0, row: first),
      losses: losses.pointer + first)
  }

  /// The loss −Σ y ln softmax(z) of each row of logits z, and δ = ∂C/∂z = softmax(z) − y, for targets with Σ y = 1.
  ///
  /// Parameters as in `squaredError`, but that `delta` may be neither `targets` nor `logits`.
  public func crossEntropy(
    logits: PanelMatrix, targets: PanelMatrix, delta: PanelMatrix, losses: FloatSlice, rows: Range<Int>
  ) {
    checkLoss(logits, targets, delta, losses, rows)
    let first = rows.lowerBound
    // Two of 1 KB: what is larger is not on the stack, but allocated at every step.
    withUnsafeTemporaryAllocation(of: Float.self, capacity: vectorWidth * vectorWidth) { z in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: vectorWidth * vectorWidth) { y in
        functions.crossEntropy(
          rows: rows.count, row(logits), logits: logits.pointer(panel: 0, row: first),
          targets: targets.pointer(panel: 0, row: first), delta: delta.pointer(panel: 0, row: first),
          losses: losses.pointer + first, scratch: (z.baseAddress!, y.baseAddress!))
      }
    }
  }

  /// The loss scale · Σ c of each row, and δ = scale · ∂c/∂x. Parameters as in `squaredError`.
  public func elementLoss(
    _ loss: ElementLoss, outputs: PanelMatrix, targets: PanelMatrix, scale: Float, delta: PanelMatrix,
    losses: FloatSlice,
    rows: Range<Int>
  ) {
    checkLoss(outputs, targets, delta, losses, rows)
    let first = rows.lowerBound
    functions.elementLoss(
      loss, rows: rows.count, row(outputs), scale: scale, outputs: outputs.pointer(panel: 0, row: first),
      targets: targets.pointer(panel: 0, row: first), delta: delta.pointer(panel: 0, row: first),
      losses: losses.pointer + first)
  }

  /// The loss max(0, 1 − aₗ + max_{j ≠ l} aⱼ) of each row, where l is the column whose target is 1, and δ = ∂C/∂a.
  ///
  /// Parameters as in `squaredError`, but that `delta` may be neither `targets` nor `outputs`.
  public func hinge(
    outputs: PanelMatrix, targets: PanelMatrix, delta: PanelMatrix, losses: FloatSlice, rows: Range<Int>
  ) {
    checkLoss(outputs, targets, delta, losses, rows)
    let first = rows.lowerBound
    functions.hinge(
      rows: rows.count, row(outputs), outputs: outputs.pointer(panel: 0, row: first),
      targets: targets.pointer(panel: 0, row: first), delta: delta.pointer(panel: 0, row: first),
      losses: losses.pointer + first)
  }

  /// Multiplies rows of a matrix, and the values of these rows, by the weights of these rows.
  public func multiplyRows(_ x: PanelMatrix, _ values: FloatSlice, by weights: FloatSlice, rows: Range<Int>) {
    x.checkRows(rows)
    precondition(values.count >= rows.upperBound && weights.count >= rows.upperBound, "values do not fit")
    let first = rows.lowerBound
    functions.multiplyRows(
      rows: rows.count, row(x), x.pointer(panel: 0, row: first), values.pointer + first,
      weights: weights.pointer + first)
  }

  /// Copies `rows` of a matrix, row by row without what pads their panels.
  ///
  /// - Parameter target: [rows, columns]
  public func copyRows(of matrix: PanelMatrix, rows: Range<Int>, into target: FloatSlice) {
    matrix.checkRows(rows)
    precondition(target.count == rows.count * matrix.columns, "shapes do not fit")
    for panel in 0..<matrix.panels {
      let columns = matrix.columns(ofPanel: panel)
      var place = target.pointer + columns.lowerBound
      for row in rows {
        place.update(from: matrix.pointer(panel: panel, row: row), count: columns.count)
        place += matrix.columns
      }
    }
  }

  /// The sum of the squares of some floats in double precision, in the order of `sum`.
  public static func sumOfSquares(_ values: FloatSlice) -> Double {
    sum(count: values.count) { index in
      let x = Double(values.pointer[index])
      return x * x
    }
  }

  /// The sum of some floats in double precision, in a fixed order: lane l of eight adds the values l, l + 8, …, and
  /// the lanes are added by halves.
  public static func sum(_ values: FloatSlice) -> Double {
    sum(count: values.count) { Double(values.pointer[$0]) }
  }

  @inline(__always)
  private static func sum(count: Int, _ value: (Int) -> Double) -> Double {
    let whole = count - count % 8
    var lanes = SIMD8<Double>()
    var i = 0
    while i < whole {
      lanes += SIMD8(
        value(i), value(i + 1), value(i + 2), value(i + 3), value(i + 4), value(i + 5), value(i + 6), value(i + 7))
      i += 8
    }
    while i < count {
      lanes[i - whole] += value(i)
      i += 1
    }
    let four = lanes.lowHalf + lanes.highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
  }

  func row(_ matrix: PanelMatrix) -> PanelRow {
    PanelRow(columns: matrix.columns, panelStride: matrix.panelStride)
  }

  private func checkSameLayout(_ a: PanelMatrix, _ b: PanelMatrix) {
    precondition(a.columns == b.columns && a.capacity == b.capacity, "shapes do not fit")
  }

  private func checkLoss(
    _ outputs: PanelMatrix, _ targets: PanelMatrix, _ delta: PanelMatrix, _ losses: FloatSlice, _ rows: Range<Int>
  ) {
    outputs.checkRows(rows)
    targets.checkRows(rows)
    delta.checkRows(rows)
    checkSameLayout(outputs, targets)
    checkSameLayout(outputs, delta)
    precondition(losses.count >= rows.upperBound, "losses do not fit")
  }
}
