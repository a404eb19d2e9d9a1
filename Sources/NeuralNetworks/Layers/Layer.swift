/// One kind of layer: the shape of its output, its parameter blocks, and what it computes forward and backward.
///
/// A layer is a description. It is asked once, when a network is compiled, and adds its operations to a program; nobody
/// else knows layers. A new kind is one file that conforms to this protocol, and one case in the configuration's catalogue.
public protocol Layer: Sendable {
  /// Columns of the output for `inputs` columns of input.
  func outputs(inputs: Int) -> Int

  /// Adds the blocks of the layer and its forward operations, and says by `onBackward` which operations take ∂C/∂(output)
  /// back to ∂C/∂(input).
  ///
  /// - Returns: the output; it may be `input` itself where the layer works in place.
  func compile(into program: inout ProgramBuilder, input: Matrix) -> Matrix
}
