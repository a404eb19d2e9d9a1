import Kernels

/// A chain of layers with a loss at its end, compiled into two programs: one for training and one for inference.
///
/// Notation as in the textbooks: a dense layer has the pre-activations z = W x + b, an activation a = g(z), and
/// δ = ∂C/∂z of each sample.
public final class Network: Sendable {
  /// Features of a sample.
  public let inputs: Int
  /// The layers from the input on.
  public let layers: [any Layer]
  /// C
  public let loss: Loss
  /// Whether the training program weights samples, by the weights of the workspace.
  public let isWeighted: Bool
  /// Where the parameters lie.
  public let layout: ParameterLayout
  /// Forward, loss, backward.
  public let training: Program
  /// Forward and the activation of the outputs; a stage that reads targets computes the loss.
  public let inference: Program

  /// Compiles `layers`, with a loss that has no parameters of its own.
  public convenience init(inputs: Int, layers: [any Layer], loss: LossKind) {
    self.init(inputs: inputs, layers: layers, loss: Loss(loss))
  }

  /// Compiles `layers`.
  ///
  /// - Parameter isWeighted: whether samples count by their weights in training.
  public init(inputs: Int, layers: [any Layer], loss: Loss, isWeighted: Bool = false) {
    precondition(inputs > 0 && !layers.isEmpty)
    self.inputs = inputs
    self.isWeighted = isWeighted
    self.layers = layers
    self.loss = loss
    let training = Self.compile(inputs, layers, loss, isForTraining: true, isWeighted: isWeighted)
    let inference = Self.compile(inputs, layers, loss, isForTraining: false, isWeighted: false)
    precondition(training.layout == inference.layout, "both programs have the same parameters")
    layout = training.layout
    self.training = training.program
    self.inference = inference.program
  }

  /// What comes out of an inference program.
  public enum Outputs: Sendable, Equatable {
    /// z, the logits: what the last activation is a function of. For losses that take logits.
    case logits
    /// g(z / T) with the last activation g and a temperature T.
    case activations(temperature: Float)
  }

  /// The program that computes certain outputs.
  public func inference(_ outputs: Outputs) -> Program {
    if outputs == .activations(temperature: 1) { return inference }
    precondition(loss.kind.takesLogits, "there are no logits")
    return Self.compile(inputs, layers, loss, isForTraining: false, isWeighted: false, outputs).program
  }

  private static func compile(
    _ inputs: Int, _ layers: [any Layer], _ loss: Loss, isForTraining: Bool, isWeighted: Bool,
    _ outputs: Outputs = .activations(temperature: 1)
  ) -> (program: Program, layout: ParameterLayout) {
    var program = ProgramBuilder(inputs: inputs, isForTraining: isForTraining)
    var output = Matrix.features
    for (index, layer) in layers.enumerated() {
      program.beginLayer(layer.learning, input: output)
      output = layer.compile(into: &program, input: output)
      let isLast = index == layers.count - 1
      // A loss on logits takes the activation into its own derivative.
      let takesLogits = loss.kind.takesLogits
      if isLast && takesLogits { program.appendLoss(loss, output, isWeighted: isWeighted) }
      if isLast, case .activations(let temperature) = outputs, temperature != 1 {
        program.append(
          .function(Function(function: .scale(1 / temperature), input: output, output: output)), computing: output,
          reading: .ownPanel(of: output))
      }
      if !(isLast && takesLogits && (isForTraining || outputs == .logits)) {
        output = layer.activation.compileActivation(into: &program, input: output)
      }
      if isLast && !takesLogits { program.appendLoss(loss, output, isWeighted: isWeighted) }
      program.endLayer(output)
    }
    if isForTraining { program.appendBackward() }
    return (program.program(output: output), program.parameterLayout)
  }

  /// Columns of the output.
  public var outputs: Int { inference.outputs }

  /// Features, and the units of each layer with weights: `64-32-10`.
  public var widths: [Int] { [inputs] + layout.blocks.filter { $0.role == .weight }.map(\.columns) }
}

extension ProgramBuilder {
  fileprivate mutating func appendLoss(_ loss: Loss, _ outputs: Matrix, isWeighted: Bool) {
    let delta = delta(of: outputs)
    append(
      .loss(LossOfRows(kind: loss.kind, threshold: loss.delta, outputs: outputs, delta: delta)), computing: delta,
      reading: .wholeRowsAndTargets(of: outputs))
    if isWeighted { append(.rowWeights(RowWeights(delta: delta)), computing: delta, reading: .wholeRows(of: delta)) }
  }
}
