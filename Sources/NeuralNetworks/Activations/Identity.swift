import Kernels

/// g(z) = z, g'(z) = 1.
public struct Identity: Activation {
  /// The function.
  public init() {}

  public func apply(_ kernels: Kernels, to z: PanelMatrix, rows: Range<Int>, panels: Range<Int>) {}

  public func multiplyByDerivative(
    _ kernels: Kernels, delta: PanelMatrix, activations a: PanelMatrix, rows: Range<Int>, panels: Range<Int>
  ) {}
}
