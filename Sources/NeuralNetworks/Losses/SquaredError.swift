import Kernels

/// C = s Σⱼ (aⱼ − yⱼ)², ∂C/∂a = 2 s (a − y), δ = ∂C/∂a ∘ g'(z).
///
/// s = 1 is `squaredError`, s = ½ is `halfSquaredError`, s = 1/outputs is `meanSquaredError`.
public struct SquaredError: Loss {
  /// s
  public let scale: Float

  /// The squared error times `scale`.
  public init(scale: Float) { self.scale = scale }

  public func evaluate(
    _ kernels: Kernels, outputs: PanelMatrix, activation: any Activation, targets: PanelMatrix, delta: PanelMatrix,
    losses: FloatSlice, rows: Range<Int>
  ) {
    let panels = 0..<outputs.panels
    activation.apply(kernels, to: outputs, rows: rows, panels: panels)
    kernels.squaredError(
      outputs: outputs, targets: targets, scale: scale, delta: delta, losses: losses, rows: rows)
    activation.multiplyByDerivative(kernels, delta: delta, activations: outputs, rows: rows, panels: panels)
  }
}
