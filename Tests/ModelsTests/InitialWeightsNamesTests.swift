import Files
import Foundation
import Kernels
import NeuralNetworks
import Testing

@testable import Models

/// Tensors that another program calls otherwise.
@Suite struct InitialWeightsNamesTests {
  private let tensors = [
    tensor("fc1.weight", 3, 2, first: 10), tensor("fc1.bias", 3, first: 20), tensor("fc2.weight", 2, 3, first: 30),
    tensor("fc2.bias", 2, first: 40),
  ]

  private func parameters() -> Parameters { Parameters(dense(3), dense(2)) }

  private func problem(_ names: [String: String], _ tensors: [Safetensors.Tensor]? = nil, layers: [Int]? = nil) throws
    -> String?
  {
    try WeightsFile(tensors ?? self.tensors, .names(names), layers: layers).problem(parameters())
  }

  // MARK: What fits

  @Test(arguments: [
    ["fc1": "layers.0", "fc2": "layers.1"],
    [
      "fc1.weight": "layers.0.weight", "fc1.bias": "layers.0.bias", "fc2.weight": "layers.1.weight",
      "fc2.bias": "layers.1.bias",
    ],
    // The longest key counts.
    ["fc1": "layers.1", "fc1.weight": "layers.0.weight", "fc1.bias": "layers.0.bias", "fc2": "layers.1"],
  ]) func beginningsAndWholeNames(names: [String: String]) throws {
    let parameters = parameters()
    #expect(try WeightsFile(tensors, .names(names)).load(into: parameters) == [])
    #expect(parameters.layout.blocks.map { parameters[$0.name] } == tensors.map(\.values))
  }

  /// A key and a value may be the beginning of many names.
  @Test func aBeginningOfAll() throws {
    let tensors = [
      tensor("net.body.0.weight", 3, 2, first: 1), tensor("net.body.0.bias", 3, first: 2),
      tensor("net.body.1.weight", 2, 3, first: 3), tensor("net.body.1.bias", 2, first: 4),
    ]
    let parameters = parameters()
    #expect(try WeightsFile(tensors, .names(["net.body": "layers"])).load(into: parameters) == [])
    #expect(parameters.layout.blocks.map { parameters[$0.name] } == tensors.map(\.values))
  }

  /// What the map does not lead to is found by its own name.
  @Test func someNamesOfTheirOwn() throws {
    let file = Array(tensors[..<2]) + [tensor("layers.1.weight", 2, 3, first: 7), tensor("layers.1.bias", 2, first: 8)]
    let parameters = parameters()
    #expect(try WeightsFile(file, .names(["fc1": "layers.0"])).load(into: parameters) == [])
    #expect(parameters["layers.0.bias"] == [20, 21, 22] && parameters["layers.1.bias"] == [8, 9])
  }

