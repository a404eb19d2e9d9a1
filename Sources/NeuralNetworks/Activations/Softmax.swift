import Kernels

/// aⱼ = e^zⱼ / Σₖ e^zₖ over the units of the layer; ∂aⱼ/∂zₖ = aⱼ (δⱼₖ − aₖ). For the last layer only.
public struct Softmax: Activation {
  /// The function.
  public init() {}

  public func apply(_ kernels: Kernels, to z: PanelMatrix, rows: Range<Int>, panels: Range<Int>) {
    precondition(panels == 0..<z.panels, "softmax needs whole rows")
    kernels.softmax(z, rows: rows)
  }

  public func multiplyByDerivative(
    _ kernels: Kernels, delta: PanelMatrix, activations a: PanelMatrix, rows: Range<Int>, panels: Range<Int>
  ) {
    precondition(panels == 0..<a.panels, "softmax needs whole rows")
    kernels.softmaxDerivative(delta, a, rows: rows)
  }
}
