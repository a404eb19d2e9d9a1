import ConfigurationSchema
import Datasets
import Files
import Foundation
import Kernels
import Metrics
import NeuralNetworks

/// The model file: the parameters, and what inference needs beside them.
///
/// The tensors are the blocks of the parameters: of dense layers `layers.N.weight` [units, inputs] and `layers.N.bias` [units],
/// where N is the place in `network.layers`. The metadata `lockstep` is a JSON text with
/// `arithmeticVersion`, `layers`, `loss`, `features` (names), `targets` (names), `scaling` (x' = (x − shift) · scale),
/// `classes`, and where it says more than the outputs, `decision` (`temperature`, `threshold`).
public enum ModelFile {
  /// The name of the metadata.
  static let metadata = "lockstep"

  /// The model as named tensors. It has no time stamp and no name: equal models are equal files.
  public static func safetensors(
    _ network: NetworkConfiguration, _ parameters: [Safetensors.Tensor], _ schema: SampleSchema,
    _ decision: Decision = .plain
  ) -> Safetensors {
    safetensors(network, parameters, schema, decision, arithmetic: arithmeticVersion)
  }

  static func safetensors(
    _ network: NetworkConfiguration, _ parameters: [Safetensors.Tensor], _ schema: SampleSchema, _ decision: Decision,
    arithmetic: Int
  ) -> Safetensors {
    var members = schema.members
    members["layers"] = network.layerShapes
    members["loss"] = network.lossValue
    members["arithmeticVersion"] = .integer(arithmetic)
    members["decision"] = decision.metadata
    return Safetensors(metadata: [metadata: JSONValue.object(members).compactText], tensors: parameters)
  }

  /// The version of the arithmetic that made a model, as its file tells. Models that name none were made before there was
  /// another than 1.
  public static func arithmetic(of file: Safetensors) -> Int {
    guard let text = file.metadata[metadata],
      case .object(let members)? = try? JSONValue(parsing: Data(text.utf8), file: metadata),
      case .integer(let version)? = members["arithmeticVersion"]
    else { return 1 }
    return version
  }

  /// Starts `parameters` from the weights and biases of a safetensors file, which may be that of another program.
  ///
  /// - Parameters:
  ///   - path: what errors call the file.
  ///   - schema: that of the data to train on, with which a model of Lockstep is compared.
  /// - Returns: what was not used, and what differs, a sentence each.
  /// - Throws: `InputError` if the file cannot be read, lacks a tensor or has one of another shape or with numbers that are not
  ///   finite, or is a model whose features or classes stand in another order.
  public static func load(
    _ url: URL, path: String, into parameters: Parameters, schema: SampleSchema? = nil
  ) throws(InputError) -> [String] {
    let content = try read(url, path: path, "file of initial weights")
    let file = try Safetensors(content, file: path, isForeign: true)
    let names = Set(parameters.layout.blocks.map(\.name))
    for tensor in file.tensors where names.contains(tensor.name) {
      if let index = tensor.values.firstIndex(where: { !$0.isFinite }) {
        throw InputError(
          file: path,
          "the tensor '\(tensor.name)' holds \(tensor.values[index]) at place \(index), and numbers must be finite")
      }
    }
    try parameters.set(file, file: path)
    var notices: [String] = []
    let unused = file.tensors.map(\.name).filter { !names.contains($0) } + file.skipped
    if !unused.isEmpty {
      notices.append("\(path): not used, because no layer of the network has them: \(listed(unused.sorted()))")
    }
    if let schema, let own = metadata(of: file) {
      notices += try differences(own.features, schema.featureNames, "features", path)
      if let classes = schema.classes, let others = own.classes {
        notices += try differences(others, classes, "classes", path)
      }
    }
    return notices
  }

  /// What a model of Lockstep says of its features and classes; nil if the file is another one.
  private static func metadata(of file: Safetensors) -> (features: [String], classes: [String]?)? {
    func strings(_ value: JSONValue?) -> [String]? {
      guard case .array(let elements)? = value else { return nil }
      return elements.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }
    guard let text = file.metadata[metadata],
      case .object(let members)? = try? JSONValue(parsing: Data(text.utf8), file: metadata),
      let features = strings(members["features"])
    else { return nil }
    return (features, strings(members["classes"]))
  }

  /// How the names of a model differ from those of the data.
  ///
  /// - Throws: `InputError` if only their order does: its weights would be those of other names, without a sign of it.
  private static func differences(
    _ model: [String], _ data: [String], _ noun: String, _ path: String
  ) throws(InputError) -> [String] {
    guard model != data else { return [] }
    if model.sorted() == data.sorted() {
      throw InputError(
        file: path,
        "the \(noun) of the model are \(listed(model)), and those of the data are \(listed(data)), in another order")
    }
    return ["\(path): the \(noun) of the model are \(listed(model)), and those of the data are \(listed(data))"]
  }

  /// The content of a file; `noun` is what errors call it.
  static func read(_ url: URL, path: String, _ noun: String) throws(InputError) -> Data {
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw InputError(.missing, file: path, "there is no such \(noun)")
    }
    do { return try Data(contentsOf: url) } catch {
      throw InputError(.unreadable, file: path, "the \(noun) cannot be read: \(reason(of: error))")
    }
  }
}
