import KernelSource

// MARK: - Normalization of rows

extension Kernels {
  /// Writes y = γ x̂ + β for some rows, with x̂ = (x − μ) / √(σ² + ε), where μ and σ² are the mean and the variance of the population of
  /// each row.
  ///
  /// - Parameters:
  ///   - x: [rows, columns]
  ///   - y: [rows, columns]; may be `x`.
  ///   - scale, shift: γ and β, a value a column.
  public func layerNormalization(
    _ x: PanelMatrix, into y: PanelMatrix, epsilon: Float, scale: FloatSlice, shift: FloatSlice, rows: Range<Int>
  ) {
    checkNormalization(x, y, scale, rows)
    checkNormalization(x, y, shift, rows)
    functions.layerNormalization(
      rows: rows.count, row(x), epsilon: epsilon, x.pointer(panel: 0, row: rows.lowerBound),
      y.pointer(panel: 0, row: rows.lowerBound), scale: scale.pointer, shift: shift.pointer)
  }

  /// Backward: from δ = ∂C/∂y, the products δ x̂, whose sums over the samples are ∂C/∂γ as those of δ are ∂C/∂β, and
  /// ∂C/∂x = (g − Σg/n − x̂ Σgx̂/n) / √(σ² + ε) with g = γ δ and sums over the n columns of a row.
  ///
  /// - Parameters:
  ///   - x, delta: [rows, columns]
  ///   - products: receives δ x̂, [rows, columns].
  ///   - inputDelta: receives ∂C/∂x, [rows, columns], if somebody needs it; may be neither `x` nor `delta`.
  public func layerNormalizationDerivative(
    _ x: PanelMatrix, delta: PanelMatrix, epsilon: Float, scale: FloatSlice, products: PanelMatrix,
    inputDelta: PanelMatrix?, rows: Range<Int>
  ) {
    checkNormalization(x, delta, scale, rows)
    checkNormalization(x, products, scale, rows)
    if let inputDelta { checkNormalization(x, inputDelta, scale, rows) }
    let first = rows.lowerBound
    functions.layerNormalizationDerivative(
      rows: rows.count, row(x), epsilon: epsilon, x.pointer(panel: 0, row: first),
      delta: delta.pointer(panel: 0, row: first), scale: scale.pointer,
      products: products.pointer(panel: 0, row: first),
      inputDelta: inputDelta.map { $0.pointer(panel: 0, row: first) })
  }

  private func checkNormalization(_ x: PanelMatrix, _ y: PanelMatrix, _ vector: FloatSlice, _ rows: Range<Int>) {
    x.checkRows(rows)
    y.checkRows(rows)
    precondition(x.columns == y.columns, "shapes do not fit")
    precondition(vector.count >= x.panels * panelWidth, "a value a column is needed")
  }
}
