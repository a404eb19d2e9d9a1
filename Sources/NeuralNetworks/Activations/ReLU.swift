import Kernels

/// The rectified linear unit g(z) = max(z, 0), g'(z) = 1 where z > 0, else 0.
public struct ReLU: Activation {
  /// The function.
  public init() {}

  public func apply(_ kernels: Kernels, to z: PanelMatrix, rows: Range<Int>, panels: Range<Int>) {
    for panel in panels { kernels.relu(z, rows: rows, panel: panel) }
  }

  public func multiplyByDerivative(
    _ kernels: Kernels, delta: PanelMatrix, activations a: PanelMatrix, rows: Range<Int>, panels: Range<Int>
  ) {
    for panel in panels { kernels.reluDerivative(delta, a, rows: rows, panel: panel) }
  }
}
