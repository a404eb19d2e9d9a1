import ConfigurationSchema
import Kernels

/// A dense layer: z = W x + b, a = g(z).
///
/// Its blocks are `weight`, W, [units, inputs] in files and [inputs, units] in memory, and `bias`, b, [units], unless it has
/// none: then z = W x.
public struct Dense: Layer, Equatable {
  /// m
  public let units: Int
  /// g
  public let activation: Activation
  /// How the weights are drawn; biases start at 0.
  public let initializer: InitializerKind
  /// Whether there is b.
  public let hasBias: Bool

  /// Far beyond any memory, and small enough that products of two such numbers do not overflow.
  static let maximumUnits = 1 << 24

  /// A layer of `units` units; the initializer is that of the activation, unless given.
  public init(units: Int, activation: Activation, initializer: InitializerKind? = nil, hasBias: Bool = true) {
    self.units = units
    self.activation = activation
    self.initializer = initializer ?? activation.kind.defaultInitializer
    self.hasBias = hasBias
  }

  /// The keys of the layer; nil after reporting issues.
  init?(_ section: Section, initializer standard: InitializerKind?) {
    let units = section.required("units", .integer(in: 1...Self.maximumUnits), help: "how many neurons the layer has")
    let activation = Activation(section, default: .identity)
    let initializer = section.value(
      "initializer", .choice(), default: standard ?? activation?.kind.defaultInitializer ?? .glorotUniform,
      "`network.initializer`, or else `heUniform` for relu, leakyRelu, silu, elu, gelu and mish, `leCunNormal` for selu, and "
        + "`glorotUniform` for the others",
      help: "how the weights are drawn; biases start at 0", role: .beginning)
    // A key that is left out is left out of model files as well, which therefore are those of versions that did not know it.
    let hasBias = section.optional(
      "bias", .bool, absence: "true", help: "whether each unit adds a bias; `false` where a normalization follows")
    guard let units, let activation else { return nil }
    self.init(units: units, activation: activation, initializer: initializer, hasBias: hasBias ?? true)
  }

  public func outputs(inputs: Int) -> Int { units }

  public func compile(into program: inout ProgramBuilder, input: Matrix) -> Matrix {
    let inputs = program.columns(of: input)
    let weight = program.block(
      "weight", shape: [units, inputs], rows: inputs, columns: units, role: .weight, start: .drawn(initializer),
      isTransposed: program.hasDelta(input))
    let bias =
      hasBias
      ? program.block("bias", shape: [units], rows: 1, columns: units, role: .bias, start: .constant(0)) : nil
    let output = program.matrix(columns: units)
    program.append(
      .product(Product(input: input, weight: weight, bias: bias, output: output)), computing: output,
      reading: .allPanels(of: input))
    guard program.isForTraining, program.hasDelta(output) else { return output }

    program.keep(input)
    let delta = program.delta(of: output)
    let gradient = Gradient(block: weight, source: .product(activations: input, delta: delta))
    program.addGradients([gradient] + (bias.map { [Gradient(block: $0, source: .sums(delta: delta))] } ?? []))
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

/// Forward: z = W x + b, or z = W x.
struct Product: Sendable {
  /// x, [samples, inputs]
  let input: Matrix
  /// The block of Wᵀ, [inputs, units].
  let weight: Int
  /// The block of b; nil where the chains of the product start at 0.
  let bias: Int?
  /// z, [samples, units]
  let output: Matrix

  @inline(__always)
  func perform(_ context: Context, rows: Range<Int>, panel: Int) {
    context.kernels.multiply(
      context[input], context.blocks[weight], bias: bias.map { context.vectors[$0] }, into: context[output], rows: rows,
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
