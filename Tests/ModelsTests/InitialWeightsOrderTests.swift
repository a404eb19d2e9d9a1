import ConfigurationSchema
import Datasets
import Files
import Foundation
import Kernels
import NeuralNetworks
import Testing

@testable import Models

/// Tensors that are matched one after another, and a state dict of PyTorch, which Expected/state_dict.py made.
@Suite struct InitialWeightsOrderTests {
  private func problem(_ tensors: [Safetensors.Tensor], _ parameters: Parameters, layers: [Int]? = nil) throws
    -> String?
  {
    try WeightsFile(tensors, .order, layers: layers).problem(parameters)
  }

  // MARK: What fits

  /// Names that say nothing: the order of the blocks.
  @Test func otherNames() throws {
    let tensors = [
      tensor("w1", 3, 2, first: 10), tensor("b1", 3, first: 20), tensor("out", 2, 3, first: 30),
      tensor("b2", 2, first: 40),
    ]
    let parameters = Parameters(dense(3), dense(2))
    #expect(
      try WeightsFile(tensors, .order).load(into: parameters) == [
        "w: matched in order: layers.0 begins with 'w1' and 'b1'; layers.1 begins with 'out' and 'b2'"
      ])
    #expect(parameters.layout.blocks.map { parameters[$0.name] } == tensors.map(\.values))
  }

  /// Names of blocks find each other within a layer, in whatever order the layer's tensors are.
  @Test func namesWithinALayer() throws {
    let tensors = [
      tensor("z.bias", 2, first: 1), tensor("z.running_mean", 2, first: 2), tensor("z.running_var", 2, first: 3),
      tensor("z.weight", 2, first: 4), tensor("a.bias", 2, first: 5), tensor("a.weight", 2, 2, first: 6),
    ]
    let parameters = Parameters(BatchNorm(), dense(2))
    #expect(
      try WeightsFile(tensors, .order).load(into: parameters) == [
        "w: matched in order: layers.0 begins with 'z.weight', 'z.bias', 'z.running_mean' and 'z.running_var'; "
          + "layers.1 begins with 'a.weight' and 'a.bias'"
      ])
    #expect(parameters["layers.0.weight"] == [4, 5] && parameters["layers.0.bias"] == [1, 2])
    #expect(parameters["layers.0.running_mean"] == [2, 3] && parameters["layers.0.running_var"] == [3, 4])
    #expect(parameters["layers.1.weight"] == [6, 7, 8, 9] && parameters["layers.1.bias"] == [5, 6])
  }

  /// The state dict of a single layer has no name for it.
  @Test func aSingleLayer() throws {
    let parameters = Parameters(dense(2))
    let tensors = [tensor("bias", 2, first: 5), tensor("weight", 2, 2, first: 6)]
    #expect(try WeightsFile(tensors, .order).load(into: parameters).count == 1)
    #expect(parameters["layers.0.weight"] == [6, 7, 8, 9] && parameters["layers.0.bias"] == [5, 6])
  }

  @Test func tensorsThatAreLeft() throws {
    let tensors = [tensor("a.weight", 2, 2), tensor("a.bias", 2), tensor("b.weight", 9)]
    #expect(
      try WeightsFile(tensors, .order).load(into: Parameters(dense(2))) == [
        "w: matched in order: layers.0 begins with 'a.weight' and 'a.bias'",
        "w: not used, because no layer of the network has them: 'b.weight'",
      ])
  }

  /// Layers that are not taken have their places in the order, with as many tensors as the file has for them.
  @Test func someLayers() throws {
    let tensors = [
      tensor("a.weight", 3, 2, first: 1), tensor("a.bias", 3, first: 2), tensor("b.weight", 9, 9),
      tensor("c.weight", 2, 4, first: 3), tensor("c.bias", 2, first: 4),
    ]
    let parameters = Parameters(dense(3), dense(4), dense(2))
    #expect(
      try WeightsFile(tensors, .order, layers: [2, 0]).load(into: parameters) == [
        "w: matched in order: layers.0 begins with 'a.weight' and 'a.bias'; layers.2 begins with 'c.weight' and 'c.bias'"
      ])
    #expect(parameters["layers.0.bias"] == [2, 3, 4] && parameters["layers.2.bias"] == [4, 5])
    #expect(parameters["layers.1.bias"] == [0, 0, 0, 0])
    #expect(try WeightsFile(Array(tensors[..<2]), .order, layers: [0]).load(into: parameters).count == 1)
  }

  /// Long networks fill no screen.
  @Test func manyLayers() throws {
    let layers = (0..<10).map { _ in dense(2) }
    let tensors = layers.indices.flatMap { [tensor("l\($0).weight", 2, 2), tensor("l\($0).bias", 2)] }
    let parameters = Parameters(Network(inputs: 2, layers: layers, loss: .squaredError).layout)
    let notice = try WeightsFile(tensors, .order).load(into: parameters)[0]
    #expect(notice.hasSuffix("; layers.7 begins with 'l7.weight' and 'l7.bias'; … (10 layers in all)"))
  }

  // MARK: What does not

  private let advice = "; network.initialWeights.names, in place of match, can say which is which"

  @Test func shapesThatDoNotFit() throws {
    let tensors = [
      tensor("a.bias", 3), tensor("a.weight", 3, 2), tensor("b.bias", 2), tensor("b.weight", 2, 3),
    ]
    #expect(try problem(tensors, Parameters(dense(3), dense(2))) == nil)
    #expect(
      try problem(tensors, Parameters(dense(3), dense(4)))
        == "w: in the order of the file the tensor 'b.weight' [2, 3] stands where the block 'layers.1.weight' [4, 3] is expected"
        + advice
    )
    #expect(
      try problem(tensors, Parameters(dense(3), dense(2), dense(1)))
        == "w: in the order of the file there is no tensor for the block 'layers.2.weight' [1, 2], and there are no more"
        + advice)
    #expect(
      try problem(tensors, Parameters(dense(3, hasBias: false), dense(2)))
        == "w: in the order of the file the tensor 'a.bias' [3] has no block in layers.0, whose last one is 'layers.0.weight' [3, 2]"
        + advice)
    #expect(
      try problem([tensors[1]] + tensors[2...], Parameters(dense(3), dense(2)))
        == "w: in the order of the file there is no tensor for the block 'layers.0.bias' [3], and 'b.bias' [2] is next"
        + advice)
    #expect(try problem([], Parameters(dense(1)))?.contains("'layers.0.weight' [1, 2], and there are no more;") == true)
  }

  /// Equal shapes alone do not make a mean a scale, or the bias of one layer that of another.
  @Test func namesThatDoNotFit() throws {
    let statistics = [tensor("n.running_mean", 2), tensor("n.running_var", 2)]
    #expect(
      try problem(statistics, Parameters(LayerNorm()))
        == "w: in the order of the file the tensor 'n.running_mean' [2] stands where the block 'layers.0.weight' [2] is expected"
        + advice)
    #expect(
      try problem([tensor("a.weight", 2, 2), tensor("n.bias", 2)], Parameters(dense(2)))
        == "w: in the order of the file there is no tensor for the block 'layers.0.bias' [2], and 'n.bias' [2] is next"
        + advice)
  }

  @Test func numbersThatAreNotFinite() throws {
    let tensors = [tensor("w", 1, 2), Safetensors.Tensor(name: "b", shape: [1], values: [.nan])]
    #expect(
      try problem(tensors, Parameters(dense(1)))
        == "w: the tensor 'b' holds nan at place 0, and numbers must be finite")
  }

  // MARK: A state dict of PyTorch

  private struct Expected: Decodable {
    let rows: [[Float]]
    let outputs: [[Double]]
  }

  private static func content(_ name: String) throws -> Data {
    try Data(
      contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Expected/\(name)"))
  }

  private static let layers = """
    {"type": "dense", "units": 5}, {"type": "batchNorm"}, {"type": "activation", "activation": "relu"},
    {"type": "dense", "units": 5, "activation": "tanh"}, {"type": "dense", "units": 5, "activation": "relu"},
    {"type": "dense", "units": 5, "activation": "tanh"}, {"type": "dropout", "rate": 0.5},
    {"type": "dense", "units": 5, "activation": "tanh"}, {"type": "dense", "units": 3}
    """
  private static let names = [
    "0": "layers.0", "1": "layers.1", "3": "layers.3", "5": "layers.4", "7": "layers.5", "10": "layers.7",
    "12": "layers.8",
  ]

  /// The model of the state dict, and what was told of it.
  private func model(_ match: InitialWeights.Match, _ data: Data) throws -> (model: Model, notices: [String]) {
    let issues = IssueCollector()
    let json = #"{"network": {"layers": [\#(Self.layers)]}, "loss": "squaredError"}"#
    let value = try JSONValue(parsing: Data(json.utf8), file: "test.json")
    let configuration = try #require(Section.read(value, issues: issues) { NetworkConfiguration($0) }.result)
    let parameters = Parameters(configuration.network(inputs: 4).layout)
    let notices = try WeightsFile(data, match).load(into: parameters)
    let schema = SampleSchema(
      featureNames: ["a", "b", "c", "d"], targetNames: ["x", "y", "z"], classes: nil,
      scaling: Scaling(shift: [0, 0, 0, 0], scale: [1, 1, 1, 1]))
    let file = ModelFile.safetensors(configuration, parameters.tensors, schema)
    return (try Model(file.data, file: "m"), notices)
  }

  private func difference(_ model: Model) throws -> Double {
    let expected = try JSONDecoder().decode(Expected.self, from: Self.content("state_dict.json"))
    #expect(expected.rows.count == 6)
    return zip(try model.predict(expected.rows).joined(), expected.outputs.joined()).map { abs(Double($0) - $1) }.max()
      ?? .infinity
  }

  @Test func aStateDict() throws {
    let data = try Self.content("state_dict.safetensors")
    let counter = "w: not used, because no layer of the network has them: '1.num_batches_tracked I64'"
    let byName = try model(.names(Self.names), data)
    #expect(byName.notices == [counter])
    #expect(try difference(byName.model) < 1e-6)
    let inOrder = try model(.order, data)
    #expect(inOrder.notices.last == counter && inOrder.notices.count == 2)
    #expect(
      inOrder.notices[0].contains("layers.5 begins with '7.weight' and '7.bias'; layers.7 begins with '10.weight'"))
    #expect(inOrder.model.parameters.tensors == byName.model.parameters.tensors)
  }

  /// Two layers of equal shapes that change their places are noticed by the outputs, and 10 really stands before 3 in the file.
  @Test func mistakesAreNoticed() throws {
    let data = try Self.content("state_dict.safetensors")
    var names = Self.names
    (names["3"], names["10"]) = (names["10"], names["3"])
    #expect(try difference(model(.names(names), data).model) > 1e-3)
    let file = try Safetensors(data, file: "w", isForeign: true)
    let places = ["10.weight", "3.weight"].map { name in file.tensors.firstIndex { $0.name == name } ?? -1 }
    #expect(places[0] >= 0 && places[0] < places[1])
    // In a file that is not sorted, its order counts.
    let last = try #require(file.tensors.last)
    let moved = Safetensors(metadata: [:], tensors: [last] + file.tensors.dropLast())
    #expect(throws: InputError.self) { try model(.order, moved.data) }
  }
}
