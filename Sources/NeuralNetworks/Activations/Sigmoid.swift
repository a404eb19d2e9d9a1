import Kernels

/// The logistic function g(z) = σ(z) = 1 / (1 + e⁻ᶻ), g'(z) = a (1 − a).
public struct Sigmoid: Activation {
  /// The function.
  public init() {}

  public func apply(_ kernels: Kernels, to z: PanelMatrix, rows: Range<Int>, panels: Range<Int>) {
    for panel in panels { kernels.sigmoid(z, rows: rows, panel: panel) }
  }

  public func multiplyByDerivative(
    _ kernels: Kernels, delta: PanelMatrix, activations a: PanelMatrix, rows: Range<Int>, panels: Range<Int>
  ) {
    for panel in panels { kernels.sigmoidDerivative(delta, a, rows: rows, panel: panel) }
  }
}
