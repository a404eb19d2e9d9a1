import ConfigurationSchema
import Foundation
import NeuralNetworks
import Testing

@Suite struct NetworkConfigurationTests {
  /// What a configuration's `network` and `loss` read as, what they resolve to, and the issues with them.
  private func read(_ json: String) throws -> (
    configuration: NetworkConfiguration?, resolved: JSONValue, issues: [String]
  ) {
    let issues = IssueCollector()
    let value = try JSONValue(parsing: Data(json.utf8), file: "test.json")
    let directory = URL(fileURLWithPath: "/folder", isDirectory: true)
    let (configuration, resolved) = Section.read(value, relativeTo: directory, issues: issues) {
      NetworkConfiguration($0)
    }
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
    let layers = [
      Dense(units: 64, activation: Activation(.relu), initializer: .heUniform),
      Dense(units: 10, activation: Activation(.softmax), initializer: .heUniform),
    ]
    #expect(configuration.layers.map(\.description) == layers.map { .dense($0) })
    #expect(configuration.loss == Loss(.crossEntropy))
    #expect(configuration.initialWeights == InitialWeights(path: "start.safetensors"))
    #expect(configuration.outputs(inputs: 784) == 10 && configuration.outputLayer == 1)

    let network = configuration.network(inputs: 784)
    #expect(network.widths == [784, 64, 10] && network.inputs == 784)
    #expect(network.layers.map(\.activation.kind) == [.relu, .softmax] && network.loss == Loss(.crossEntropy))
  }

