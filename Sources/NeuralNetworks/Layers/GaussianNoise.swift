import ConfigurationSchema
import Kernels

/// Gaussian noise: in training y = x + σ ξ with ξ of the standard normal distribution; otherwise x is left as it is (Sietsma and Dow,
/// 1991).
///
/// ξ is counted as the masks of dropout are: by the seed of the run, the epoch, the sample, the layer and the unit.
public struct GaussianNoise: Layer, Equatable {
  /// σ, at least 0.
  public let standardDeviation: Float

  /// Noise of the standard deviation `standardDeviation`.
  public init(standardDeviation: Float) { self.standardDeviation = standardDeviation }

  /// The keys of the layer; nil after reporting issues.
  init?(_ section: Section) {
    guard
      let deviation = section.required(
        "standardDeviation", .float(.nonNegative), help: "σ, the standard deviation of the noise, in training")
    else { return nil }
    self.init(standardDeviation: Float(deviation))
  }

  public func compile(into program: inout ProgramBuilder, input: Matrix) -> Matrix {
    guard program.isForTraining, standardDeviation > 0 else { return input }
    // ∂C/∂x = ∂C/∂y: both are one matrix, and nothing is to be done backward.
    let output = program.result(of: input, keeping: .nothing)
    let layer = UInt16(truncatingIfNeeded: program.layer)
    program.append(
      .gaussianNoise(NoiseOfElements(deviation: standardDeviation, layer: layer, input: input, output: output)),
      computing: output, reading: .ownPanel(of: input))
    return output
  }
}

/// Forward: y = x + σ ξ.
struct NoiseOfElements: Sendable {
  let deviation: Float
  /// The place of the layer in the network.
  let layer: UInt16
  /// x
  let input: Matrix
  /// y; may be x.
  let output: Matrix

  @inline(__always)
  func perform(_ context: Context, rows: Range<Int>, panel: Int) {
    let step = context.step
    context.kernels.gaussianNoise(
      context[input], into: context[output], standardDeviation: deviation,
      RandomMask(seed: step.seed, purpose: .gaussianNoise, layer: layer, epoch: step.epoch), step.samples, rows: rows,
      panel: panel)
  }
}
