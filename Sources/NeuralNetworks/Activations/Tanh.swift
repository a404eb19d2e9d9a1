import Kernels

/// The hyperbolic tangent g(z) = tanh z, g'(z) = 1 − a².
public struct Tanh: Activation {
  /// The function.
  public init() {}

  public func apply(_ kernels: Kernels, to z: PanelMatrix, rows: Range<Int>, panels: Range<Int>) {
    for panel in panels { kernels.tanh(z, rows: rows, panel: panel) }
  }

  public func multiplyByDerivative(
    _ kernels: Kernels, delta: PanelMatrix, activations a: PanelMatrix, rows: Range<Int>, panels: Range<Int>
  ) {
    for panel in panels { kernels.tanhDerivative(delta, a, rows: rows, panel: panel) }
  }
}
