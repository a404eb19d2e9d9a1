import Kernels

/// A function of the pre-activations z of a layer, and its derivative.
///
/// Both work in place on some rows of some panels of a matrix [samples, units], so that workers can share a matrix.
/// The derivative is computed from the activation a alone; z is not kept.
public protocol Activation: Sendable {
  /// Replaces z by a = g(z).
  func apply(_ kernels: Kernels, to z: PanelMatrix, rows: Range<Int>, panels: Range<Int>)

  /// Replaces δ = ∂C/∂a by δ = ∂C/∂z; for functions of single elements that is δ ∘ g'(z).
  func multiplyByDerivative(
    _ kernels: Kernels, delta: PanelMatrix, activations a: PanelMatrix, rows: Range<Int>, panels: Range<Int>)
}

/// The activations by their names in a configuration.
public enum ActivationKind: String, CaseIterable, Sendable {
  case identity, sigmoid, tanh, relu, leakyRelu, softmax

  /// The function; `slope` is that of `leakyRelu`.
  public func function(slope: Float = LeakyReLU.defaultSlope) -> any Activation {
    switch self {
    case .identity: Identity()
    case .sigmoid: Sigmoid()
    case .tanh: Tanh()
    case .relu: ReLU()
    case .leakyRelu: LeakyReLU(slope: slope)
    case .softmax: Softmax()
    }
  }

  /// The initializer that keeps the variance of signals through layers of this activation: He for the rectifiers
  /// (He et al., 2015), Glorot for the others (Glorot and Bengio, 2010).
  public var defaultInitializer: InitializerKind {
    switch self {
    case .relu, .leakyRelu: .heUniform
    case .identity, .sigmoid, .tanh, .softmax: .glorotUniform
    }
  }
}
