import Files
import Foundation
import NeuralNetworks

extension InitialWeights {
  /// Tensors become blocks one after another, layer by layer.
  ///
  /// In a file of PyTorch the tensors of a layer have a name in common, up to its last dot, and then the names that blocks have here.
  /// They find each other by those, because the library of the format stores `bias` before `weight`. Tensors with other names
  /// have the order of the blocks.
  ///
  /// - Throws: `InputError` that names the first tensor and the first block that do not fit.
  func assignmentInOrder(of file: Safetensors, to blocks: [ParameterBlock]) throws(InputError) -> TensorAssignment {
    var assignment = TensorAssignment()
    var tensors = Self.ordered(file.tensors)[...]
    var blocks = blocks[...]
    var layers: [String] = []
    while let first = blocks.first {
      let layer = blocks.prefix { $0.layer == first.layer }
      blocks = blocks.dropFirst(layer.count)
      let group = Self.group(tensors, count: layer.count)
      tensors = tensors.dropFirst(group.count)
      guard takes(first) else { continue }
      let parts = layer.map { Self.part(of: $0.name) }
      let own = group.enumerated().sorted { a, b in
        let (i, j) = (
          parts.firstIndex(of: Self.part(of: a.element.name)), parts.firstIndex(of: Self.part(of: b.element.name))
        )
        return (i ?? .max, a.offset) < (j ?? .max, b.offset)
      }.map(\.element)
      for (block, tensor) in zip(layer, own) {
        guard Self.fits(tensor, block) else {
          throw outOfOrder(
            "the tensor '\(tensor.name)' \(tensor.shape) stands where the block '\(block.name)' \(block.shape) is expected"
          )
        }
        assignment.tensors[block.name] = tensor
      }
      if let block = layer.dropFirst(own.count).first {
        let next = tensors.first.map { "'\($0.name)' \($0.shape) is next" } ?? "there are no more"
        throw outOfOrder("there is no tensor for the block '\(block.name)' \(block.shape), and \(next)")
      }
      if let tensor = own.dropFirst(layer.count).first {
        let last = layer.last.map { "'\($0.name)' \($0.shape)" } ?? "none"
        throw outOfOrder(
          "the tensor '\(tensor.name)' \(tensor.shape) has no block in layers.\(first.layer), whose last one is \(last)"
        )
      }
      layers.append("layers.\(first.layer) begins with \(listed(own.map(\.name)))")
    }
    assignment.unused = tensors.map(\.name)
    assignment.notices = [
      "\(path): matched in order: \(layers.prefix(8).joined(separator: "; "))"
        + (layers.count > 8 ? "; … (\(layers.count) layers in all)" : "")
    ]
    return assignment
  }

  private func outOfOrder(_ what: String) -> InputError {
    InputError(
      file: path,
      "in the order of the file \(what); network.initialWeights.names, in place of match, can say which is which")
  }

  /// What layers call their blocks, as PyTorch does.
  private static let parts: Set = ["weight", "bias", "running_mean", "running_var"]

  /// What follows the last dot of a name.
  private static func part(of name: String) -> String { String(name.split(separator: ".").last ?? "") }

  /// What stands before that.
  private static func stem(of name: String) -> Substring { name.dropLast(part(of: name).count) }

  /// The tensors of the next layer: those with a name in common, or else as many as the layer has blocks.
  private static func group(_ tensors: ArraySlice<Safetensors.Tensor>, count: Int) -> ArraySlice<Safetensors.Tensor> {
    guard let first = tensors.first?.name, parts.contains(part(of: first)) else { return tensors.prefix(count) }
    return tensors.prefix { stem(of: $0.name) == stem(of: first) }
  }

  /// Whether a tensor can be a block: one that is called as blocks are is only one of that name.
  private static func fits(_ tensor: Safetensors.Tensor, _ block: ParameterBlock) -> Bool {
    let part = part(of: tensor.name)
    return tensor.shape == block.shape && (!parts.contains(part) || part == Self.part(of: block.name))
  }

  /// Tensors as layers follow one another: as they lie in the file. One in alphabetical order, in which the library of the format
  /// stores them, has `10.weight` before `2.weight`; there numbers count by their values.
  private static func ordered(_ tensors: [Safetensors.Tensor]) -> [Safetensors.Tensor] {
    let names = tensors.map(\.name)
    guard names == names.sorted() else { return tensors }
    return tensors.sorted { $0.name.compare($1.name, options: .numeric) == .orderedAscending }
  }
}
