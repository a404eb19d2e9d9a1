import ConfigurationSchema
import Foundation
import NeuralNetworks
import Testing

/// The messages for what is wrong in `network` and `loss`.
@Suite struct NetworkConfigurationErrorTests {
  private func issues(_ json: String) throws -> [String] {
    let issues = IssueCollector()
    let value = try JSONValue(parsing: Data(json.utf8), file: "test.json")
    let configuration = Section.read(value, issues: issues) { NetworkConfiguration($0) }.result
    #expect(configuration != nil || !issues.issues.isEmpty)
    return issues.issues.map(\.description)
  }

  private func issues(layers: String, loss: String = "squaredError") throws -> [String] {
    try issues(#"{ "network": { "layers": [\#(layers)] }, "loss": "\#(loss)" }"#)
  }

  /// With one layer of the members `layer`.
  private func issues(layer: String) throws -> [String] { try issues(layers: "{ \(layer) }") }

  private static let names =
    "identity, sigmoid, tanh, relu, leakyRelu, silu, elu, selu, gelu, mish, softplus, softsign, hardSigmoid, exponential, softmax"

  @Test func unknownActivation() throws {
    #expect(
      try issues(layer: #""type": "dense", "units": 3, "activation": "sigmiod""#) == [
        "network.layers[0].activation: unknown value 'sigmiod'; did you mean 'sigmoid'? allowed: \(Self.names)"
      ])
    #expect(
      try issues(layer: #""type": "dense", "units": 3, "activation": "leakyReLU""#) == [
        "network.layers[0].activation: unknown value 'leakyReLU'; did you mean 'leakyRelu'? allowed: \(Self.names)"
      ])
    #expect(
      try issues(layer: #""type": "dense", "units": 3, "activation": "quadratic""#) == [
        "network.layers[0].activation: unknown value 'quadratic'; allowed: \(Self.names)"
      ])
  }

  /// One mistake makes one message: the loss cannot know what was meant.
  @Test func misspeltLastActivation() throws {
    let found = try issues(
      layers: #"{ "type": "dense", "units": 3, "activation": "sofmax" }"#, loss: "crossEntropy")
    let message = "network.layers[0].activation: unknown value 'sofmax'; did you mean 'softmax'? allowed: \(Self.names)"
    #expect(found == [message])
  }

  /// Likewise the slope of a misspelt leaky activation.
  @Test func slopeOfAMisspeltActivation() throws {
    let found = try issues(layer: #""type": "dense", "units": 3, "activation": "leaky", "slope": 0.1"#)
    let message = "network.layers[0].activation: unknown value 'leaky'; allowed: \(Self.names)"
    #expect(found == [message])
  }

  @Test func softmaxBeforeTheLastLayer() throws {
    let softmax = #"{ "type": "dense", "units": 3, "activation": "softmax" }"#
    #expect(
      try issues(layers: "\(softmax), \(softmax)", loss: "crossEntropy") == [
        "network.layers[0].activation: softmax must be in the last layer"
      ])
    #expect(try issues(layers: softmax, loss: "crossEntropy") == [])
  }

  @Test func lossAndActivation() throws {
    func issues(_ activation: String, _ loss: String) throws -> [String] {
      try self.issues(layers: #"{ "type": "dense", "units": 3, "activation": "\#(activation)" }"#, loss: loss)
    }
    #expect(
      try issues("sigmoid", "crossEntropy") == [
        "network.layers[0].activation: the loss crossEntropy needs softmax in the last layer, found sigmoid"
      ])
    #expect(
      try issues("identity", "binaryCrossEntropy") == [
        "network.layers[0].activation: the loss binaryCrossEntropy needs sigmoid in the last layer, found identity"
      ])
    for loss in LossKind.allCases {
      for activation in ActivationKind.allCases {
        let fits = loss.activations.contains(activation)
        #expect(try issues(activation.rawValue, loss.rawValue).isEmpty == fits)
      }
    }
  }

  @Test(arguments: [
    ("0", "must be from 1 to 16777216, found 0"), ("-3", "must be from 1 to 16777216, found -3"),
    ("16777217", "must be from 1 to 16777216, found 16777217"),
    ("2.5", "must be a whole number from 1 to 16777216, found 2.5"),
    (#""many""#, "must be a whole number from 1 to 16777216, found 'many'"),
  ]) func units(value: String, message: String) throws {
    #expect(try issues(layer: #""type": "dense", "units": \#(value)"#) == ["network.layers[0].units: \(message)"])
  }

  @Test func hugeUnits() throws {
    #expect(try issues(layer: #""type": "dense", "units": 1e300"#).count == 1)
    #expect(try issues(layer: #""type": "dense", "units": 16777216"#) == [])
  }

  @Test func missingKeys() throws {
    #expect(try issues("{}") == ["loss: is required", "network: is required"])
    #expect(try issues(#"{ "loss": "squaredError", "network": {} }"#) == ["network.layers: is required"])
    // Which keys a layer has is not known without its type.
    #expect(try issues(layers: "{}") == ["network.layers[0].type: is required"])
    #expect(try issues(layer: #""type": "dense""#) == ["network.layers[0].units: is required"])
    #expect(
      try issues(layers: "") == [
        "network.layers: must be a list of at least one object, found an empty list"
      ])
  }

  @Test func wrongKinds() throws {
    #expect(
      try issues(#"{ "loss": "squaredError", "network": 3 }"#) == ["network: must be an object, found 3"])
    #expect(try issues(layers: "7") == ["network.layers[0]: must be an object, found 7"])
    #expect(
      try issues(layer: #""type": "conv", "units": 3"#) == [
        "network.layers[0].type: unknown value 'conv'; allowed: dense, activation, batchNorm, layerNorm, dropout, "
          + "gaussianNoise"
      ])
  }

  /// Only the leaky activation has one.
  @Test func slope() throws {
    let layer = #""type": "dense", "units": 3, "activation": "#
    #expect(
      try issues(layer: layer + #""relu", "slope": 0.1"#) == [
        "network.layers[0].slope: has no effect here; remove it"
      ])
    for (slope, found) in [("1", "1"), ("-0.1", "-0.1")] {
      #expect(
        try issues(layer: layer + #""leakyRelu", "slope": "# + slope) == [
          "network.layers[0].slope: must be at least 0 and less than 1, found \(found)"
        ])
    }
  }

  // MARK: Layers without units

  @Test(arguments: [
    ("1", "must be at least 0 and less than 1, found 1"), ("-0.5", "must be at least 0 and less than 1, found -0.5"),
    (#""half""#, "must be a number at least 0 and less than 1, found 'half'"),
  ]) func rateOfDropout(value: String, message: String) throws {
    #expect(try issues(layer: #""type": "dropout", "rate": \#(value)"#) == ["network.layers[0].rate: \(message)"])
  }

  @Test(arguments: [
    (#""batchNorm", "momentum": 1.5"#, "momentum: must be from 0 to 1, found 1.5"),
    (#""batchNorm", "momentum": -0.1"#, "momentum: must be from 0 to 1, found -0.1"),
    (#""batchNorm", "epsilon": 0"#, "epsilon: must be greater than 0, found 0"),
    (#""layerNorm", "epsilon": -1"#, "epsilon: must be greater than 0, found -1"),
    (#""gaussianNoise", "standardDeviation": -0.5"#, "standardDeviation: must be at least 0, found -0.5"),
    (#""gaussianNoise""#, "standardDeviation: is required"),
  ]) func normsAndNoise(layer: String, message: String) throws {
    #expect(try issues(layer: #""type": "# + layer) == ["network.layers[0].\(message)"])
  }

  /// Softmax makes sense behind all other layers alone, as a layer of its own as well.
  @Test func softmaxBeforeOtherLayers() throws {
    let layers = #"{ "type": "activation", "activation": "softmax" }, { "type": "dense", "units": 2 }"#
    #expect(try issues(layers: layers) == ["network.layers[0].activation: softmax must be in the last layer"])
  }

  @Test func keysOfOtherLayers() throws {
    #expect(
      try issues(layers: #"{ "type": "dense", "units": 2 }, { "type": "dropout" }"#) == [
        "network.layers[1].rate: is required"
      ])
    #expect(
      try issues(layers: #"{ "type": "dense", "units": 2 }, { "type": "activation" }"#) == [
        "network.layers[1].activation: is required"
      ])
    #expect(try issues(layer: #""type": "batchNorm", "units": 3"#).count == 1)
    #expect(try issues(layer: #""type": "layerNorm", "momentum": 0.5"#).count == 1)
  }

  /// There must be something to train; and outputs that are the features themselves would be nobody's memory.
  @Test func nothingToTrain() throws {
    for layers in [
      #"{ "type": "dropout", "rate": 0.5 }"#, #"{ "type": "activation", "activation": "identity" }"#,
      #"{ "type": "activation", "activation": "tanh" }, { "type": "dropout", "rate": 0 }"#,
    ] {
      #expect(
        try issues(layers: layers) == [
          "network.layers: must have a layer to train, 'dense', 'batchNorm' or 'layerNorm'"
        ])
    }
    #expect(try issues(layers: #"{ "type": "batchNorm" }"#) == [])
  }

  /// A rate below 1 that rounds to 1 as a Float would leave nothing.
  @Test func rateJustBelowOne() throws {
    let value = try JSONValue(
      parsing: Data(
        #"""
        { "network": { "layers": [{ "type": "dense", "units": 1 }, { "type": "dropout", "rate": 0.999999999 }] },
          "loss": "squaredError" }
        """#.utf8), file: "test.json")
    let issues = IssueCollector()
    _ = Section.read(value, issues: issues) { NetworkConfiguration($0) }
    #expect(
      issues.issues.map(\.description) == [
        "network.layers[1].rate: must be at least 0 and less than 1 in single precision, found 0.999999999, which is rounded to 1.0"
      ])
  }

  /// The activation of the last layer is what the loss needs, wherever it stands.
  @Test func activationsOfTheirOwn() throws {
    let dense = #"{ "type": "dense", "units": 3 }"#
    func activation(_ name: String) -> String { #"{ "type": "activation", "activation": "\#(name)" }"# }
    #expect(try issues(layers: "\(dense), \(activation("softmax"))", loss: "crossEntropy") == [])
    #expect(
      try issues(layers: "\(dense), \(activation("tanh"))", loss: "crossEntropy") == [
        "network.layers[1].activation: the loss crossEntropy needs softmax in the last layer, found tanh"
      ])
    #expect(
      try issues(layers: "\(dense), \(activation("softmax")), \(dense)") == [
        "network.layers[1].activation: softmax must be in the last layer"
      ])
  }

  @Test func severalAtOnce() throws {
    let json = """
      {
        "network": {
          "layers": [
            { "type": "dense", "units": 0, "activation": "relu" },
            { "type": "dense", "units": 3, "activaton": "tanh" }
          ],
          "initializer": "heUnifrom",
          "initialWeights": null,
          "layer": []
        },
        "loss": "hingee"
      }
      """
    let losses = LossKind.allCases.map(\.rawValue).joined(separator: ", ")
    let initializers =
      "heUniform, heNormal, glorotUniform, glorotNormal, leCunUniform, leCunNormal, truncatedNormal, orthogonal, uniform, zeros"
    #expect(
      try issues(json) == [
        "loss: unknown value 'hingee'; did you mean 'hinge'? allowed: \(losses)",
        "network.initializer: unknown value 'heUnifrom'; did you mean 'heUniform'? allowed: \(initializers)",
        "network.layers[0].units: must be from 1 to 16777216, found 0",
        "network.layers[1].activaton: unknown key; did you mean 'activation'?",
        "network.initialWeights: must be a path or an object, found null",
        "network.layer: unknown key; did you mean 'layers'?",
      ])
  }
}
