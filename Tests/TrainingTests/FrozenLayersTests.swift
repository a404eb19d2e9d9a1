import ConfigurationSchema
import DataParallel
import Datasets
import Files
import Foundation
import Kernels
import NeuralNetworks
import Testing

@testable import Training

/// Layers that are not trained, or that learn more slowly, against PyTorch in Double; Expected/frozen_layers.py made the numbers.
@Suite struct FrozenLayersTests {
  private static let cases: [JSONValue] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Expected/frozen_layers.json")
    return (try? JSONValue(Data(contentsOf: file)).elements) ?? []
  }()

  private func numbers(_ value: JSONValue) -> [Double] {
    value.double.map { [$0] } ?? value.elements.flatMap { numbers($0) }
  }

  private func tensors(_ value: JSONValue?) -> [String: [Double]] {
    guard case .object(let members)? = value else { return [:] }
    return members.mapValues { numbers($0) }
  }

  private func loop(
    _ test: JSONValue, _ options: Run.Options, layers: String? = nil, optimizer: String? = nil,
    in folder: TemporaryFolder
  ) throws -> TrainingLoop {
    guard case .object(let initial)? = test["initial"] else { throw CancellationError() }
    let start = initial.sorted { $0.key < $1.key }.map { name, values in
      let rows = values.elements
      return Safetensors.Tensor(
        name: name, shape: rows[0].elements.isEmpty ? [rows.count] : [rows.count, rows[0].elements.count],
        values: numbers(values).map { Float($0) })
    }
    try folder.write(Safetensors(metadata: [:], tensors: start).data, to: "start.safetensors")
    let rows = test["features"]!.elements.count
    let draft = Draft(
      dataset: """
        {"train": {"format": "inline", "features": \(test["features"]!.compactText), \
        "targets": \(test["targets"]!.compactText)}}
        """,
      network:
        #"{"layers": \#(layers ?? test["layers"]!.compactText), "initialWeights": "start.safetensors"}"#,
      loss: #""squaredError""#, optimizer: optimizer ?? test["optimizer"]!.compactText,
      training: #"{"epochs": 10, "batchSize": \#(rows), "shuffle": false}"#, more: #", "parallel": {"shardRows": 5}"#)
    return try TrainingLoop(draft.configuration(in: folder), options)
  }

  /// The parameters after ten steps.
  private func trained(
    _ test: JSONValue, _ options: Run.Options = machines[0], layers: String? = nil, optimizer: String? = nil
  ) throws -> [Safetensors.Tensor] {
    let folder = try TemporaryFolder()
    let loop = try loop(test, options, layers: layers, optimizer: optimizer, in: folder)
    while try loop.advance() != nil {}
    return loop.parameters.tensors
  }

  private func difference(_ found: [Safetensors.Tensor], _ expected: [String: [Double]]) -> Double {
    guard found.count == expected.count else { return .infinity }
    return found.reduce(0) { most, tensor in
      guard let exact = expected[tensor.name], exact.count == tensor.values.count else { return .infinity }
      return zip(tensor.values, exact).reduce(most) { max($0, abs(Double($1.0) - $1.1) / max(abs($1.1), 0.05)) }
    }
  }

  @Test func agreeWithPyTorch() throws {
    #expect(Self.cases.count == 3)
    for (index, test) in Self.cases.enumerated() {
      let expected = tensors(test["final"])
      var bits: Set<[UInt32]> = []
      for options in machines {
        let found = try trained(test, options)
        #expect(difference(found, expected) < 1e-5, "case \(index): \(difference(found, expected))")
        bits.insert(found.flatMap { $0.values.map(\.bitPattern) })
      }
      #expect(bits.count == 1)
    }
  }

  /// What is frozen keeps its bits, and nothing else does.
  @Test func whatIsFrozenStays() throws {
    for test in Self.cases {
      let initial = tensors(test["initial"])
      for tensor in try trained(test) {
        let layer = test["layers"]!.elements[Int(tensor.name.split(separator: ".")[1])!]
        let isSame = tensor.values.map(Double.init) == initial[tensor.name]
        #expect(isSame == (layer["trainable"] == .bool(false)), "\(tensor.name)")
      }
    }
  }

  /// Without each of the keys the parameters are others.
  @Test func keysAreNoticed() throws {
    for test in Self.cases {
      let expected = tensors(test["final"])
      let layers = test["layers"]!.elements
      for index in layers.indices {
        for key in ["trainable", "learningRateFactor"] where layers[index][key] != nil {
          var others = layers
          guard case .object(var members) = others[index] else { continue }
          members[key] = nil
          others[index] = .object(members)
          let found = try trained(test, layers: JSONValue.array(others).compactText)
          #expect(difference(found, expected) > 1e-3, "layer \(index), \(key)")
        }
      }
      guard case .object(var optimizer)? = test["optimizer"], optimizer["clipping"] != nil else { continue }
      optimizer["clipping"] = nil
      #expect(try difference(trained(test, optimizer: JSONValue.object(optimizer).compactText), expected) > 1e-3)
    }
  }

  /// A run goes on as it was, and what is not trained has no slots.
  @Test func resumes() throws {
    var draft = Draft.normalizedSpirals()
    draft.network = """
      {"layers": [{"type": "batchNorm", "trainable": false}, {"type": "dense", "units": 7, "learningRateFactor": 0.5}, \
      {"type": "batchNorm"}, {"type": "dense", "units": 2, "activation": "softmax", "trainable": false}]}
      """
    let folder = try TemporaryFolder()
    let whole = try train(draft.configuration(in: folder), output: folder.url.appending(path: "whole"), machines[0]).run
    let path = folder.url.appending(path: "parts")
    do {
      var options = machines[1]
      options.output = path
      let run = try Run(draft.configuration(in: folder), options: options)
      for _ in 0..<8 { _ = try run.advance() }
      _ = try run.finish()
    }
    let state = try CheckpointFile(folder.read("parts/checkpoint.safetensors"), file: "state").state
    #expect(Set(state.optimizer.map { $0.name.split(separator: ".")[3] }) == ["1", "2"])
    let run = try Run(resuming: path.path, options: machines[0])
    while try run.advance() != nil {}
    _ = try run.finish()
    #expect(try Outcome(path) == Outcome(whole.directory.url))
  }

  @Test func wrongValues() throws {
    func issues(_ layers: String) throws -> [String] {
      try Draft(network: #"{"layers": [\#(layers)]}"#, loss: #""crossEntropy""#).issues()
    }
    #expect(
      try issues(#"{"type": "dense", "units": 2, "activation": "softmax", "trainable": false}"#) == [
        "network.layers: must have a layer to train, and 'trainable' is false in all that have parameters"
      ])
    #expect(
      try issues(#"{"type": "dense", "units": 2, "activation": "softmax", "trainable": 1, "learningRateFactor": 0}"#)
        == [
          "network.layers[0].trainable: must be true or false, found 1",
          "network.layers[0].learningRateFactor: must be greater than 0, found 0",
        ])
    #expect(
      try issues(
        #"{"type": "dropout", "rate": 0.5, "trainable": false}, {"type": "dense", "units": 2, "activation": "softmax"}"#
      ) == ["network.layers[0].trainable: has no effect here; remove it"])
  }
}
