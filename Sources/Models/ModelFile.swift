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
