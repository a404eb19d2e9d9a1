import ConfigurationSchema
import Foundation
import NeuralNetworks
import Testing

@Suite struct NetworkConfigurationTests {
  /// What a configuration's `network` and `loss` read as and are resolved to, and the issues with them.
  private func read(_ json: String) throws -> (
    configuration: NetworkConfiguration?, resolved: JSONValue, issues: [String]
  ) {
    let issues = IssueCollector()
    let value = try JSONValue(parsing: Data(json.utf8), file: "test.json")
    let (configuration, resolved) = Section.read(value, issues: issues) { NetworkConfiguration($0) }
    return (configuration, resolved, issues.issues.map(\.description))
  }

  /// A configuration of some layers, without issues.
  private func configuration(layers: String, loss: String = "squaredError", more: String = "") throws
    -> NetworkConfiguration
  {
    let (configuration, _, issues) = try read(
      #"{ "network": { "layers": [\#(layers)]\#(more) }, "loss": "\#(loss)" }"#)
    try #require(issues == [])
    return try #require(configuration)
  }

  // MARK: What is right

  @Test func digits() throws {
    let configuration = try configuration(
      layers: """
        { "type": "dense", "units": 64, "activation": "relu" }, { "type": "dense", "units": 10, "activation": "softmax" }
        """, loss: "crossEntropy", more: #", "initializer": "heUniform", "initialWeights": "start.safetensors""#)
    #expect(configuration.layers.map(\.units) == [64, 10])
    #expect(configuration.layers.map(\.activation) == [.relu, .softmax])
    #expect(configuration.loss == .crossEntropy)
    #expect(configuration.layers.map(\.initializer) == [.heUniform, .heUniform])
    #expect(configuration.initialWeights == "start.safetensors")

    let network = configuration.network(inputs: 784)
    #expect(network.layers.map(\.inputs) == [784, 64] && network.layers.map(\.units) == [64, 10])
    #expect(network.layers.map(\.kind) == [.relu, .softmax] && network.lossKind == .crossEntropy)
  }

  @Test func defaults() throws {
    let configuration = try configuration(layers: #"{ "type": "dense", "units": 1 }"#)
    #expect(configuration.layers[0].activation == .identity)
    #expect(configuration.layers[0].initializer == .glorotUniform && configuration.initialWeights == nil)
    let leaky = try self.configuration(layers: #"{ "type": "dense", "units": 1, "activation": "leakyRelu" }"#)
    #expect(leaky.layers[0].slope == 0.01)
  }

  @Test(arguments: [("0.2", 0.2), ("0", 0), ("0.999", 0.999)] as [(String, Float)])
  func slope(text: String, slope: Float) throws {
    let configuration = try configuration(
      layers: #"{ "type": "dense", "units": 2, "activation": "leakyRelu", "slope": \#(text) }"#)
    let layer = configuration.network(inputs: 3).layers[0]
    #expect(layer.slope == slope)
    #expect((layer.activation as? LeakyReLU)?.slope == slope)
  }

  @Test(arguments: [
    #"{ "type": "dense", "units": 3 }"#,
    #"{ "type": "dense", "units": 5, "activation": "leakyRelu" }, { "type": "dense", "units": 2, "activation": "tanh" }"#,
    #"{ "type": "dense", "units": 5, "activation": "leakyRelu", "slope": 0.125 }"#,
  ]) func roundTrip(layers: String) throws {
    for more in ["", #", "initializer": "zeros""#, #", "initialWeights": "a b.safetensors""#] {
      let json = #"{ "network": { "layers": [\#(layers)]\#(more) }, "loss": "squaredError" }"#
      let (configuration, resolved, _) = try read(json)
      let (again, resolvedAgain, issues) = try read(resolved.compactText)
      #expect(issues == [] && resolvedAgain == resolved)
      #expect(again?.layers == configuration?.layers && again?.layerShapes == configuration?.layerShapes)
    }
  }

  /// A layer's own initializer wins over the network's, and that over the activation's.
  @Test func initializers() throws {
    let layers = """
      { "type": "dense", "units": 3, "activation": "relu", "initializer": "zeros" },
      { "type": "dense", "units": 3, "activation": "relu" }
      """
    #expect(try configuration(layers: layers).layers.map(\.initializer) == [.zeros, .heUniform])
    #expect(
      try configuration(layers: layers, more: #", "initializer": "uniform""#).layers.map(\.initializer)
        == [.zeros, .uniform])
  }

  /// What a model file tells of the layers has no initializer: it does not matter to inference.
  @Test func shapes() throws {
    let configuration = try configuration(layers: #"{ "type": "dense", "units": 3, "activation": "tanh" }"#)
    #expect(configuration.layerShapes.compactText == #"[{"activation":"tanh","type":"dense","units":3}]"#)
  }

  /// Every default is filled in; that of all layers stands in each of them.
  @Test func resolvedHasTheDefaults() throws {
    let layer = #"{ "type": "dense", "units": 3, "activation": "leakyRelu" }"#
    for (more, initializer) in [("", "heUniform"), (#", "initializer": "zeros""#, "zeros")] {
      let resolved = try read(#"{ "network": { "layers": [\#(layer)]\#(more) }, "loss": "squaredError" }"#).resolved
      let expected: JSONValue = [
        "activation": "leakyRelu", "initializer": .string(initializer), "slope": 0.01, "type": "dense", "units": 3,
      ]
      #expect(resolved == ["network": ["layers": [expected]], "loss": "squaredError"])
    }
  }

  /// A loss may be written as a section, and is resolved to its name where nothing else is set.
  @Test func theLossAsASection() throws {
    let json = #"{ "network": { "layers": [{ "type": "dense", "units": 3 }] }, "loss": { "type": "squaredError" } }"#
    let (configuration, resolved, issues) = try read(json)
    #expect(issues == [] && configuration?.loss == .squaredError)
    guard case .object(let members) = resolved else { return #expect(Bool(false)) }
    #expect(members["loss"] == "squaredError")
  }

  // MARK: Drawing

  /// Each layer's own default where none is named.
  @Test(arguments: [
    (ActivationKind.relu, InitializerKind.heUniform), (.leakyRelu, .heUniform), (.tanh, .glorotUniform),
  ])
  func defaultInitializers(activation: ActivationKind, initializer: InitializerKind) throws {
    let layers = """
      { "type": "dense", "units": 7, "activation": "\(activation)" }, { "type": "dense", "units": 2 }
      """
    let automatic = try configuration(layers: layers)
    let named = try configuration(layers: layers, more: #", "initializer": "\#(initializer)""#)
    let other = try configuration(layers: layers, more: #", "initializer": "heNormal""#)
    func draw(_ configuration: NetworkConfiguration, seed: UInt64) -> Parameters {
      let parameters = Parameters(configuration.network(inputs: 4).layout)
      configuration.initialize(parameters, seed: seed)
      return parameters
    }
    let first = draw(automatic, seed: 1).weightRows(layer: 0)
    #expect(first == draw(named, seed: 1).weightRows(layer: 0))
    #expect(first != draw(other, seed: 1).weightRows(layer: 0))
    #expect(first != draw(automatic, seed: 2).weightRows(layer: 0))
    // The identity layer's is Glorot's.
    let isGlorot = initializer == .glorotUniform
    #expect((draw(automatic, seed: 1).weightRows(layer: 1) == draw(named, seed: 1).weightRows(layer: 1)) == isGlorot)
  }
}
