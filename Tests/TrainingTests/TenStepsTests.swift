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

  /// The parameters of each layer by their names, in the order of the parameter blocks.
  private func parameters(_ value: JSONValue?) -> [(name: String, values: JSONValue)] {
    (value?.elements ?? []).enumerated().flatMap { index, layer in
      ["weight", "bias", "running_mean", "running_var"].compactMap { name in
        layer[name].map { ("layers.\(index).\(name)", $0) }
      }
    }
  }

  /// A safetensors file of the parameters that a case lists under `key`.
  private func weights(_ value: JSONValue?) -> Data {
    let tensors = parameters(value).map { name, values in
      let rows = values.elements
      return Safetensors.Tensor(
        name: name, shape: rows[0].elements.isEmpty ? [rows.count] : [rows.count, rows[0].elements.count],
        values: numbers(values).map { Float($0) })
    }
    return Safetensors(metadata: [:], tensors: tensors).data
  }

  /// The configuration of a case, which starts from the file start.safetensors.
  private func draft(_ test: JSONValue) -> Draft {
    let layers = test["layers"]!.elements.map { layer in
      guard let units = layer["units"] else { return layer.compactText }
      let bias = layer["bias"].map { #", "bias": \#($0.compactText)"# } ?? ""
      return
        #"{"type": "dense", "units": \#(units.compactText), "activation": \#(layer["activation"]!.compactText)\#(bias)}"#
    }.joined(separator: ", ")
    var targets = test["targets"]!
    if ["crossEntropy", "hinge"].contains(test["loss"]?.string) { targets = test["labels"]! }
    let clipping = test["clipping"].map { #", "clipping": {"norm": \#($0.compactText)}"# } ?? ""
    return Draft(
      dataset: """
        {"train": {"format": "inline", "features": \(test["features"]!.compactText), \
        "targets": \(targets.compactText)}}
        """,
      network: #"{"layers": [\#(layers)], "initialWeights": "start.safetensors"}"#, loss: test["loss"]!.compactText,
      optimizer: """
        {"type": "\(test["optimizer"]?.string ?? "sgd")", "learningRate": \(test["learningRate"]!.compactText), \
        "l2": \(test["l2"]!.compactText)\(clipping)}
        """,
      training: #"{"epochs": 4, "batchSize": \#(test["batchSize"]!.compactText), "shuffle": false}"#,
      more: #", "parallel": {"shardRows": 2}"#)
  }

  /// The mean costs of ten mini-batches and the parameters after them.
  private func tenSteps(_ test: JSONValue, _ options: Run.Options) throws -> (losses: [Double], parameters: [Double]) {
    let folder = try TemporaryFolder()
    try folder.write(weights(test["initial"]), to: "start.safetensors")
    let loop = try TrainingLoop(draft(test).configuration(in: folder), options)
    let coordinator = loop.coordinator
    let order = SampleOrder(loop.order(epoch: 0))
    let losses = (0..<10).map { step in
      let (number, place) = step.quotientAndRemainder(dividingBy: coordinator.stepsPerEpoch)
      let epoch = Epoch(number: number, order: order, firstStep: step - place)
      let result = coordinator.train(steps: place..<place + 1, of: epoch)
      return result.lossSum / Double(result.samples)
    }
    return (losses, loop.parameters.tensors.flatMap { $0.values.map(Double.init) })
  }

  /// The greatest difference relative to the expected number, or to `floor` where that is smaller.
  private func difference(_ found: [Double], _ expected: [Double], floor: Double = 0.05) -> Double {
    guard found.count == expected.count, !found.isEmpty else { return .infinity }
    return zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1) / max(abs($1.1), floor)) }
  }

  private func final(_ test: JSONValue) -> [Double] {
    parameters(test["final"]).flatMap { numbers($0.values) }
  }

  @Test(arguments: cases.indices) func agreeWithPyTorch(index: Int) throws {
    let test = Self.cases[index]
    for instructionSet in InstructionSet.available {
      let (losses, parameters) = try tenSteps(
        test, .init(execution: .singleThread, instructionSet: instructionSet))
      let name = Comment(rawValue: test["name"]!.compactText)
      #expect(difference(parameters, final(test)) < 1e-5, name)
      #expect(difference(losses, numbers(test["batchLosses"])) < 1e-5, name)
    }
  }

  @Test func everythingIsCovered() {
    let losses = Set(Self.cases.compactMap { $0["loss"]?.string })
    #expect(losses == Set(LossKind.allCases.map(\.rawValue)))
    let activations = Set(Self.cases.flatMap { $0["layers"]!.elements.compactMap { $0["activation"]?.string } })
    #expect(activations == Set(ActivationKind.allCases.map(\.rawValue)))
    let types = Set(Self.cases.flatMap { $0["layers"]!.elements.compactMap { $0["type"]?.string } })
    #expect(Self.cases.contains { $0["layers"]!.elements.contains { $0["bias"] == .bool(false) } })
    #expect(types == ["batchNorm", "layerNorm"] && Self.cases.contains { $0["optimizer"]?.string == "adam" })
    #expect(Self.cases.contains { $0["optimizer"] == nil && $0["clipping"] != nil })
  }

  /// Without the bound of a case that has one, the parameters are others.
  @Test func clippingIsNoticed() throws {
    for case .object(var test) in Self.cases where test["clipping"] != nil {
      test["clipping"] = nil
      let (_, parameters) = try tenSteps(.object(test), .init(execution: .singleThread))
      #expect(difference(parameters, final(.object(test))) > 1e-3)
    }
  }

  /// A slightly wrong learning rate, and nine steps instead of ten, are noticed.
  @Test(arguments: cases.indices) func mistakesAreNoticed(index: Int) throws {
    guard case .object(var test) = Self.cases[index] else { return }
    let expected = final(.object(test))
    #expect(difference(expected, expected) == 0)
    let initial = parameters(test["initial"]).flatMap { numbers($0.values) }
    #expect(difference(initial, expected) > 1e-2)
    test["learningRate"] = .number(test["learningRate"]!.double! * 1.001)
    let (losses, parameters) = try tenSteps(.object(test), .init(execution: .workers(.fixed(3))))
    #expect(difference(parameters, expected) > 1e-5)
    #expect(difference(losses, numbers(test["batchLosses"])) > 1e-5)
    #expect(difference([1], [1, 2]) == .infinity)
  }
}
