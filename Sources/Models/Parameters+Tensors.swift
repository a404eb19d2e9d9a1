import Files
import NeuralNetworks

extension Parameters {
  /// The blocks as the tensors of a file, as `layers.0.weight`.
  public var tensors: [Safetensors.Tensor] {
    layout.blocks.enumerated().map { index, block in
      Safetensors.Tensor(name: block.name, shape: block.shape, values: values(block: index))
    }
  }

  /// The blocks that are trained, as the tensors of a file.
  public var trainedTensors: [Safetensors.Tensor] {
    zip(layout.blocks, tensors).filter(\.0.isTrained).map(\.1)
  }

  /// Takes over the tensors of the blocks that are trained; errors as of `set`.
  public func setTrained(_ file: Safetensors, file name: String) throws(InputError) {
    for (index, block) in layout.blocks.enumerated() where block.isTrained {
      set(block: index, values: try file.values(block.name, shape: block.shape, file: name))
    }
  }

  /// Takes over the tensors of a file.
  ///
  /// - Parameter file: its name, for errors.
  /// - Throws: `InputError` if one is missing or has another shape.
  public func set(_ file: Safetensors, file name: String) throws(InputError) {
    for (index, block) in layout.blocks.enumerated() {
      set(block: index, values: try file.values(block.name, shape: block.shape, file: name))
    }
  }
}
