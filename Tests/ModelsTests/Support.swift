import ConfigurationSchema
import Files
import Foundation
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

@Suite struct SupportTests {
  @Test func expectedModelsAreRead() throws {
    let models = try ExpectedModel.all()
    #expect(models.count == 8 && models[0].name == "xor")
    #expect(models.allSatisfy { $0.metadata.contains("arithmeticVersion") && $0.rows.count == $0.outputs.count })
    #expect(Set(models.map(\.metadata)).count == models.count)
  }
}
