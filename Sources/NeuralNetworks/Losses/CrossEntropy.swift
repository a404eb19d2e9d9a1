import Kernels

/// C = −ln aₗ for the true class l, with a = softmax(z); δ = a − y with y = 1 for the true class and 0 for the others.
///
/// Computed on the logits: C = ln Σₖ e^(zₖ − max z) − (zₗ − max z).
public struct CrossEntropy: Loss {
  /// The function.
  public init() {}

  public func evaluate(
    _ kernels: Kernels, outputs: PanelMatrix, activation: any Activation, targets: PanelMatrix, delta: PanelMatrix,
    losses: FloatSlice, rows: Range<Int>
  ) {
    kernels.crossEntropy(logits: outputs, targets: targets, delta: delta, losses: losses, rows: rows)
  }
}
