import Kernels
import NeuralNetworks

/// A matrix of panels with its memory.
final class OwnedMatrix {
  private let buffer: FloatBuffer
  let view: PanelMatrix

  init(_ rows: [[Float]]) {
    buffer = FloatBuffer(count: PanelMatrix.floats(rows: rows.count, columns: rows[0].count))
    view = buffer.matrix(rows: rows.count, columns: rows[0].count)
    for (r, row) in rows.enumerated() {
      for (c, value) in row.enumerated() { view[r, c] = value }
    }
  }

  convenience init(_ rows: [[Double]]) { self.init(rows.map { $0.map { Float($0) } }) }

  var rows: [[Float]] { (0..<view.rows).map { r in (0..<view.columns).map { view[r, $0] } } }
}

/// g(z) of some rows.
func activated(
  _ activation: some Activation, _ z: [[Float]], rows: Range<Int>? = nil, panels: Range<Int>? = nil
) -> [[Float]] {
  let matrix = OwnedMatrix(z)
  activation.apply(.best, to: matrix.view, rows: rows ?? 0..<z.count, panels: panels ?? 0..<matrix.view.panels)
  return matrix.rows
}

/// δ ∘ g'(z) of some rows, or what takes its place.
func differentiated(
  _ activation: some Activation, delta: [[Float]], activations: [[Float]], rows: Range<Int>? = nil,
  panels: Range<Int>? = nil
) -> [[Float]] {
  let deltas = OwnedMatrix(delta)
  let activations = OwnedMatrix(activations)
  activation.multiplyByDerivative(
    .best, delta: deltas.view, activations: activations.view, rows: rows ?? 0..<delta.count,
    panels: panels ?? 0..<deltas.view.panels)
  withExtendedLifetime(activations) {}
  return deltas.rows
}

/// Whether an activation touches the rows and panels it is told to, and no others; to be called with a function that
/// changes every element of `z`.
func keepsToItsBlock(_ activation: some Activation) -> Bool {
  var z: [[Float]] = []
  for r in 0..<5 {
    z.append((0..<70).map { c in Float(c - 35) / 7 - Float(r) - 0.05 })
  }
  let ones = z.map { $0.map { _ in Float(1) } }
  let (rows, panels) = (1..<3, 1..<2)
  let all = activated(activation, z)
  let block = activated(activation, z, rows: rows, panels: panels)
  let allDerivatives = differentiated(activation, delta: ones, activations: all)
  let blockOfDerivatives = differentiated(activation, delta: ones, activations: all, rows: rows, panels: panels)
  for r in 0..<5 {
    for c in 0..<70 {
      let isInside = rows.contains(r) && panels.contains(c / PanelMatrix.panelWidth)
      guard block[r][c] == (isInside ? all : z)[r][c] else { return false }
      guard blockOfDerivatives[r][c] == (isInside ? allDerivatives : ones)[r][c] else { return false }
    }
  }
  return true
}
