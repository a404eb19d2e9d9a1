import ConfigurationSchema
import Kernels

/// An activation: a = g(z), at the end of a layer or as a layer of its own.
///
/// It works in place where nobody needs z any more. A function whose derivative is a function of a keeps its output; one
/// that needs z keeps its input and writes elsewhere.
public struct Activation: Layer, Equatable {
  /// g
  public let kind: ActivationKind
  /// The slope of a leaky g.
  public let slope: Float

  /// The activation `kind`.
  public init(_ kind: ActivationKind, slope: Float = ActivationKind.defaultSlope) {
    self.kind = kind
    self.slope = slope
  }

  public var activation: Activation { self }

  public func compile(into program: inout ProgramBuilder, input: Matrix) -> Matrix { input }

  /// Adds the operations of the activation; see `Layer.compile`.
  func compileActivation(into program: inout ProgramBuilder, input: Matrix) -> Matrix {
    guard let function = kind.function(slope: slope) else { return compileSoftmax(into: &program, input) }
    if function == .identity { return input }
    let output = program.result(of: input, keeping: function.derivativeNeedsInput ? .input : .output)
    program.append(
      .function(Function(function: function, input: input, output: output)), computing: output,
      reading: .ownPanel(of: input))
    let kept = function.derivativeNeedsInput ? input : output
    program.onBackward { program in
      guard program.hasDelta(output) else { return }
      let delta = program.delta(of: output)
      program.append(
        .derivative(Derivative(function: function, kept: kept, delta: delta)), computing: delta,
        reading: .ownPanel(of: kept))
    }
    return output
  }

  private func compileSoftmax(into program: inout ProgramBuilder, _ input: Matrix) -> Matrix {
    let output = program.result(of: input, keeping: .output)
    program.append(
      .softmax(SoftmaxRows(input: input, output: output)), computing: output, reading: .wholeRows(of: input))
    program.onBackward { program in
      guard program.hasDelta(output) else { return }
      let delta = program.delta(of: output)
      program.append(
        .softmaxDerivative(SoftmaxDerivative(activations: output, delta: delta)), computing: delta,
        reading: .wholeRows(of: output))
    }
    return output
  }
}

extension Activation {
  /// The keys `activation` and what some activations need beside it, among those of a layer; nil after reporting issues.
  ///
  /// - Parameter standard: the default; nil if the key has to be there.
  init?(_ section: Section, default standard: ActivationKind? = nil) {
    func activation(_ kind: ActivationKind) -> Activation {
      switch kind {
      case .leakyRelu:
        let standard = Double(ActivationKind.defaultSlope.description) ?? 0
        let slope = section.value(
          "slope", .number(.from(0, below: 1)), default: standard, help: "s, the slope for z < 0")
        return Activation(kind, slope: Float(slope))
      default: return Activation(kind)
      }
    }
    let (key, help) = ("activation", "the function of what the neurons sum up")
    let activation =
      if let standard {
        section.variants(key, of: ActivationKind.self, default: standard, help: help, activation)
      } else {
        section.variants(key, of: ActivationKind.self, help: help, activation)
      }
    guard let activation else { return nil }
    self = activation
  }
}

/// Forward: a = g(z), element by element.
struct Function: Sendable {
  let function: ElementFunction
  /// z
  let input: Matrix
  /// a; may be z.
  let output: Matrix

  @inline(__always)
  func perform(_ context: Context, rows: Range<Int>, panel: Int) {
    context.kernels.apply(function, to: context[input], into: context[output], rows: rows, panel: panel)
  }
}

/// Backward: δ = ∂C/∂z = ∂C/∂a ∘ g'(z), in place.
struct Derivative: Sendable {
  let function: ElementFunction
  /// a, or z if the derivative needs that.
  let kept: Matrix
  /// ∂C/∂a, then δ.
  let delta: Matrix

  @inline(__always)
  func perform(_ context: Context, rows: Range<Int>, panel: Int) {
    context.kernels.multiplyByDerivative(
      of: function, context[delta], kept: context[kept], rows: rows, panel: panel)
  }
}

/// Forward: aⱼ = e^zⱼ / Σₖ e^zₖ of whole rows.
struct SoftmaxRows: Sendable {
  /// z
  let input: Matrix
  /// a; may be z.
  let output: Matrix

  @inline(__always)
  func perform(_ context: Context, rows: Range<Int>) {
    let (z, a) = (context[input], context[output])
    if input != output {
      for panel in 0..<z.panels { context.kernels.apply(.identity, to: z, into: a, rows: rows, panel: panel) }
    }
    context.kernels.softmax(a, rows: rows)
  }
}

/// Backward: δⱼ = aⱼ (gⱼ − Σₖ gₖ aₖ) with g = ∂C/∂a, in place.
struct SoftmaxDerivative: Sendable {
  /// a
  let activations: Matrix
  /// g, then δ.
  let delta: Matrix

  @inline(__always)
  func perform(_ context: Context, rows: Range<Int>) {
    context.kernels.softmaxDerivative(context[delta], context[activations], rows: rows)
  }
}
