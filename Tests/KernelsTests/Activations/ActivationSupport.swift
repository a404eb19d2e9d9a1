import Kernels

extension ElementFunction {
  /// Every function, the leaky one with two slopes.
  static let all: [ElementFunction] = [
    .identity, .relu, .leakyRelu(slope: 0.01), .leakyRelu(slope: 0.25), .sigmoid, .tanh, .silu, .elu,
    .selu, .gelu, .mish, .softplus, .softsign, .hardSigmoid,
  ]
}

extension OwnedMatrix {
  /// A matrix of these rows.
  convenience init(_ rows: [[Float]]) {
    self.init(rows: rows.count, columns: rows[0].count) { rows[$0][$1] }
  }

  /// The elements row by row.
  var elements: [[Float]] { (0..<view.rows).map { r in (0..<view.columns).map { view[r, $0] } } }
}

/// g(z) of some rows, in place.
func activated(
  _ function: ElementFunction, _ z: [[Float]], rows: Range<Int>? = nil, panels: Range<Int>? = nil,
  by kernels: Kernels = .best
) -> [[Float]] {
  let matrix = OwnedMatrix(z)
  return withExtendedLifetime(matrix) {
    for panel in panels ?? 0..<matrix.view.panels {
      kernels.apply(function, to: matrix.view, into: matrix.view, rows: rows ?? 0..<z.count, panel: panel)
    }
    return matrix.elements
  }
}

/// δ ∘ g'(z) of some rows, from a or z.
func differentiated(
  _ function: ElementFunction, delta: [[Float]], kept: [[Float]], rows: Range<Int>? = nil,
  panels: Range<Int>? = nil, by kernels: Kernels = .best
) -> [[Float]] {
  let (deltas, kept) = (OwnedMatrix(delta), OwnedMatrix(kept))
  return withExtendedLifetime((deltas, kept)) {
    for panel in panels ?? 0..<deltas.view.panels {
      kernels.multiplyByDerivative(
        of: function, deltas.view, kept: kept.view, rows: rows ?? 0..<delta.count, panel: panel)
    }
    return deltas.elements
  }
}

/// Whether a function touches the rows and panels it is told to, and no others; to be called with one that changes every
/// element of `z`.
func keepsToItsBlock(_ function: ElementFunction) -> Bool {
  var z: [[Float]] = []
  for r in 0..<5 {
    z.append((0..<70).map { c in Float(c - 35) / 7 - Float(r) - 0.05 })
  }
  let ones = z.map { $0.map { _ in Float(1) } }
  let (rows, panels) = (1..<3, 1..<2)
  let all = activated(function, z)
  let kept = function.derivativeNeedsInput ? z : all
  let block = activated(function, z, rows: rows, panels: panels)
  let allDerivatives = differentiated(function, delta: ones, kept: kept)
  let blockOfDerivatives = differentiated(function, delta: ones, kept: kept, rows: rows, panels: panels)
  for r in 0..<5 {
    for c in 0..<70 {
      let isInside = rows.contains(r) && panels.contains(c / PanelMatrix.panelWidth)
      guard block[r][c] == (isInside ? all : z)[r][c] else { return false }
      guard blockOfDerivatives[r][c] == (isInside ? allDerivatives : ones)[r][c] else { return false }
    }
  }
  return true
}
