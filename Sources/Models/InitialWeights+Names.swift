import ConfigurationSchema
import Files
import NeuralNetworks

extension InitialWeights {
  /// Tensors become the blocks that `names` leads to, and else those of their own names.
  ///
  /// - Throws: `InputError` if a name leads nowhere, or two tensors to one block.
  func assignment(
    of file: Safetensors, to blocks: [ParameterBlock], names: [String: String]
  ) throws(InputError) -> TensorAssignment {
    let known = Set(blocks.map(\.name))
    var assignment = TensorAssignment()
    /// The names that tensors get, by the key of `names` that gives them.
    var given: [String: [String]] = [:]
    var others: [Safetensors.Tensor] = []
    for tensor in file.tensors {
      let keys = names.keys.filter { Self.name(tensor.name, beginsWith: $0) }
      guard let key = keys.max(by: { $0.count < $1.count }), let target = names[key] else {
        others.append(tensor)
        continue
      }
      let name = target + tensor.name.dropFirst(key.count)
      given[key, default: []].append(name)
      if !known.contains(name) {
        assignment.unused.append(tensor.name)
      } else if let other = assignment.tensors.updateValue(tensor, forKey: name) {
        throw InputError(
          file: path,
          "network.initialWeights.names leads two tensors to '\(name)', '\(other.name)' and '\(tensor.name)'")
      }
    }
    for (key, target) in names.sorted(by: { $0.key < $1.key }) {
      guard let found = given[key] else {
        // All tensors of the key may be those of longer ones.
        if file.tensors.contains(where: { Self.name($0.name, beginsWith: key) }) { continue }
        throw missing(key, file)
      }
      guard found.contains(where: known.contains) else {
        let own = blocks.map(\.name).filter { Self.name($0, beginsWith: target) }
        throw InputError(
          file: path,
          "\(place(of: key)) leads to \(listed(found)), which the network does not have; of '\(target)' it has \(listed(own))"
        )
      }
    }
    var superseded: [String] = []
    for tensor in others {
      if !known.contains(tensor.name) {
        assignment.unused.append(tensor.name)
      } else if assignment.tensors[tensor.name] == nil {
        assignment.tensors[tensor.name] = tensor
      } else {
        superseded.append(tensor.name)
      }
    }
    if !superseded.isEmpty {
      assignment.notices.append(
        "\(path): not used, because network.initialWeights.names leads others to their blocks: \(listed(superseded))")
    }
    return assignment
  }

  /// What is said of a key that no tensor has.
  private func missing(_ key: String, _ file: Safetensors) -> InputError {
    if let tensor = file.skipped.first(where: { Self.name(String($0.prefix { $0 != " " }), beginsWith: key) }) {
      return InputError(file: path, "\(place(of: key)) names \(quoted(tensor)), whose type is not that of parameters")
    }
    // Where another number stands it is another layer, not a slip.
    let digits = key.filter(\.isNumber)
    let candidates = Set(file.tensors.flatMap { Self.beginnings(of: $0.name) }).filter {
      $0.filter(\.isNumber) == digits
    }
    let suggestion = nearest(to: key, among: candidates).map { " did you mean \(quoted($0))?" } ?? ""
    return InputError(
      file: path,
      "\(place(of: key)): no tensor has this name, or one that begins so;\(suggestion) the file holds \(file.names)")
  }

  /// A name, and what stands before each dot in it.
  private static func beginnings(of name: String) -> [String] {
    name.indices.filter { name[$0] == "." }.map { String(name[..<$0]) } + [name]
  }

  private func place(of key: String) -> ConfigurationPath {
    ["network", "initialWeights", "names", key].reduce(.root) { $0.appending(key: $1) }
  }
}
