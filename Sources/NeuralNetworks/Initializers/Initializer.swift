import ConfigurationSchema
import Kernels

/// How the weights of a layer are drawn; biases start at 0.
///
/// With n inputs and m units:
///
/// | name | distribution | source |
/// | --- | --- | --- |
/// | heUniform | uniform in ±√(6/n) | He, Zhang, Ren and Sun, 2015 |
/// | heNormal | normal, variance 2/n | the same |
/// | glorotUniform | uniform in ±√(6/(n + m)) | Glorot and Bengio, 2010 |
/// | glorotNormal | normal, variance 2/(n + m) | the same |
/// | uniform | uniform in ±1/√n | LeCun, Bottou, Orr and Müller, 1998 |
/// | zeros | 0 | |
public enum InitializerKind: String, Catalogue, Sendable {
  case heUniform, heNormal, glorotUniform, glorotNormal, uniform, zeros

  public var help: String {
    switch self {
    case .heUniform: "uniform in ±√(6/inputs)"
    case .heNormal: "normal with the variance 2/inputs"
    case .glorotUniform: "uniform in ±√(6/(inputs + units))"
    case .glorotNormal: "normal with the variance 2/(inputs + units)"
    case .uniform: "uniform in ±1/√inputs"
    case .zeros: "0"
    }
  }

  /// Weight `index` of a layer, drawn from `stream`.
  func weight(_ stream: RandomStream, index: UInt64, inputs: Int, units: Int) -> Float {
    switch self {
    case .heUniform: Self.uniform(stream, index, limit: (6 / Float(inputs)).squareRoot())
    case .heNormal: (2 / Float(inputs)).squareRoot() * stream.normal(at: index)
    case .glorotUniform: Self.uniform(stream, index, limit: (6 / Float(inputs + units)).squareRoot())
    case .glorotNormal: (2 / Float(inputs + units)).squareRoot() * stream.normal(at: index)
    case .uniform: Self.uniform(stream, index, limit: 1 / Float(inputs).squareRoot())
    case .zeros: 0
    }
  }

  private static func uniform(_ stream: RandomStream, _ index: UInt64, limit: Float) -> Float {
    limit * (2 * stream.uniform(at: index) - 1)
  }
}
