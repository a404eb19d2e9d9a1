import ConfigurationSchema
import Files
import Foundation
import Kernels
import NeuralNetworks
import Testing

@testable import Models

@Suite struct ModelTests {
  /// The sentence about a model that cannot be used; nil if it can.
  private func problem(_ change: (inout Safetensors) throws -> Void) throws -> String? {
    var file = try ExpectedModel.named("xor").file
    try change(&file)
    do {
      _ = try Model(file.data, file: "m.safetensors")
      return nil
    } catch {
      #expect(error.kind == .malformed && error.file == "m.safetensors")
      return error.message
    }
  }

  /// The sentence after a change of the members of the metadata.
  private func problem(members change: (inout [String: JSONValue]) -> Void) throws -> String? {
    try problem { (file: inout Safetensors) in
      guard case .object(var members) = try JSONValue(parsing: Data((file.metadata["lockstep"] ?? "").utf8), file: "m")
      else { return }
      change(&members)
      file.metadata["lockstep"] = JSONValue.object(members).compactText
    }
  }

  // MARK: Sound files

  @Test func whatIsRead() throws {
    let model = try Model(ExpectedModel.named("leakyRelu").file.data, file: "m")
    #expect(model.network.widths == [4, 7, 2])
    #expect(
      model.configuration.layers.map(\.layer.activation) == [Activation(.leakyRelu, slope: 0.125), Activation(.tanh)])
    #expect(model.network.loss.kind == .halfSquaredError && model.arithmetic == 1)
    #expect(model.schema.featureNames == ["x0", "x1", "x2", "x3"] && model.schema.targetNames == ["y0", "y1"])
    #expect(model.schema.classes == nil && model.schema.scaling.shift.count == 4)
    #expect(model.parameters.layout.trainedCount == 5 * 7 + 8 * 2)
    #expect(try Model(ExpectedModel.named("softmax").file.data, file: "m").schema.classes == ["c0", "c1", "c2", "c3"])
  }

  /// What was read is written again, to the byte once it is as the program spells it.
  @Test func roundTrips() throws {
    for expected in try ExpectedModel.all() {
      let model = try Model(expected.file.data, file: expected.name)
      let content = model.safetensors.data
      let again = try Model(content, file: expected.name)
      #expect(again.safetensors.data == content && again.schema == model.schema, "\(expected.name)")
      #expect(try Safetensors(content, file: "m").tensors == expected.file.tensors)
      #expect(again.configuration == model.configuration && again.arithmetic == model.arithmetic)
    }
  }

  /// A model keeps the version of the arithmetic that trained it; without one it is of version 1.
  @Test func arithmeticVersions() throws {
    for (value, version) in [(JSONValue.integer(7), 7), (nil, 1)] {
      var file = try ExpectedModel.named("xor").file
      guard case .object(var members) = try JSONValue(parsing: Data((file.metadata["lockstep"] ?? "").utf8), file: "m")
      else { return }
      members["arithmeticVersion"] = value
      file.metadata["lockstep"] = JSONValue.object(members).compactText
      let model = try Model(file.data, file: "m")
      #expect(model.arithmetic == version && ModelFile.arithmetic(of: file) == version)
      #expect(try Model(model.safetensors.data, file: "m").arithmetic == version)
    }
    #expect(ModelFile.arithmetic(of: Safetensors(metadata: [:], tensors: [])) == 1)
  }

  @Test func filesOfTheSystem() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "ModelsTests-\(UUID().uuidString)")
    let missing = #expect(throws: InputError.self) { try Model(contentsOf: url, name: "m") }
    #expect(missing == InputError(.missing, file: "m", "there is no such model file"))
    defer { try? FileManager.default.removeItem(at: url) }
    try ExpectedModel.named("xor").file.data.write(to: url)
    #expect(try Model(contentsOf: url).schema.featureNames == ["a", "b"])
    try Data("x".utf8).write(to: url)
    let damaged = #expect(throws: InputError.self) { try Model(contentsOf: url) }
    #expect(damaged?.kind == .malformed && damaged?.file == url.path)
    try FileManager.default.removeItem(at: url)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    #expect(#expect(throws: InputError.self) { try Model(contentsOf: url) }?.kind == .unreadable)
  }

  // MARK: Damaged metadata

  @Test func otherMetadata() throws {
    #expect(try problem { (_: inout Safetensors) in } == nil)
    #expect(
      try problem { $0.metadata = [:] } == "this is not a model of Lockstep: the metadata 'lockstep' is missing")
    for text in ["", "{", "[]", "1", #"{"layers": 1, "layers": 2}"#, "{}"] {
      let sentence = try problem { $0.metadata["lockstep"] = text }
      #expect(sentence?.hasPrefix("the metadata 'lockstep' is not that of a model: ") == true, "\(sentence ?? "none")")
      #expect(sentence?.contains("\n") == false)
    }
  }

  @Test(arguments: ["layers", "loss", "features", "targets", "scaling"]) func missingMembers(key: String) throws {
    let sentence = try problem { (members: inout [String: JSONValue]) in members[key] = nil }
    #expect(sentence?.contains(key) == true, "\(sentence ?? "none")")
  }

  static let changes: [(String, JSONValue, String)] = [
    ("more", .integer(1), "more: unknown key"), ("loss", .string("crossEntrop"), "did you mean 'crossEntropy'?"),
    ("loss", .string("crossEntropy"), "needs softmax"), ("layers", .array([]), "network.layers: must be a list"),
    ("layers", .array([.object(["type": .string("dense"), "units": .integer(0)])]), "network.layers[0].units"),
    ("layers", .array([.object(["type": .string("conv"), "units": .integer(1)])]), "network.layers[0].type"),
    ("features", .array([.integer(1)]), "features[0]: must be a string"),
    ("features", .array([.string("a")]), "scaling.shift: must have 1 numbers, one for each feature, found 2"),
    ("scaling", .null, "scaling: must be an object"),
    ("scaling", .object(["shift": .array([.integer(0), .integer(0)])]), "scaling.scale: is required"),
    (
      "scaling", .object(["shift": .array([.integer(0), .null]), "scale": .array([.integer(1), .integer(1)])]),
      "scaling.shift[1]: must be a finite number"
    ),
    (
      "scaling",
      .object(["shift": .array([.integer(0), .number(1e39)]), "scale": .array([.integer(1), .integer(1)])]),
      "scaling.shift[1]: must be a finite number"
    ),
    ("classes", .array([.string("0"), .string("1"), .string("2")]), "classes: must be as many as the 1 output"),
    ("classes", .integer(1), "classes: must be null or a list of strings"),
    ("arithmeticVersion", .string("1"), "arithmeticVersion: must be a whole number"),
    ("arithmeticVersion", .integer(0), "arithmeticVersion: must be at least 1"),
  ]

  @Test(arguments: changes) func wrongMembers(key: String, value: JSONValue, part: String) throws {
    let sentence = try problem { (members: inout [String: JSONValue]) in members[key] = value }
    #expect(sentence?.contains(part) == true, "\(sentence ?? "none")")
  }

  /// Numbers need as many targets as there are outputs.
  @Test func targetsAreOutputs() throws {
    let sentence = try problem { (members: inout [String: JSONValue]) in
      members["classes"] = .null
      members["targets"] = .array([.string("y"), .string("z")])
    }
    #expect(sentence?.hasSuffix("targets: must be as many as the 1 output of the last layer, found 2") == true)
  }

  // MARK: Damaged tensors

  @Test func wrongTensors() throws {
    func tensor(_ name: String, _ shape: [Int], _ value: Float = 1) -> Safetensors.Tensor {
      .init(name: name, shape: shape, values: .init(repeating: value, count: shape.reduce(1, *)))
    }
    #expect(
      try problem { $0.tensors.removeLast() }?.hasPrefix("the tensor 'layers.1.bias' is missing; the file holds ")
        == true)
    #expect(
      try problem { $0.tensors[0] = tensor("layers.0.weight", [4, 1]) }
        == "the tensor 'layers.0.weight' has the shape [4, 1], and the network needs [2, 2]")
    #expect(
      try problem { $0.tensors.append(tensor("layers.2.bias", [1])) }
        == "the tensor 'layers.2.bias' belongs to no layer of the model")
    for value in [Float.nan, .infinity, -.infinity] {
      #expect(
        try problem { $0.tensors[1] = tensor("layers.0.bias", [2], value) }
          == "the tensor 'layers.0.bias' holds \(value), and numbers must be finite")
    }
  }

  /// Layers of any size that the file does not hold are refused before there is memory for them.
  @Test func sizesAreThoseOfTheFile() throws {
    let sentence = try problem { (members: inout [String: JSONValue]) in
      let layer: [String: JSONValue] = [
        "type": .string("dense"), "units": .integer(1 << 24), "activation": .string("sigmoid"),
      ]
      guard case .array(let layers)? = members["layers"] else { return }
      members["layers"] = .array([.object(layer), .object(layer), layers[1]])
    }
    #expect(sentence?.contains("has the shape [2, 2], and the network needs [16777216, 2]") == true)
  }

  /// A file that is cut or changed in any bit is an error, or another model, and never a trap.
  @Test func damageIsNoTrap() throws {
    let content = try ExpectedModel.named("xor").file.data
    for length in 0..<content.count {
      #expect(throws: InputError.self, "\(length) bytes") { try Model(content.prefix(length), file: "m") }
    }
    var errors = 0
    for bit in 0..<content.count * 8 {
      var flipped = content
      flipped[bit / 8] ^= 1 << UInt8(bit % 8)
      do { _ = try Model(flipped, file: "m").predict([[0, 1]]) } catch { errors += 1 }
    }
    #expect(errors > content.count)
  }
}
