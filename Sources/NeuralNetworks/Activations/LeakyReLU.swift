import Kernels

/// The leaky rectified linear unit g(z) = z where z > 0, else s z; g'(z) = 1 where z > 0, else s.
public struct LeakyReLU: Activation {
  /// The slope where none is configured.
  public static let defaultSlope: Float = 0.01

  /// s ≥ 0, so that a is greater than 0 exactly where z is.
  public let slope: Float

  /// The function with the slope `slope` for negative z.
  public init(slope: Float) { self.slope = slope }

  public func apply(_ kernels: Kernels, to z: PanelMatrix, rows: Range<Int>, panels: Range<Int>) {
    for panel in panels { kernels.leakyRelu(z, slope: slope, rows: rows, panel: panel) }
  }

  public func multiplyByDerivative(
    _ kernels: Kernels, delta: PanelMatrix, activations a: PanelMatrix, rows: Range<Int>, panels: Range<Int>
  ) {
    for panel in panels { kernels.leakyReluDerivative(delta, a, slope: slope, rows: rows, panel: panel) }
  }
}
