import ConfigurationSchema
import Files
import Foundation
import Kernels
import Testing

@testable import Training

@Suite struct ModelFileTests {
  private let csv = "length,width,kind\n1,10,b\n2,20,a\n3,40,b\n"
  private let draft = Draft(
    dataset: #"{"train": {"format": "csv", "path": "d.csv", "target": "kind"}, "scaling": "minMax"}"#)

  /// The model of a short run and its description.
  private func model(_ draft: Draft, _ folder: TemporaryFolder, _ name: String = "r") throws -> (Data, JSONValue) {
    try folder.write(csv, to: "d.csv")
    try train(draft.configuration(in: folder), output: folder.url.appending(path: name))
    let data = try folder.read("\(name)/model.safetensors")
    let metadata = try Safetensors(data, file: "model").metadata
    #expect(metadata.keys.sorted() == ["lockstep"])
    return (data, try JSONValue(Data((metadata["lockstep"] ?? "").utf8)))
  }

  @Test func tensorsHaveTheirNamesAndShapes() throws {
    let (data, _) = try model(draft, TemporaryFolder())
    let file = try Safetensors(data, file: "model")
    #expect(file.tensors.map(\.name) == ["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"])
    #expect(file.tensors.map(\.shape) == [[3, 2], [3], [2, 3], [2]])
    #expect(file.tensors.allSatisfy { $0.values.allSatisfy { $0.isFinite } })
  }

  @Test func metadataHoldsWhatInferenceNeeds() throws {
    let (_, description) = try model(draft, TemporaryFolder())
    #expect(description.keys == ["arithmeticVersion", "classes", "features", "layers", "loss", "scaling", "targets"])
    #expect(description["arithmeticVersion"] == .integer(arithmeticVersion))
    #expect(description["classes"] == .array([.string("a"), .string("b")]))
    #expect(description["features"] == .array([.string("length"), .string("width")]))
    #expect(description["targets"] == .array([.string("kind")]))
    #expect(description["loss"] == .string("crossEntropy"))
    #expect(description["layers"]?.elements.map { $0["activation"]?.string } == ["tanh", "softmax"])
    #expect(description["scaling"]?["shift"] == .array([.integer(1), .integer(10)]))
    let scale = description["scaling"]?["scale"]?.elements.compactMap(\.double) ?? []
    // Read as Float, they are the very numbers that were used.
    #expect(scale.map { Float($0) } == [0.5, Float(1.0 / 30)])
  }

  @Test func equalRunsGiveEqualFiles() throws {
    let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
    let one = try model(draft, first)
    #expect(try model(draft, second).0 == one.0, "neither folder nor time nor name are in the file")
    var other = draft
    other.more = #", "name": "another""#
    #expect(try model(other, first, "other").0 == one.0)
    other.more = #", "seed": 2"#
    #expect(try model(other, first, "seed").0 != one.0)
  }

  /// A model is a start for another run: no step changes it if η is tiny.
  @Test func modelsAreInitialWeights() throws {
    let folder = try TemporaryFolder()
    let (data, _) = try model(draft, folder)
    var next = draft
    next.network.removeLast()
    next.network += #", "initialWeights": "r/model.safetensors"}"#
    next.optimizer = #"{"type": "sgd", "learningRate": 1e-30}"#
    #expect(try model(next, folder, "next").0 == data)
    next.optimizer = #"{"type": "sgd", "learningRate": 0.5}"#
    #expect(try model(next, folder, "more").0 != data)
  }

  @Test func numbersHaveNoClasses() throws {
    var regression = draft
    regression.dataset = #"{"train": {"format": "csv", "path": "d.csv", "target": "width", "features": ["length"]}}"#
    regression.network = #"{"layers": [{"type": "dense", "units": 1}]}"#
    regression.loss = #""squaredError""#
    regression.optimizer = #"{"type": "sgd", "learningRate": 0.001}"#
    #expect(try model(regression, TemporaryFolder()).1["classes"] == .null)
  }
}
