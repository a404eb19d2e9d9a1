import ConfigurationSchema
import Datasets
import Foundation
import NeuralNetworks

/// The model file: the parameters, and what inference needs beside them.
///
/// `layers.N.weight` is [units, inputs], `layers.N.bias` is [units]. The metadata `lockstep` is a JSON text with
/// `layers`, `loss`, `features` (names), `targets` (names), `scaling` (x' = (x − shift) · scale) and `classes`.
enum ModelFile {
  /// The content of the file. It has no time stamp and no name: equal models are equal files.
  static func data(_ configuration: NetworkConfiguration, _ parameters: Parameters, _ data: PreparedData) -> Data {
    var tensors: [Safetensors.Tensor] = []
    for (index, layer) in parameters.layout.layers.enumerated() {
      tensors.append(
        .init(
          name: "layers.\(index).weight", shape: [layer.units, layer.inputs],
          values: parameters.weightRows(layer: index)))
      tensors.append(
        .init(name: "layers.\(index).bias", shape: [layer.units], values: parameters.biasRow(layer: index)))
    }
    return Safetensors(metadata: ["lockstep": description(configuration, data).compactText], tensors: tensors).data
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
    let file = try Safetensors(content, file: path)
    func values(_ name: String, _ shape: [Int]) throws(DataError) -> [Float] {
      guard let tensor = file[name] else {
        let names = file.tensors.map { "'\($0.name)'" }.joined(separator: ", ")
        throw DataError(file: path, "the tensor '\(name)' is missing; the file holds \(names.isEmpty ? "none" : names)")
      }
      guard tensor.shape == shape else {
        throw DataError(
          file: path, "the tensor '\(name)' has the shape \(tensor.shape), and the network needs \(shape)")
      }
      return tensor.values
    }
    for (index, layer) in parameters.layout.layers.enumerated() {
      parameters.setLayer(
        index, weights: try values("layers.\(index).weight", [layer.units, layer.inputs]),
        biases: try values("layers.\(index).bias", [layer.units]))
    }
  }
}
