import ConfigurationSchema
import DataParallel
import Datasets
import Files
import Foundation
import Kernels
import Models
import NeuralNetworks
import Testing

@testable import Training

/// Ten steps from given weights agree with PyTorch in Double; Expected/ten_steps.py made the numbers.
@Suite struct TenStepsTests {
  /// The cases of the file, each an object.
  static let cases: [JSONValue] = {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Expected/ten_steps.json")
    return try! JSONValue(Data(contentsOf: url))["cases"]!.elements
  }()

  private func numbers(_ value: JSONValue?) -> [Double] {
    value?.elements.flatMap { $0.double.map { [$0] } ?? numbers($0) } ?? []
  }

  /// A safetensors file of the parameters that a case lists under `key`.
  private func weights(_ value: JSONValue?) -> Data {
    var tensors: [Safetensors.Tensor] = []
    for (index, layer) in (value?.elements ?? []).enumerated() {
      let rows = layer["weight"]!.elements
      tensors.append(
        .init(
          name: "layers.\(index).weight", shape: [rows.count, rows[0].elements.count],
          values: numbers(layer["weight"]).map { Float($0) }))
      tensors.append(
        .init(
          name: "layers.\(index).bias", shape: [rows.count], values: numbers(layer["bias"]).map { Float($0) }))
    }
    return Safetensors(metadata: [:], tensors: tensors).data
  }

  /// The configuration of a case, which starts from the file start.safetensors.
  private func draft(_ test: JSONValue) -> Draft {
    let layers = test["layers"]!.elements.map {
      #"{"type": "dense", "units": \#($0["units"]!.compactText), "activation": \#($0["activation"]!.compactText)}"#
    }.joined(separator: ", ")
    var targets = test["targets"]!
    if test["loss"] == .string("crossEntropy") { targets = test["labels"]! }
    return Draft(
      dataset: """
        {"train": {"format": "inline", "features": \(test["features"]!.compactText), \
        "targets": \(targets.compactText)}}
        """,
      network: #"{"layers": [\#(layers)], "initialWeights": "start.safetensors"}"#, loss: test["loss"]!.compactText,
      optimizer:
        #"{"type": "sgd", "learningRate": \#(test["learningRate"]!.compactText), "l2": \#(test["l2"]!.compactText)}"#,
      training: #"{"epochs": 4, "batchSize": \#(test["batchSize"]!.compactText), "shuffle": false}"#)
  }

  /// The mean costs of ten mini-batches and the parameters after them.
  private func tenSteps(_ test: JSONValue, _ kernels: Kernels, _ execution: Execution) throws -> (
    losses: [Double], parameters: [Double]
  ) {
    let folder = try TemporaryFolder()
    try folder.write(weights(test["initial"]), to: "start.safetensors")
    let configuration = try draft(test).configuration(in: folder)
    let data = try configuration.dataset.load(
      relativeTo: folder.url, targets: configuration.network.loss.targets, seed: 1)
    try configuration.check(data)
    let network = configuration.network.network(inputs: data.training.table.columns)
    let parameters = Parameters(network.layout)
    try ModelFile.load(folder.url.appending(path: "start.safetensors"), path: "start", into: parameters)
    let coordinator = Coordinator(
      kernels: kernels, network: network, parameters: parameters, optimizer: configuration.optimizer.optimizer,
      training: data.training, scaling: data.scaling, batchSize: configuration.training.batchSize,
      dropLast: configuration.training.dropLast, shardRows: 2, execution: execution)
    var losses: [Double] = []
    for step in 0..<10 {
      let place = step % coordinator.stepsPerEpoch
      let result = coordinator.train(steps: place..<place + 1, order: data.training.rows)
      losses.append(result.lossSum / Double(result.samples))
    }
    return (
      losses,
      network.layers.indices.flatMap {
        parameters.weightRows(layer: $0).map(Double.init) + parameters.biasRow(layer: $0).map(Double.init)
      }
    )
  }

  /// The greatest difference relative to the expected number, or to `floor` where that is smaller.
  private func difference(_ found: [Double], _ expected: [Double], floor: Double = 0.05) -> Double {
    guard found.count == expected.count, !found.isEmpty else { return .infinity }
    return zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1) / max(abs($1.1), floor)) }
  }

  private func final(_ test: JSONValue) -> [Double] {
    test["final"]!.elements.flatMap { numbers($0["weight"]) + numbers($0["bias"]) }
  }

  @Test(arguments: cases.indices) func agreeWithPyTorch(index: Int) throws {
    let test = Self.cases[index]
    for instructionSet in InstructionSet.available {
      let (losses, parameters) = try tenSteps(test, Kernels(instructionSet)!, .singleThread)
      let name = Comment(rawValue: test["name"]!.compactText)
      #expect(difference(parameters, final(test)) < 1e-5, name)
      #expect(difference(losses, numbers(test["batchLosses"])) < 1e-5, name)
    }
  }

  @Test func allLossesAreCovered() {
    let losses = Set(Self.cases.compactMap { $0["loss"]?.string })
    #expect(losses == Set(LossKind.allCases.map(\.rawValue)))
    let activations = Set(Self.cases.flatMap { $0["layers"]!.elements.compactMap { $0["activation"]?.string } })
    #expect(activations == Set(ActivationKind.allCases.map(\.rawValue)))
  }

  /// A slightly wrong learning rate, and nine steps instead of ten, are noticed.
  @Test(arguments: cases.indices) func mistakesAreNoticed(index: Int) throws {
    guard case .object(var test) = Self.cases[index] else { return }
    let expected = final(.object(test))
    #expect(difference(expected, expected) == 0)
    let initial = test["initial"]!.elements.flatMap { numbers($0["weight"]) + numbers($0["bias"]) }
    #expect(difference(initial, expected) > 1e-2)
    test["learningRate"] = .number(test["learningRate"]!.double! * 1.001)
    let (losses, parameters) = try tenSteps(.object(test), .best, .workers(.fixed(3)))
    #expect(difference(parameters, expected) > 1e-5)
    #expect(difference(losses, numbers(test["batchLosses"])) > 1e-5)
    #expect(difference([1], [1, 2]) == .infinity)
  }
}
