import Kernels

/// C = −Σⱼ [yⱼ ln aⱼ + (1 − yⱼ) ln(1 − aⱼ)] over the outputs aⱼ = σ(zⱼ), δ = a − y.
///
/// Computed on the logits: C = Σⱼ [ln(1 + e^zⱼ) − yⱼ zⱼ] has no logarithm of a number that rounds to 0.
public struct BinaryCrossEntropy: Loss {
  /// The function.
  public init() {}

  public func evaluate(
    _ kernels: Kernels, outputs: PanelMatrix, activation: any Activation, targets: PanelMatrix, delta: PanelMatrix,
    losses: FloatSlice, rows: Range<Int>
  ) {
    kernels.binaryCrossEntropy(logits: outputs, targets: targets, delta: delta, losses: losses, rows: rows)
  }
}