  /// A tensor is one block: layers can change their places, and one that is led away is not its own any more.
  @Test func layersInOtherPlaces() throws {
    let square = [
      tensor("layers.0.weight", 2, 2, first: 1), tensor("layers.0.bias", 2, first: 5),
      tensor("layers.1.weight", 2, 2, first: 11), tensor("layers.1.bias", 2, first: 15),
    ]
    let parameters = Parameters(dense(2), dense(2))
    let swap = ["layers.0": "layers.1", "layers.1": "layers.0"]
    #expect(try WeightsFile(square, .names(swap)).load(into: parameters) == [])
    #expect(parameters["layers.0.weight"] == [11, 12, 13, 14] && parameters["layers.1.bias"] == [5, 6])
    #expect(
      try WeightsFile(square, .names(["layers.0": "layers.1"])).problem(Parameters(dense(2), dense(2)))
        == "w: the tensor 'layers.0.weight' is missing; the file holds 'layers.0.weight', 'layers.0.bias', "
        + "'layers.1.weight', 'layers.1.bias'; none of network.initialWeights.names leads to it")
    // What the map says wins over a tensor's own name.
    #expect(
      try WeightsFile(square, .names(["layers.0": "layers.1"]), layers: [1]).load(into: parameters) == [
        "w: not used, because network.initialWeights.names leads others to their blocks: 'layers.1.weight' and 'layers.1.bias'"
      ])
    #expect(parameters["layers.1.weight"] == [1, 2, 3, 4])
  }

  @Test func tensorsWithoutABlock() throws {
    let parameters = Parameters(dense(3, hasBias: false), dense(2))
    #expect(
      try WeightsFile(tensors, .names(["fc1": "layers.0", "fc2": "layers.1"])).load(into: parameters) == [
        "w: not used, because no layer of the network has them: 'fc1.bias'"
      ])
    #expect(parameters["layers.0.weight"] == tensors[0].values)
  }

  @Test func someLayers() throws {
    let parameters = parameters()
    #expect(try WeightsFile(tensors, .names(["fc1": "layers.0"]), layers: [0]).load(into: parameters).count == 1)
    #expect(
      parameters["layers.0.bias"] == [20, 21, 22] && parameters["layers.1.weight"] == .init(repeating: 0, count: 6))
    // A beginning of all names may lead to layers that are not taken.
    let net = tensors.map { tensor in
      Safetensors.Tensor(
        name: "net." + tensor.name.replacing("fc1", with: "0").replacing("fc2", with: "1"), shape: tensor.shape,
        values: tensor.values)
    }
    let other = Parameters(dense(3), dense(9))
    #expect(try WeightsFile(net, .names(["net": "layers"]), layers: [0]).load(into: other) == [])
    #expect(other["layers.0.bias"] == [20, 21, 22] && other["layers.1.bias"] == .init(repeating: 0, count: 9))
  }

  // MARK: What does not

  private let holds = "the file holds 'fc1.weight', 'fc1.bias', 'fc2.weight', 'fc2.bias'"

  /// One that lacks a map is told of it.
  @Test func noMap() throws {
    #expect(
      try problem([:])
        == "w: the tensor 'layers.0.weight' is missing; \(holds); network.initialWeights.names can say which of them it is"
    )
  }

  @Test(arguments: [
    // A slip has a suggestion, another number none.
    ("fcc1", "fcc1", " did you mean 'fc1'?"), ("fc1.wieght", #"["fc1.wieght"]"#, " did you mean 'fc1.weight'?"),
    ("fc3", "fc3", ""), ("fc", "fc", ""), ("fc1.", #"["fc1."]"#, " did you mean 'fc1'?"),
  ]) func namesOfNoTensor(key: String, path: String, suggestion: String) throws {
    #expect(
      try problem(["fc2": "layers.1", key: "layers.0"])
        == "w: network.initialWeights.names\(path.hasPrefix("[") ? "" : ".")\(path): no tensor has this name, or one that "
        + "begins so;\(suggestion) \(holds)")
  }

  @Test func aTensorThatIsNoParameter() throws {
    let foreign = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "Expected/foreign.safetensors")
    let file = try WeightsFile(Data(contentsOf: foreign), .names(["bn": "layers.0"]))
    #expect(
      try file.problem(Parameters(dense(2), dense(2)))
        == "w: network.initialWeights.names.bn names 'bn.num_batches_tracked I64', whose type is not that of parameters"
    )
  }

  @Test func blocksThatDoNotExist() throws {
    #expect(
      try problem(["fc1": "layers.0.weight", "fc2": "layers.1"])
        == "w: network.initialWeights.names.fc1 leads to 'layers.0.weight.weight' and 'layers.0.weight.bias', which the network "
        + "does not have; of 'layers.0.weight' it has 'layers.0.weight'")
    #expect(
      try problem(["fc1.weight": "layers.0", "fc2": "layers.1"])
        == #"w: network.initialWeights.names["fc1.weight"] leads to 'layers.0', which the network does not have; of 'layers.0' "#
        + "it has 'layers.0.weight' and 'layers.0.bias'")
  }

  @Test func twoTensorsForOneBlock() throws {
    #expect(
      try problem(["fc1": "layers.0", "fc2": "layers.0"])
        == "w: network.initialWeights.names leads two tensors to 'layers.0.weight', 'fc1.weight' and 'fc2.weight'")
    #expect(
      try problem(["fc1": "layers.0", "fc2": "layers.1", "fc2.bias": "layers.0.bias"])
        == "w: network.initialWeights.names leads two tensors to 'layers.0.bias', 'fc1.bias' and 'fc2.bias'")
  }

  @Test func missingAndWrongTensors() throws {
    #expect(
      try problem(["fc1": "layers.0"])
        == "w: the tensor 'layers.1.weight' is missing; \(holds); none of network.initialWeights.names leads to it")
    #expect(
      try problem(["fc1": "layers.1", "fc2": "layers.0"])
        == "w: the tensor 'fc2.weight' has the shape [2, 3], and the network needs [3, 2] for 'layers.0.weight'")
    let spoilt = tensors[..<3] + [.init(name: "fc2.bias", shape: [2], values: [.infinity, 0])]
    #expect(
      try problem(["fc1": "layers.0", "fc2": "layers.1"], Array(spoilt))
        == "w: the tensor 'fc2.bias' holds inf at place 0, and numbers must be finite")
    #expect(try problem(["fc1": "layers.0"], Array(spoilt), layers: [0]) == nil)
  }

  /// An error leaves the parameters as they were.
  @Test func errorsChangeNothing() throws {
    let (parameters, drawn) = (parameters(), self.parameters())
    for parameters in [parameters, drawn] { parameters.initialize(seed: 3) }
    #expect(try WeightsFile(tensors, .names(["fc1": "layers.0"])).problem(parameters) != nil)
    #expect(parameters.tensors == drawn.tensors)
  }
}
