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
/// | leCunUniform | uniform in ±√(3/n) | LeCun, Bottou, Orr and Müller, 1998 |
/// | leCunNormal | normal, variance 1/n | the same |
/// | truncatedNormal | normal within two deviations, variance 1/n | Keras' `VarianceScaling` by its default of fan-in |
/// | orthogonal | see `Orthogonal` | Saxe, McClelland and Ganguli, 2014 |
/// | uniform | uniform in ±1/√n | PyTorch's default of linear layers |
/// | zeros | 0 | |
public enum InitializerKind: String, Catalogue, Sendable {
  case heUniform, heNormal, glorotUniform, glorotNormal, leCunUniform, leCunNormal, truncatedNormal, orthogonal
  case uniform, zeros

  public var help: String {
    switch self {
    case .heUniform: "uniform in ±√(6/inputs)"
    case .heNormal: "normal with the variance 2/inputs"
    case .glorotUniform: "uniform in ±√(6/(inputs + units))"
    case .glorotNormal: "normal with the variance 2/(inputs + units)"
    case .leCunUniform: "uniform in ±√(3/inputs)"
    case .leCunNormal: "normal with the variance 1/inputs"
    case .truncatedNormal: "normal, drawn again beyond two deviations, with the variance 1/inputs after that"
    case .orthogonal: "random rows or columns, whichever are fewer, at right angles and of length 1"
    case .uniform: "uniform in ±1/√inputs"
    case .zeros: "0"
    }
  }

  /// The weights of a layer in the order of files, [units, inputs], drawn from `stream`.
  ///
  /// Weight i of all but `orthogonal` is made of number i of the stream alone.
  func weights(_ stream: RandomStream, inputs: Int, units: Int) -> [Float] {
    switch self {
    case .heUniform: uniform(stream, inputs, units, limit: (6 / Float(inputs)).squareRoot())
    case .heNormal: normal(stream, inputs, units, deviation: (2 / Float(inputs)).squareRoot())
    case .glorotUniform: uniform(stream, inputs, units, limit: (6 / Float(inputs + units)).squareRoot())
    case .glorotNormal: normal(stream, inputs, units, deviation: (2 / Float(inputs + units)).squareRoot())
    case .leCunUniform: uniform(stream, inputs, units, limit: (3 / Float(inputs)).squareRoot())
    case .leCunNormal: normal(stream, inputs, units, deviation: (1 / Float(inputs)).squareRoot())
    case .truncatedNormal:
      // 0.8796… is the deviation of the standard normal distribution within ±2.
      normal(
        stream, inputs, units, deviation: (1 / Float(inputs)).squareRoot() / 0.879_625_66, within: 2)
    case .orthogonal: Orthogonal.weights(stream, inputs: inputs, units: units)
    case .uniform: uniform(stream, inputs, units, limit: 1 / Float(inputs).squareRoot())
    case .zeros: [Float](repeating: 0, count: inputs * units)
    }
  }

  private func uniform(_ stream: RandomStream, _ inputs: Int, _ units: Int, limit: Float) -> [Float] {
    (0..<inputs * units).map { limit * (2 * stream.uniform(at: UInt64($0)) - 1) }
  }

  private func normal(
    _ stream: RandomStream, _ inputs: Int, _ units: Int, deviation: Float, within bound: Float = .infinity
  ) -> [Float] {
    (0..<inputs * units).map { deviation * stream.normal(at: UInt64($0), within: bound) }
  }
}