  @Test func everyLayer() throws {
    let configuration = try configuration(
      layers: """
        { "type": "dropout", "rate": 0.25 }, { "type": "dense", "units": 3 }, { "type": "batchNorm" },
        { "type": "activation", "activation": "leakyRelu", "slope": 0.5 }, { "type": "activation", "activation": "silu" }
        """)
    #expect(
      configuration.layers.map(\.description) == [
        .dropout(Dropout(rate: 0.25)), .dense(Dense(units: 3, activation: Activation(.identity))),
        .batchNorm(BatchNorm()), .activation(Activation(.leakyRelu, slope: 0.5)), .activation(Activation(.silu)),
      ])
    #expect(configuration.outputs(inputs: 9) == 3 && configuration.outputLayer == 1)
    #expect(configuration.network(inputs: 9).layers.count == 5)
  }

  @Test func defaults() throws {
    let configuration = try configuration(layers: #"{ "type": "dense", "units": 1 }"#)
    #expect(configuration.layers.map(\.description) == [.dense(Dense(units: 1, activation: Activation(.identity)))])
    #expect(configuration.initialWeights == nil)
    let leaky = try self.configuration(layers: #"{ "type": "dense", "units": 1, "activation": "leakyRelu" }"#)
    #expect(leaky.layers[0].layer.activation.slope == 0.01)
    #expect(initializers(configuration) == [.glorotUniform] && initializers(leaky) == [.heUniform])
  }

  /// The initializer of each dense layer.
  private func initializers(_ configuration: NetworkConfiguration) -> [InitializerKind] {
    configuration.layers.compactMap { ($0.layer as? Dense)?.initializer }
  }

  @Test(arguments: [("0.2", 0.2), ("0", 0), ("0.999", 0.999)] as [(String, Float)])
  func slope(text: String, slope: Float) throws {
    let configuration = try configuration(
      layers: #"{ "type": "dense", "units": 2, "activation": "leakyRelu", "slope": \#(text) }"#)
    let layer = configuration.network(inputs: 3).layers[0]
    #expect(layer.activation == Activation(.leakyRelu, slope: slope))
  }

  @Test(arguments: [
    #"{ "type": "dense", "units": 3 }"#,
    #"{ "type": "dense", "units": 5, "activation": "leakyRelu" }, { "type": "dense", "units": 2, "activation": "tanh" }"#,
    #"{ "type": "dense", "units": 5, "activation": "leakyRelu", "slope": 0.125 }"#,
    #"{ "type": "batchNorm" }, { "type": "dropout", "rate": 0.5 }, { "type": "activation", "activation": "tanh" }"#,
    #"{ "type": "layerNorm", "epsilon": 0.5 }, { "type": "gaussianNoise", "standardDeviation": 0.5 }"#,
    #"{ "type": "batchNorm", "momentum": 0.5, "epsilon": 0.25 }, { "type": "dense", "units": 3, "bias": false }"#,
  ]) func roundTrip(layers: String) throws {
    for more in ["", #", "initializer": "zeros""#, #", "initialWeights": "a b.safetensors""#] {
      let (configuration, resolved, issues) = try read(
        #"{ "network": { "layers": [\#(layers)]\#(more) }, "loss": "squaredError" }"#)
      try #require(issues == [] && configuration != nil)
      let again = try read(resolved.compactText)
      #expect(again.issues == [] && again.resolved == resolved)
      // Paths are absolute now.
      let weights = configuration?.initialWeights.map { InitialWeights(path: "/folder/" + $0.path) }
      #expect(again.configuration?.layers == configuration?.layers && again.configuration?.initialWeights == weights)
    }
  }

  /// A layer's own initializer wins over the network's, and that over the activation's.
  @Test func initializers() throws {
    let layers = """
      { "type": "dense", "units": 3, "activation": "relu", "initializer": "zeros" },
      { "type": "dense", "units": 3, "activation": "relu" }
      """
    #expect(initializers(try configuration(layers: layers)) == [.zeros, .heUniform])
    #expect(
      initializers(try configuration(layers: layers, more: #", "initializer": "uniform""#)) == [.zeros, .uniform])
  }

  /// What a model file tells of the layers has no initializer: it does not matter to inference.
  @Test func shapes() throws {
    let configuration = try configuration(layers: #"{ "type": "dense", "units": 3, "activation": "tanh" }"#)
    #expect(configuration.layerShapes.compactText == #"[{"activation":"tanh","type":"dense","units":3}]"#)
    let others = try self.configuration(
      layers:
        #"{ "type": "batchNorm" }, { "type": "dropout", "rate": 0.5 }, { "type": "activation", "activation": "silu" }"#)
    #expect(
      others.layerShapes.compactText
        == #"[{"type":"batchNorm"},{"rate":0.5,"type":"dropout"},{"activation":"silu","type":"activation"}]"#)
  }

  /// A model file tells of a bias where the configuration does, and files of configurations without the key stay as they were.
  @Test func bias() throws {
    let without = try configuration(layers: #"{ "type": "dense", "units": 3, "bias": false }"#)
    #expect(
      without.layers.map(\.description) == [.dense(Dense(units: 3, activation: Activation(.identity), hasBias: false))])
    #expect(
      without.layerShapes.compactText == #"[{"activation":"identity","bias":false,"type":"dense","units":3}]"#)
    let with = try configuration(layers: #"{ "type": "dense", "units": 3, "bias": true }"#)
    #expect(with.layers.map(\.description) == [.dense(Dense(units: 3, activation: Activation(.identity)))])
    #expect(
      try read(
        #"{"loss": "squaredError", "network": {"layers": [{ "type": "dense", "units": 3, "bias": 0 }]}}"#
      ).issues == ["network.layers[0].bias: must be true or false, found 0"])
  }

  /// The keys of normalizations and noise arrive in the layers.
  @Test func keysOfLayers() throws {
    let layers = """
      { "type": "batchNorm", "momentum": 0.5 }, { "type": "batchNorm", "epsilon": 0.25 }, { "type": "layerNorm" },
      { "type": "layerNorm", "epsilon": 0.125 }, { "type": "gaussianNoise", "standardDeviation": 0.75 }
      """
    #expect(
      try configuration(layers: layers).layers.map(\.description) == [
        .batchNorm(BatchNorm(momentum: 0.5)), .batchNorm(BatchNorm(epsilon: 0.25)), .layerNorm(LayerNorm()),
        .layerNorm(LayerNorm(epsilon: 0.125)), .gaussianNoise(GaussianNoise(standardDeviation: 0.75)),
      ])
  }

  /// How the parameters of a layer are trained; a model file says nothing of it.
  @Test func learning() throws {
    let layers = """
      { "type": "dense", "units": 3, "trainable": false }, { "type": "batchNorm", "learningRateFactor": 0.5 },
      { "type": "layerNorm", "trainable": true, "learningRateFactor": 2 }
      """
    let configuration = try configuration(layers: layers)
    let expected = [
      LayerLearning(isTrainable: false), LayerLearning(learningRateFactor: 0.5), LayerLearning(learningRateFactor: 2),
    ]
    #expect(configuration.layers.map(\.learning) == expected)
    #expect(configuration.network(inputs: 2).layers.map(\.learning) == expected)
    #expect(
      configuration.layerShapes.compactText
        == #"[{"activation":"identity","type":"dense","units":3},{"type":"batchNorm"},{"epsilon":1e-5,"type":"layerNorm"}]"#
    )
  }

  /// Every default is filled in.
  @Test func resolvedHasTheDefaults() throws {
    let layer = #"{ "type": "dense", "units": 3, "activation": "leakyRelu" }"#
    let resolved = try read(#"{ "loss": "squaredError", "network": { "layers": [\#(layer)] } }"#).resolved
    let layers = #"[{"activation":"leakyRelu","initializer":"heUniform","slope":0.01,"type":"dense","units":3}]"#
    #expect(resolved.compactText == #"{"loss":"squaredError","network":{"layers":\#(layers)}}"#)
  }

  // MARK: Drawing

  /// Each layer's own default where none is named.
  @Test(arguments: [
    (ActivationKind.relu, InitializerKind.heUniform), (.leakyRelu, .heUniform), (.silu, .heUniform),
    (.selu, .leCunNormal), (.gelu, .heUniform), (.tanh, .glorotUniform),
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
      parameters.initialize(seed: seed)
      return parameters
    }
    let first = draw(automatic, seed: 1).values(block: 0)
    #expect(first == draw(named, seed: 1).values(block: 0))
    #expect(first != draw(other, seed: 1).values(block: 0))
    #expect(first != draw(automatic, seed: 2).values(block: 0))
    // The identity layer's is Glorot's.
    let isGlorot = initializer == .glorotUniform
    #expect((draw(automatic, seed: 1).values(block: 2) == draw(named, seed: 1).values(block: 2)) == isGlorot)
  }
}
