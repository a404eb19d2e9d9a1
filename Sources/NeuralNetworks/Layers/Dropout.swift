import ConfigurationSchema
import Kernels

/// Dropout: in training each element is 0 with the probability `rate`, else divided by 1 − rate; otherwise it is left
/// as it is (Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, 2014; "inverted").
///
/// Which elements are dropped is counted, not drawn in turn: by the seed of the run, the epoch, the sample, the layer and
/// the unit. So it does not depend on who computes a sample, in which mini-batch, or when.
public struct Dropout: Layer, Equatable {
  /// The probability of 0, from 0 on and below 1.
  public let rate: Float

  /// Dropout with the probability `rate`.
  public init(rate: Float) { self.rate = rate }

  /// The keys of the layer; nil after reporting issues.
  init?(_ section: Section) {
    guard
      let rate = section.required(
        "rate", .float(.from(0, below: 1)), help: "the probability that an input becomes 0, in training")
    else { return nil }
    self.init(rate: Float(rate))
  }

  public func compile(into program: inout ProgramBuilder, input: Matrix) -> Matrix {
    guard program.isForTraining, rate > 0 else { return input }
    let output = program.result(of: input, keeping: .nothing)
    let layer = UInt16(truncatingIfNeeded: program.layer)
    program.append(
      .dropout(DropoutMask(rate: rate, layer: layer, input: input, output: output)), computing: output,
      reading: .ownPanel(of: input))
    program.onBackward { program in
      guard program.hasDelta(output) else { return }
      let delta = program.delta(of: output)
      program.append(
        .dropout(DropoutMask(rate: rate, layer: layer, input: delta, output: delta)), computing: delta,
        reading: .ownPanel(of: delta))
    }
    return output
  }
}

/// Forward and backward: y = x · mask, where the mask is 0 or 1 / (1 − rate). It is computed again backward, not kept.
struct DropoutMask: Sendable {
  let rate: Float
  /// The place of the layer in the network.
  let layer: UInt16
  /// x
  let input: Matrix
  /// y; may be x.
  let output: Matrix

  @inline(__always)
  func perform(_ context: Context, rows: Range<Int>, panel: Int) {
    let step = context.step
    context.kernels.dropout(
      context[input], into: context[output], rate: rate,
      RandomMask(seed: step.seed, purpose: .dropout, layer: layer, epoch: step.epoch), step.samples, rows: rows,
      panel: panel)
  }
}
