import ConfigurationSchema
import Datasets
import Files
import Foundation
import NeuralNetworks

/// The model file: the parameters, and what inference needs beside them.
///
/// `layers.N.weight` is [units, inputs], `layers.N.bias` is [units]. The metadata `lockstep` is a JSON text with
/// `layers`, `loss`, `features` (names), `targets` (names), `scaling` (x' = (x − shift) · scale) and `classes`.
enum ModelFile {
  /// The model as named tensors. It has no time stamp and no name: equal models are equal files.
  static func safetensors(
    _ configuration: NetworkConfiguration, _ parameters: [Safetensors.Tensor], _ data: PreparedData
  ) -> Safetensors {
    Safetensors(metadata: ["lockstep": description(configuration, data).compactText], tensors: parameters)
  }

  private static func description(_ configuration: NetworkConfiguration, _ data: PreparedData) -> JSONValue {
    .object([
      "layers": configuration.layerShapes, "loss": .string(configuration.loss.rawValue),
      "features": .array(data.featureNames.map(JSONValue.string)),
      "targets": .array(data.training.table.targetNames.map(JSONValue.string)),
      "scaling": .object([
        "shift": .array(data.scaling.shift.map(number)), "scale": .array(data.scaling.scale.map(number)),
      ]),
      "classes": data.classes.map { .array($0.map(JSONValue.string)) } ?? .null,
    ])
  }

  /// A Float by its shortest decimal digits, which give the same Float when read as one.
  private static func number(_ value: Float) -> JSONValue { .number(Double("\(value)") ?? Double(value)) }

  /// Starts `parameters` from the weights and biases of a safetensors file.
  static func load(_ url: URL, path: String, into parameters: Parameters) throws(DataError) {
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw DataError(.missing, file: path, "there is no such file of initial weights")
    }
    let content: Data
    do { content = try Data(contentsOf: url) } catch {
      throw DataError(.unreadable, file: path, "the file of initial weights cannot be read: \(reason(of: error))")
    }
    try parameters.set(try Safetensors(content, file: path), file: path)
  }
}
