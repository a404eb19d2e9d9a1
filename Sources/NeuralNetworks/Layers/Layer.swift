/// One kind of layer: the shape of its output, its parameter blocks, and what it computes forward and backward.
///
/// A layer is a description. It is asked once, when a network is compiled, and adds its operations to a program; nobody
/// else knows layers. A new kind is one file with a type that conforms to this protocol and declares its keys, and one case in
/// `LayerConfiguration`.
public protocol Layer: Sendable {
  /// Columns of the output for `inputs` columns of input.
  func outputs(inputs: Int) -> Int

  /// The activation at the end of the layer. It is compiled apart, because a loss may take that of the last layer into its own
  /// derivative.
  var activation: Activation { get }

  /// How its parameters are trained.
  var learning: LayerLearning { get }

  /// Adds the blocks of the layer and its forward operations without the activation, and says by `onBackward` which operations
  /// take ∂C/∂(output) back to ∂C/∂(input).
  ///
  /// - Returns: the output; it may be `input` itself where the layer works in place.
  func compile(into program: inout ProgramBuilder, input: Matrix) -> Matrix
}

extension Layer {
  public func outputs(inputs: Int) -> Int { inputs }
  public var activation: Activation { Activation(.identity) }
  public var learning: LayerLearning { LayerLearning() }
}
