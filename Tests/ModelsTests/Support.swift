import ConfigurationSchema
import Datasets
import Files
import Foundation
import NeuralNetworks
import Testing

@testable import Models

/// A model of `Expected/predictions.json`, and what NumPy makes of some samples with it.
struct ExpectedModel: Decodable {
  struct Tensor: Decodable {
    let name: String
    let shape: [Int]
    let values: [Float]
  }

  let name: String
  let tensors: [Tensor]
  let rows: [[Float]]
  let outputs: [[Double]]
  /// The text of the metadata `lockstep`; not a member of its own in the file.
  var metadata = ""

  private enum CodingKeys: String, CodingKey { case name, tensors, rows, outputs }

  static func all() throws -> [ExpectedModel] {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Expected/predictions.json")
    let content = try Data(contentsOf: url)
    var models = try JSONDecoder().decode([ExpectedModel].self, from: content)
    let texts = try #require(try JSONSerialization.jsonObject(with: content) as? [[String: Any]])
    for index in models.indices {
      let metadata = try JSONSerialization.data(withJSONObject: #require(texts[index]["metadata"]))
      models[index].metadata = String(decoding: metadata, as: UTF8.self)
    }
    return models
  }

  static func named(_ name: String) throws -> ExpectedModel {
    try #require(try all().first { $0.name == name })
  }

  /// The model as the content of a file.
  var file: Safetensors {
    Safetensors(
      metadata: ["lockstep": metadata],
      tensors: tensors.map { Safetensors.Tensor(name: $0.name, shape: $0.shape, values: $0.values) })
  }
}

/// Initial weights of a file in memory, which messages call `w`.
struct WeightsFile {
  var data: Data
  var match = InitialWeights.Match.names([:])
  var layers: [Int]?

  init(_ data: Data, _ match: InitialWeights.Match = .names([:]), layers: [Int]? = nil) {
    (self.data, self.match, self.layers) = (data, match, layers)
  }

  init(_ tensors: [Safetensors.Tensor], _ match: InitialWeights.Match = .names([:]), layers: [Int]? = nil) {
    self.init(Safetensors(metadata: [:], tensors: tensors).data, match, layers: layers)
  }

  /// Loads them, and returns the notices.
  func load(into parameters: Parameters, schema: SampleSchema? = nil) throws -> [String] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ModelsTests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try data.write(to: folder.appending(path: "w"))
    return try InitialWeights(path: "w", match: match, layers: layers)
      .load(relativeTo: folder, into: parameters, schema: schema)
  }

  /// What is wrong with them; nil if nothing is.
  func problem(_ parameters: Parameters) throws -> String? {
    do {
      _ = try load(into: parameters)
      return nil
    } catch let error as InputError {
      return error.description
    }
  }
}

/// A tensor of numbers that belong to it alone: `first`, `first` + 1 and so on.
func tensor(_ name: String, _ shape: Int..., first: Float = 0) -> Safetensors.Tensor {
  .init(name: name, shape: shape, values: (0..<shape.reduce(1, *)).map { first + Float($0) })
}

extension Parameters {
  /// Those of a chain of layers for two features, all 0.
  convenience init(_ layers: any Layer...) {
    self.init(Network(inputs: 2, layers: layers, loss: .squaredError).layout)
  }

  /// The numbers of a block by its name.
  subscript(name: String) -> [Float] { block(name).map { values(block: $0) } ?? [] }
}

/// A dense layer without an activation.
func dense(_ units: Int, hasBias: Bool = true) -> Dense {
  Dense(units: units, activation: Activation(.identity), hasBias: hasBias)
}

@Suite struct SupportTests {
  @Test func expectedModelsAreRead() throws {
    let models = try ExpectedModel.all()
    #expect(models.count == 8 && models[0].name == "xor")
    #expect(models.allSatisfy { $0.metadata.contains("arithmeticVersion") && $0.rows.count == $0.outputs.count })
    #expect(Set(models.map(\.metadata)).count == models.count)
  }
}
