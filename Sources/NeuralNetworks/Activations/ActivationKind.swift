import ConfigurationSchema
import Kernels

/// The activations by their names in a configuration: functions of the pre-activations z of a layer.
///
/// The arithmetic of each, forward and backward, stands in `ElementFunction`; softmax, which needs whole rows, is an
/// operation of its own.
public enum ActivationKind: String, Catalogue, Sendable {
  /// g(z) = z
  case identity
  /// g(z) = 1 / (1 + e⁻ᶻ)
  case sigmoid
  /// g(z) = tanh z
  case tanh
  /// g(z) = max(z, 0)
  case relu
  /// g(z) = z where z > 0, else slope · z
  case leakyRelu
  /// g(z) = z / (1 + e⁻ᶻ)
  case silu
  /// g(z) = z where z > 0, else eᶻ − 1
  case elu
  /// g(z) = λ z where z > 0, else λ α (eᶻ − 1)
  case selu
  /// g(z) = z Φ(z)
  case gelu
  /// g(z) = z tanh(ln(1 + eᶻ))
  case mish
  /// g(z) = ln(1 + eᶻ)
  case softplus
  /// g(z) = z / (1 + |z|)
  case softsign
  /// g(z) = z/6 + ½, at least 0 and at most 1
  case hardSigmoid
  /// g(z) = eᶻ
  case exponential
  /// gⱼ(z) = e^zⱼ / Σₖ e^zₖ over the units of the layer; for the last layer only.
  case softmax

  public var help: String {
    switch self {
    case .identity: "z"
    case .sigmoid: "1 / (1 + e⁻ᶻ)"
    case .tanh: "tanh z"
    case .relu: "max(z, 0)"
    case .leakyRelu: "z where z > 0, else s z"
    case .silu: "z / (1 + e⁻ᶻ)"
    case .elu: "z where z > 0, else eᶻ − 1"
    case .selu: "1.0507 z where z > 0, else 1.7581 (eᶻ − 1)"
    case .gelu: "z Φ(z) with the normal distribution Φ, exact"
    case .mish: "z tanh(ln(1 + eᶻ))"
    case .softplus: "ln(1 + eᶻ)"
    case .softsign: "z / (1 + |z|)"
    case .hardSigmoid: "z/6 + ½, at least 0 and at most 1"
    case .exponential: "eᶻ, for rates and other positive outputs"
    case .softmax: "e^zⱼ / Σₖ e^zₖ over the units of the layer, which must be the last one"
    }
  }

  /// The slope of `leakyRelu` where none is configured.
  public static let defaultSlope: Float = 0.01

  /// The function of single elements; nil for softmax, which is none.
  public func function(slope: Float = defaultSlope) -> ElementFunction? {
    switch self {
    case .identity: .identity
    case .sigmoid: .sigmoid
    case .tanh: .tanh
    case .relu: .relu
    case .leakyRelu: .leakyRelu(slope: slope)
    case .silu: .silu
    case .elu: .elu
    case .selu: .selu
    case .gelu: .gelu
    case .mish: .mish
    case .softplus: .softplus
    case .softsign: .softsign
    case .hardSigmoid: .hardSigmoid
    case .exponential: .exponential
    case .softmax: nil
    }
  }

  /// The initializer that keeps the variance of signals through layers of this activation: He for the rectifiers and
  /// what resembles them (He et al., 2015), LeCun for selu, which needs weights of the variance 1/inputs (Klambauer et al., 2017),
  /// Glorot for the others (Glorot and Bengio, 2010).
  public var defaultInitializer: InitializerKind {
    switch self {
    case .relu, .leakyRelu, .silu, .elu, .gelu, .mish: .heUniform
    case .selu: .leCunNormal
    case .identity, .sigmoid, .tanh, .softplus, .softsign, .hardSigmoid, .exponential, .softmax: .glorotUniform
    }
  }
}
