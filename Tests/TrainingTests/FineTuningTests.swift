import ConfigurationSchema
import Files
import Foundation
import Testing

@testable import Training

/// Runs that begin with some layers of a model, or with tensors of another program.
@Suite struct FineTuningTests {
  private static let hidden =
    #"{"type": "dense", "units": 5, "activation": "tanh"}, {"type": "batchNorm"}, {"type": "dense", "units": 4, "activation": "relu"}"#
  private static let training = #"{"epochs": 3, "batchSize": 2}"#
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A model of two classes.
  private func pretrain() throws -> Safetensors {
    let draft = Draft(
      network: #"{"layers": [\#(Self.hidden), {"type": "dense", "units": 2, "activation": "softmax"}]}"#,
      training: Self.training)
    try train(draft.configuration(in: folder), output: folder.url.appending(path: "first"))
    return try Safetensors(folder.read("first/model.safetensors"), file: "model")
  }

  /// The same features with three classes, `weights` for `network.initialWeights`.
  private func draft(_ weights: String?) -> Draft {
    Draft(
      dataset: """
        {"train": {"format": "inline", "features": [[0,0],[0,1],[1,0],[1,1]], "targets": ["x","y","z","y"]}}
        """,
      network: """
        {"layers": [\(Self.hidden), {"type": "dense", "units": 3, "activation": "softmax"}]\
        \(weights.map { #", "initialWeights": \#($0)"# } ?? "")}
        """, training: Self.training)
  }

  private func loop(_ weights: String?, _ options: Run.Options = .init()) throws -> TrainingLoop {
    try TrainingLoop(draft(weights).configuration(in: folder), options)
  }

  /// The layers that are taken begin with the tensors of the file, and the others as they would without one; then all are trained.
  @Test func aNewHead() throws {
    let model = try pretrain()
    let drawn = try loop(nil).parameters.tensors
    let weights = #"{"path": "first/model.safetensors", "layers": [0, 1, 2]}"#
    for options in machines {
      let loop = try loop(weights, options)
      // The classes of the head are nobody's concern where it is new.
      #expect(loop.notices == [])
      for (tensor, drawn) in zip(loop.parameters.tensors, drawn) {
        let expected = tensor.name.hasPrefix("layers.3.") ? drawn : try #require(model[tensor.name])
        #expect(tensor == expected, "\(tensor.name)")
        #expect(tensor.name.hasSuffix(".3.bias") || model[tensor.name] != drawn, "it could not be told apart")
      }
      let start = loop.parameters.tensors
      while try loop.advance() != nil {}
      #expect(zip(loop.parameters.tensors, start).allSatisfy { $0 != $1 })
    }
    // Another seed draws another head, and nothing else.
    let other = try TrainingLoop(
      draft(weights).configuration(in: folder, overrides: [("seed", "2")]), .init()
    ).parameters.tensors
    #expect(other.dropLast(2) == model.tensors.dropLast(2) && other.suffix(2).first != drawn.suffix(2).first)
  }

  /// All layers together do not fit, and a head of other classes is told where it fits.
  @Test func theOldHead() throws {
    _ = try pretrain()
    let error = #expect(throws: InputError.self) { try loop(#""first/model.safetensors""#) }
    #expect(
      error?.description
        == "first/model.safetensors: the tensor 'layers.3.weight' has the shape [2, 4], and the network needs [3, 4]")
    var draft = draft(#"{"path": "first/model.safetensors"}"#)
    draft.network = draft.network.replacing(#""units": 3"#, with: #""units": 2"#)
    draft.dataset = draft.dataset.replacing(#""z""#, with: #""x""#)
    #expect(
      try TrainingLoop(draft.configuration(in: folder), .init()).notices == [
        "first/model.safetensors: the classes of the model are 'a' and 'b', and those of the data are 'x' and 'y'"
      ])
  }

  /// Tensors with names of their own give the same run as those with ours; a configuration says where they are for good.
  @Test func otherNames() throws {
    let model = try pretrain()
    let names = ["layers.0": "fc1", "layers.1": "norm", "layers.2": "fc2", "layers.3": "head"]
    let tensors = model.tensors.map { tensor in
      let (layer, part) = (String(tensor.name.prefix(8)), tensor.name.dropFirst(8))
      return Safetensors.Tensor(name: names[layer]! + part, shape: tensor.shape, values: tensor.values)
    }
    try folder.write(Safetensors(metadata: [:], tensors: tensors).data, to: "other.safetensors")
    func outcome(_ weights: String, _ name: String) throws -> Outcome {
      try train(draft(weights).configuration(in: folder), output: folder.url.appending(path: name))
      return try Outcome(folder.url.appending(path: name))
    }
    let expected = try outcome(#"{"path": "first/model.safetensors", "layers": [0, 1, 2]}"#, "a")
    let map = #"{"fc1": "layers.0", "norm": "layers.1", "fc2": "layers.2"}"#
    #expect(
      try outcome(#"{"path": "other.safetensors", "layers": [0, 1, 2], "names": \#(map)}"#, "b") == expected)
    #expect(try outcome(#"{"path": "other.safetensors", "layers": [0, 1, 2], "match": "order"}"#, "c") == expected)
    let resolved = try JSONValue(folder.read("b/config.json"))["network"]?["initialWeights"]
    #expect(resolved?["path"]?.string == folder.url.appending(path: "other.safetensors").path)
    #expect(
      resolved?["layers"] == [0, 1, 2] && resolved?["match"] == "name" && resolved?["names"]?["norm"] == "layers.1")
    // The run can be made again from its own folder.
    let again = try RunConfiguration(file: folder.url.appending(path: "b/config.json").path)
    try train(again, output: folder.url.appending(path: "d"))
    #expect(try Outcome(folder.url.appending(path: "d")) == expected)
  }

  /// Where a string says it all, the resolved configuration has a string, as ever.
  @Test func aPathAlone() throws {
    let path = folder.url.appending(path: "w.safetensors").path
    for weights in [#""w.safetensors""#, #"{"path": "w.safetensors"}"#] {
      let json = try draft(weights).configuration(in: folder).json
      #expect(json["network"]?["initialWeights"] == .string(path))
    }
  }
}
