import ConfigurationSchema
import Datasets
import Files
import Foundation
import NeuralNetworks

extension InitialWeights {
  /// Starts `parameters` from the tensors of the file, which may be that of another program. Blocks of layers that are not taken
  /// from it stay as they are.
  ///
  /// - Parameters:
  ///   - directory: what a relative path is relative to.
  ///   - schema: that of the data to train on, with which a model of Lockstep is compared.
  /// - Returns: what was not used, and what differs, a sentence each.
  /// - Throws: `InputError` if the file cannot be read, lacks a tensor or has one of another shape or with numbers that are not
  ///   finite, or is a model whose features or classes stand in another order.
  public func load(
    relativeTo directory: URL, into parameters: Parameters, schema: SampleSchema? = nil
  ) throws(InputError) -> [String] {
    let content = try ModelFile.read(Section.resolve(path, in: directory), path: path, "file of initial weights")
    let file = try Safetensors(content, file: path, isForeign: true)
    let blocks = parameters.layout.blocks
    let assignment =
      switch match {
      case .names(let names): try assignment(of: file, to: blocks, names: names)
      case .order: try assignmentInOrder(of: file, to: blocks)
      }
    for block in blocks where takes(block) { try check(assignment.tensors[block.name], block, file) }
    for (index, block) in blocks.enumerated() where takes(block) {
      if let tensor = assignment.tensors[block.name] { parameters.set(block: index, values: tensor.values) }
    }
    var notices = assignment.notices
    let unused = assignment.unused + file.skipped
    if !unused.isEmpty {
      notices.append("\(path): not used, because no layer of the network has them: \(listed(unused.sorted()))")
    }
    return try notices + differences(of: file, from: schema, blocks)
  }

  /// Checks the tensor of a block.
  private func check(_ tensor: Safetensors.Tensor?, _ block: ParameterBlock, _ file: Safetensors) throws(InputError) {
    guard let tensor else {
      let advice =
        switch match {
        case .names(let names) where !names.isEmpty: "none of network.initialWeights.names leads to it"
        default: "network.initialWeights.names can say which of them it is"
        }
      throw InputError(
        file: path, "the tensor '\(block.name)' is missing; the file holds \(file.names); \(advice)")
    }
    guard tensor.shape == block.shape else {
      let place = tensor.name == block.name ? "" : " for '\(block.name)'"
      throw InputError(
        file: path,
        "the tensor '\(tensor.name)' has the shape \(tensor.shape), and the network needs \(block.shape)\(place)")
    }
    if let index = tensor.values.firstIndex(where: { !$0.isFinite }) {
      throw InputError(
        file: path,
        "the tensor '\(tensor.name)' holds \(tensor.values[index]) at place \(index), and numbers must be finite")
    }
  }
}

/// Which tensors of a file become which blocks of a network.
struct TensorAssignment {
  /// The tensors by the names of the blocks, those of layers that are not taken among them.
  var tensors: [String: Safetensors.Tensor] = [:]
  /// The names of tensors that are no block's.
  var unused: [String] = []
  /// What a person should know of it.
  var notices: [String] = []
}

extension Safetensors {
  /// The names of all tensors that can be parameters, in words.
  var names: String { tensors.isEmpty ? "none" : tensors.map { "'\($0.name)'" }.joined(separator: ", ") }
}

// MARK: - Models of Lockstep

extension InitialWeights {
  /// How a model of Lockstep differs from the data in what its features and classes are, a sentence each. Features matter to the
  /// layers as far as the first one with weights, and classes to those from the last one on.
  ///
  /// - Throws: `InputError` if only their order differs.
  private func differences(
    of file: Safetensors, from schema: SampleSchema?, _ blocks: [ParameterBlock]
  ) throws(InputError) -> [String] {
    guard let schema, let own = Self.metadata(of: file) else { return [] }
    let layers = blocks.filter { $0.role == .weight }.map(\.layer)
    let (first, last) = (layers.first ?? .max, layers.last ?? 0)
    var differences: [String] = []
    if blocks.contains(where: { takes($0) && $0.layer <= first }) {
      differences += try self.differences(own.features, schema.featureNames, "features")
    }
    if let classes = schema.classes, let others = own.classes,
      blocks.contains(where: { takes($0) && $0.layer >= last })
    {
      differences += try self.differences(others, classes, "classes")
    }
    return differences
  }

  /// What a model of Lockstep says of its features and classes; nil if the file is another one.
  private static func metadata(of file: Safetensors) -> (features: [String], classes: [String]?)? {
    func strings(_ value: JSONValue?) -> [String]? {
      guard case .array(let elements)? = value else { return nil }
      return elements.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }
    guard let text = file.metadata[ModelFile.metadata],
      case .object(let members)? = try? JSONValue(parsing: Data(text.utf8), file: ModelFile.metadata),
      let features = strings(members["features"])
    else { return nil }
    return (features, strings(members["classes"]))
  }

  /// How the names of a model differ from those of the data.
  ///
  /// - Throws: `InputError` if only their order does: its weights would be those of other names, without a sign of it.
  private func differences(_ model: [String], _ data: [String], _ noun: String) throws(InputError) -> [String] {
    guard model != data else { return [] }
    if model.sorted() == data.sorted() {
      throw InputError(
        file: path,
        "the \(noun) of the model are \(listed(model)), and those of the data are \(listed(data)), in another order")
    }
    return ["\(path): the \(noun) of the model are \(listed(model)), and those of the data are \(listed(data))"]
  }
}
