import KernelInterface

// MARK: - Functions of single elements

extension Kernels {
  /// Replaces the elements x of some rows of a panel by max(x, 0).
  public func relu(_ x: PanelMatrix, rows: Range<Int>, panel: Int) {
    x.checkStrip(panel, rows)
    functions.relu(rows: rows.count, vectors: x.vectors(ofPanel: panel), x.pointer(panel: panel, row: rows.lowerBound))
  }

  /// Replaces δ by δ where the activation a is greater than 0, else by 0.
  public func reluDerivative(_ delta: PanelMatrix, _ a: PanelMatrix, rows: Range<Int>, panel: Int) {
    check(delta, a, rows, panel)
    functions.reluDerivative(
      rows: rows.count, vectors: a.vectors(ofPanel: panel), delta.pointer(panel: panel, row: rows.lowerBound),
      a.pointer(panel: panel, row: rows.lowerBound))
  }

  /// Replaces the elements x of some rows of a panel by slope · x where x < 0.
  public func leakyRelu(_ x: PanelMatrix, slope: Float, rows: Range<Int>, panel: Int) {
    x.checkStrip(panel, rows)
    functions.leakyRelu(
      rows: rows.count, vectors: x.vectors(ofPanel: panel), slope: slope,
      x.pointer(panel: panel, row: rows.lowerBound))
  }

  /// Replaces δ by δ where the activation a is greater than 0, else by slope · δ.
  public func leakyReluDerivative(
    _ delta: PanelMatrix, _ a: PanelMatrix, slope: Float, rows: Range<Int>, panel: Int
  ) {
    check(delta, a, rows, panel)
    functions.leakyReluDerivative(
      rows: rows.count, vectors: a.vectors(ofPanel: panel), slope: slope,
      delta.pointer(panel: panel, row: rows.lowerBound), a.pointer(panel: panel, row: rows.lowerBound))
  }

  /// Replaces the elements x of some rows of a panel by σ(x) = 1 / (1 + e⁻ˣ).
  public func sigmoid(_ x: PanelMatrix, rows: Range<Int>, panel: Int) {
    x.checkStrip(panel, rows)
    functions.sigmoid(
      rows: rows.count, vectors: x.vectors(ofPanel: panel), x.pointer(panel: panel, row: rows.lowerBound))
  }

  /// Replaces δ by δ a (1 − a), where a = σ(z).
  public func sigmoidDerivative(_ delta: PanelMatrix, _ a: PanelMatrix, rows: Range<Int>, panel: Int) {
    check(delta, a, rows, panel)
    functions.sigmoidDerivative(
      rows: rows.count, vectors: a.vectors(ofPanel: panel), delta.pointer(panel: panel, row: rows.lowerBound),
      a.pointer(panel: panel, row: rows.lowerBound))
  }

  /// Replaces the elements x of some rows of a panel by tanh x.
  public func tanh(_ x: PanelMatrix, rows: Range<Int>, panel: Int) {
    x.checkStrip(panel, rows)
    functions.tanh(rows: rows.count, vectors: x.vectors(ofPanel: panel), x.pointer(panel: panel, row: rows.lowerBound))
  }

  /// Replaces δ by δ (1 − a²), where a = tanh z.
  public func tanhDerivative(_ delta: PanelMatrix, _ a: PanelMatrix, rows: Range<Int>, panel: Int) {
    check(delta, a, rows, panel)
    functions.tanhDerivative(
      rows: rows.count, vectors: a.vectors(ofPanel: panel), delta.pointer(panel: panel, row: rows.lowerBound),
      a.pointer(panel: panel, row: rows.lowerBound))
  }

  private func check(_ delta: PanelMatrix, _ a: PanelMatrix, _ rows: Range<Int>, _ panel: Int) {
    delta.checkStrip(panel, rows)
    a.checkRows(rows)
    precondition(delta.columns == a.columns, "shapes do not fit")
  }
}

/// The elementary functions of the kernels, for single numbers and for tests.
public enum ElementaryFunction: CaseIterable, Sendable {
  /// eˣ
  case exp
  /// ln x
  case log
  /// ln(1 + x), x ≥ 0
  case log1p
  /// ln(1 + eˣ)
  case softplus
  /// 1 / (1 + e⁻ˣ)
  case sigmoid
  /// tanh x
  case tanh
}

extension Kernels {
  /// Replaces every float of `x` by its function value. The count is a multiple of 32.
  public func apply(_ function: ElementaryFunction, to x: FloatSlice) {
    precondition(x.count % panelWidth == 0)
    let rows = x.count / panelWidth
    switch function {
    case .exp: functions.exp(rows: rows, vectors: 2, x.pointer)
    case .log: functions.log(rows: rows, vectors: 2, x.pointer)
    case .log1p: functions.log1p(rows: rows, vectors: 2, x.pointer)
    case .softplus: functions.softplus(rows: rows, vectors: 2, x.pointer)
    case .sigmoid: functions.sigmoid(rows: rows, vectors: 2, x.pointer)
    case .tanh: functions.tanh(rows: rows, vectors: 2, x.pointer)
    }
  }
}

/// ln x, the same bits as in the kernels.
func logarithm(_ x: Float) -> Float { KernelInterface.log(Vector(repeating: x))[0] }
