import ConfigurationSchema
import Kernels

/// Layer normalization: y = γ x̂ + β with x̂ = (x − μ) / √(σ² + ε), where μ and σ² are the mean and the variance of the features of each
/// sample (Ba, Kiros and Hinton, 2016).
///
/// It knows no mini-batch, and is the same in training and otherwise. Its blocks are `weight`, γ, which starts at 1, and `bias`, β, which
/// starts at 0, [features] each.
public struct LayerNorm: Layer, Equatable {
  /// ε where none is configured.
  public static let defaultEpsilon: Float = 1e-5
  /// ε
  public let epsilon: Float

  /// Normalization of each sample.
  public init(epsilon: Float = defaultEpsilon) { self.epsilon = epsilon }

  /// The keys of the layer; nil after reporting issues.
  init?(_ section: Section) {
    let epsilon = section.value(
      "epsilon", .float(.positive), default: 1e-5, help: "ε, what is added to the variance of the inputs of a sample")
    self.init(epsilon: Float(epsilon))
  }

  public func compile(into program: inout ProgramBuilder, input: Matrix) -> Matrix {
    let columns = program.columns(of: input)
    func vector(_ name: String, _ role: ParameterBlock.Role, _ start: Float) -> Int {
      program.block(name, shape: [columns], rows: 1, columns: columns, role: role, start: .constant(start))
    }
    let scale = vector("weight", .scale, 1)
    let shift = vector("bias", .shift, 0)
    // δ of the output is summed after the backward pass, and so is not that of the input.
    let output = program.matrix(columns: columns)
    program.append(
      .layerNormalization(
        LayerNormalization(epsilon: epsilon, input: input, output: output, scale: scale, shift: shift)),
      computing: output, reading: .wholeRows(of: input))
    guard program.isForTraining, program.hasDelta(output) else { return output }

    program.keep(input)
    let delta = program.delta(of: output)
    let products = program.matrix(columns: columns)
    program.addGradients([
      Gradient(block: scale, source: .sums(delta: products)), Gradient(block: shift, source: .sums(delta: delta)),
    ])
    program.onBackward { [epsilon] program in
      let inputDelta = program.hasDelta(input) ? program.delta(of: input) : nil
      program.append(
        .layerNormalizationDerivative(
          LayerNormalizationDerivative(
            epsilon: epsilon, input: input, delta: delta, scale: scale, products: products, inputDelta: inputDelta)),
        computing: products, reading: .wholeRows(of: input))
    }
    return output
  }
}

/// Forward: y = γ (x − μ) / √(σ² + ε) + β of whole rows.
struct LayerNormalization: Sendable {
  let epsilon: Float
  /// x, [samples, columns]
  let input: Matrix
  /// y, [samples, columns]
  let output: Matrix
  /// Parameter blocks.
  let scale: Int
  let shift: Int

  @inline(__always)
  func perform(_ context: Context, rows: Range<Int>) {
    context.kernels.layerNormalization(
      context[input], into: context[output], epsilon: epsilon, scale: context.vectors[scale],
      shift: context.vectors[shift], rows: rows)
  }
}

/// Backward: ∂C/∂x, and the products δ x̂, whose sums are ∂C/∂γ. μ and σ² are computed again, not kept.
struct LayerNormalizationDerivative: Sendable {
  let epsilon: Float
  /// x
  let input: Matrix
  /// δ = ∂C/∂y
  let delta: Matrix
  /// The block of γ.
  let scale: Int
  /// δ x̂
  let products: Matrix
  /// ∂C/∂x; nil where nobody needs it.
  let inputDelta: Matrix?

  @inline(__always)
  func perform(_ context: Context, rows: Range<Int>) {
    context.kernels.layerNormalizationDerivative(
      context[input], delta: context[delta], epsilon: epsilon, scale: context.vectors[scale],
      products: context[products], inputDelta: inputDelta.map { context[$0] }, rows: rows)
  }
}
