import ConfigurationSchema
import Datasets
import Files
import Foundation
import Kernels
import Metrics
import NeuralNetworks

/// A trained model: layers, parameters, and what its inputs and outputs mean. It is used without the configuration and the data
/// that made it.
///
///     let model = try Model(contentsOf: URL(fileURLWithPath: "runs/digits-1/model.safetensors"))
///     let outputs = try model.predict([features])
public struct Model: Sendable {
  /// The layers and the loss.
  public let configuration: NetworkConfiguration
  /// What the inputs and outputs mean.
  public let schema: SampleSchema
  /// How outputs become probabilities and a class.
  public let decision: Decision
  /// The version of the arithmetic that trained it. Another one gives slightly other outputs, not wrong ones.
  public let arithmetic: Int
  /// The layers with their sizes.
  public let network: Network
  /// Its parameters.
  public let parameters: Parameters

  // MARK: Files

  /// Reads a model file.
  ///
  /// - Parameters:
  ///   - url: where it is.
  ///   - name: what errors call it; the path of `url` unless given.
  /// - Throws: `InputError` if there is none, or if it is not a sound model.
  public init(contentsOf url: URL, name: String? = nil) throws(InputError) {
    let name = name ?? url.path
    try self.init(try ModelFile.read(url, path: name, "model file"), file: name)
  }

  /// Reads the content of a model file.
  ///
  /// - Parameter name: what errors call the file.
  /// - Throws: `InputError` for whatever is wrong with it.
  public init(_ content: Data, file name: String) throws(InputError) {
    let file = try Safetensors(content, file: name)
    guard let text = file.metadata[ModelFile.metadata] else {
      throw InputError(
        file: name, "this is not a model of Lockstep: the metadata '\(ModelFile.metadata)' is missing")
    }
    let issues = IssueCollector()
    func damaged() -> InputError {
      let what = issues.issues.map { "\($0)" }.joined(separator: "; ")
      return InputError(file: name, "the metadata '\(ModelFile.metadata)' is not that of a model: \(what)")
    }
    let value: JSONValue
    do throws(ConfigurationError) { value = try JSONValue(parsing: Data(text.utf8), file: name) } catch {
      for issue in error.issues { issues.report(issue.path, issue.message) }
      throw damaged()
    }
    let metadata = Section.read(value, issues: issues) { ModelMetadata($0) }.result
    guard issues.issues.isEmpty, let metadata else { throw damaged() }
    // The layers and the loss are read as those of a configuration are.
    let root = JSONValue.object(["network": .object(["layers": metadata.layers]), "loss": metadata.loss])
    let configuration = Section.read(root, issues: issues) { NetworkConfiguration($0) }.result
    guard issues.issues.isEmpty, let configuration else { throw damaged() }
    arithmetic = metadata.arithmetic
    schema = metadata.schema
    decision = metadata.decision
    self.configuration = configuration
    network = configuration.network(inputs: schema.featureNames.count)
    Self.checkOutputs(network, schema, issues)
    if decision.temperature != 1 && !network.loss.kind.takesLogits {
      issues.report(
        .root.appending(key: "decision").appending(key: "temperature"),
        "must be absent with the loss \(network.loss.kind.rawValue)")
    }
    guard issues.issues.isEmpty else { throw damaged() }
    try Self.checkTensors(file, network.layout, file: name)
    parameters = Parameters(network.layout)
    try parameters.set(file, file: name)
  }

  /// The model as a file: that which it was read from, to the byte.
  public var safetensors: Safetensors {
    ModelFile.safetensors(configuration, parameters.tensors, schema, decision, arithmetic: arithmetic)
  }

  /// Checks that there is an output for each class or target.
  private static func checkOutputs(_ network: Network, _ schema: SampleSchema, _ issues: IssueCollector) {
    let path = ConfigurationPath.root.appending(key: schema.classes == nil ? "targets" : "classes")
    let count = schema.classes?.count ?? schema.targetNames.count
    let fits =
      schema.classes.map { network.loss.kind.fits(outputs: network.outputs, classes: $0.count) }
      ?? (count == network.outputs)
    if !fits {
      issues.report(
        path, "must be as many as the \(counted(network.outputs, "output")) of the last layer, found \(count)")
    }
  }

  /// Checks that the tensors are those of the layers, and that all numbers are finite, before there is memory for them.
  private static func checkTensors(_ file: Safetensors, _ layout: ParameterLayout, file name: String) throws(InputError)
  {
    var known: Set<String> = []
    for block in layout.blocks {
      known.insert(block.name)
      let values = try file.values(block.name, shape: block.shape, file: name)
      if let place = values.firstIndex(where: { !$0.isFinite }) {
        throw InputError(file: name, "the tensor '\(block.name)' holds \(values[place]), and numbers must be finite")
      }
    }
    if let tensor = file.tensors.first(where: { !known.contains($0.name) }) {
      throw InputError(file: name, "the tensor \(quoted(tensor.name)) belongs to no layer of the model")
    }
  }
}

/// The metadata of a model file.
private struct ModelMetadata {
  let arithmetic: Int
  let layers: JSONValue
  let loss: JSONValue
  let schema: SampleSchema
  let decision: Decision

  init?(_ section: Section) {
    let layers = section.required("layers", .anything, help: "the layers")
    let loss = section.required("loss", .anything, help: "the loss")
    // Models that name none were made before there was another.
    arithmetic = section.value(
      "arithmeticVersion", .integer(in: 1...Int.max), default: 1, help: "the version of the arithmetic")
    decision =
      section.optionalObject("decision", help: "how outputs become probabilities and classes") { Decision($0) }
      ?? .plain
    guard let schema = SampleSchema(section), let layers, let loss else { return nil }
    self.layers = layers
    self.loss = loss
    self.schema = schema
  }
}
