import ConfigurationSchema
import Kernels

/// A dense layer: z = W x + b, a = g(z).
///
/// Its blocks are `weight`, W, [units, inputs] in files and [inputs, units] in memory, and `bias`, b, [units].
public struct Dense: Layer, Equatable {
  /// m
  public let units: Int
  /// g
  public let activation: Activation
  /// How the weights are drawn; biases start at 0.
  public let initializer: InitializerKind

  /// Far beyond any memory, and small enough that products of two such numbers do not overflow.
  static let maximumUnits = 1 << 24

  /// A layer of `units` units; the initializer is that of the activation, unless given.
  public init(units: Int, activation: Activation, initializer: InitializerKind? = nil) {
    self.units = units
    self.activation = activation
    self.initializer = initializer ?? activation.kind.defaultInitializer
  }

  /// The keys of the layer; nil after reporting issues.
  init?(_ section: Section, initializer standard: InitializerKind?) {
    let units = section.required("units", .integer(in: 1...Self.maximumUnits), help: "how many neurons the layer has")
    let activation = Activation(section, default: .identity)
    let initializer = section.value(
      "initializer", .choice(), default: standard ?? activation?.kind.defaultInitializer ?? .glorotUniform,
      "`network.initializer`, or else `heUniform` for the rectifiers and `glorotUniform` for the others",
      help: "how the weights are drawn; biases start at 0", role: .beginning)
    guard let units, let activation else { return nil }
    self.init(units: units, activation: activation, initializer: initializer)
  }

  public func outputs(inputs: Int) -> Int { units }

  public func compile(into program: inout ProgramBuilder, input: Matrix) -> Matrix {
    let inputs = program.columns(of: input)
    let weight = program.block(
      "weight", shape: [units, inputs], rows: inputs, columns: units, role: .weight, start: .drawn(initializer),
      isTransposed: program.hasDelta(input))
    let bias = program.block("bias", shape: [units], rows: 1, columns: units, role: .bias, start: .constant(0))
    let output = program.matrix(columns: units)
    program.append(
      .product(Product(input: input, weight: weight, bias: bias, output: output)), computing: output,
      reading: .allPanels(of: input))
    guard program.isForTraining else { return output }

    program.keep(input)
    let delta = program.delta(of: output)
    program.addGradients([
      Gradient(block: weight, source: .product(activations: input, delta: delta)),
      Gradient(block: bias, source: .sums(delta: delta)),
    ])
    program.onBackward { program in
      guard program.hasDelta(input) else { return }
      let inputDelta = program.delta(of: input)
      program.append(
        .inputGradient(InputGradient(delta: delta, weight: weight, output: inputDelta)), computing: inputDelta,
        reading: .allPanels(of: delta))
    }
    return output
  }
}

/// Forward: z = W x + b.
struct Product: Sendable {
  /// x, [samples, inputs]
  let input: Matrix
  /// The block of Wᵀ, [inputs, units].
  let weight: Int
  /// The block of b.
  let bias: Int
  /// z, [samples, units]
  let output: Matrix

  @inline(__always)
  func perform(_ context: Context, rows: Range<Int>, panel: Int) {
    context.kernels.multiply(
      context[input], context.blocks[weight], bias: context.vectors[bias], into: context[output], rows: rows,
      panel: panel)
  }
}

/// Backward: ∂C/∂x = Wᵀ δ.
struct InputGradient: Sendable {
  /// δ = ∂C/∂z, [samples, units]
  let delta: Matrix
  /// The block of Wᵀ, whose transposed copy is read.
  let weight: Int
  /// ∂C/∂x, [samples, inputs]
  let output: Matrix

  @inline(__always)
  func perform(_ context: Context, rows: Range<Int>, panel: Int) {
    guard let transposed = context.transposedBlocks[weight] else { return }
    context.kernels.multiply(
      context[delta], transposed, bias: nil, into: context[output], rows: rows, panel: panel)
  }
}
