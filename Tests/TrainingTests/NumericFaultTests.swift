import ConfigurationSchema
import Files
import Foundation
import Kernels
import Testing

@testable import Training

/// The third of four samples is the one that spoils the run: everything before it is 0, and so are cost and gradient.
@Suite struct NumericFaultTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A network of identity layers with one unit each, without biases to begin with.
  private func draft(
    weights: [Float], feature: String, target: String = "0", rate: String = "1", batchSize: Int = 1
  ) throws -> Draft {
    let tensors = weights.enumerated().flatMap { index, weight in
      [
        Safetensors.Tensor(name: "layers.\(index).weight", shape: [1, 1], values: [weight]),
        Safetensors.Tensor(name: "layers.\(index).bias", shape: [1], values: [0]),
      ]
    }
    try folder.write(Safetensors(metadata: [:], tensors: tensors).data, to: "w.safetensors")
    let layers = weights.map { _ in #"{"type": "dense", "units": 1}"# }.joined(separator: ",")
    return Draft(
      dataset:
        #"{"train": {"format": "inline", "features": [[0],[0],[\#(feature)],[0]], "targets": [0,0,\#(target),0]}}"#,
      network: #"{"layers": [\#(layers)], "initialWeights": "w.safetensors"}"#, loss: #""squaredError""#,
      optimizer: #"{"type": "sgd", "learningRate": \#(rate)}"#,
      training: #"{"epochs": 3, "batchSize": \#(batchSize), "shuffle": false}"#)
  }

  /// How the run ends; it has to fail.
  private func fault(_ draft: Draft, _ options: Run.Options = machines[0]) throws -> NumericFault {
    let error = #expect(throws: RunError.self) {
      try train(draft.configuration(in: folder), output: folder.url.appending(path: UUID().uuidString), options)
    }
    guard case .notFinite(let fault)? = error else { throw CancellationError() }
    return fault
  }

  @Test func aFaultIsOnlyFoundWhereThereIsOne() throws {
    #expect(throws: Never.self) {
      try train(draft(weights: [2], feature: "0.5").configuration(in: folder), output: folder.url.appending(path: "r"))
    }
  }

  /// 2 · 3e38 is infinite in the layer that multiplies; 3e38 itself is not, but its square, the cost, is.
  @Test(arguments: [([2, 1], 0), ([1, 2], 1), ([1, 1, 1, 2], 3), ([1, 1], nil)] as [([Float], Int?)])
  func theLayerOfTheLoss(weights: [Float], layer: Int?) throws {
    for options in machines {
      let fault = try fault(draft(weights: weights, feature: "3e38"), options)
      #expect(fault.quantity == .loss && fault.epoch == 1 && fault.step == 3 && fault.layer == layer)
      #expect(fault.miniBatch == .init(samples: [3], file: "dataset.train"))
      let place =
        layer.map { ", and neither are the outputs of network.layers[\($0)]" }
        ?? ", though the outputs of all layers are"
      #expect(
        fault.description.hasPrefix(
          "epoch 1, step 3: the loss is not finite\(place); the mini-batch: sample 3 of dataset.train. "))
    }
  }

  /// Layers are named by their place in the configuration, those without parameters counted.
  @Test func layersOfAllKindsAreCounted() throws {
    func draft(_ layers: String, _ weights: [(layer: Int, value: Float)]) throws -> Draft {
      var draft = try self.draft(weights: [1], feature: "3e38")
      let tensors = weights.flatMap { layer, value in
        [
          Safetensors.Tensor(name: "layers.\(layer).weight", shape: [1, 1], values: [value]),
          Safetensors.Tensor(name: "layers.\(layer).bias", shape: [1], values: [0]),
        ]
      }
      try folder.write(Safetensors(metadata: [:], tensors: tensors).data, to: "w.safetensors")
      draft.network = #"{"layers": [\#(layers)], "initialWeights": "w.safetensors"}"#
      return draft
    }
    let (dense, relu) = (#"{"type": "dense", "units": 1}"#, #"{"type": "activation", "activation": "relu"}"#)
    let dropout = #"{"type": "dropout", "rate": 0}"#
    for options in machines {
      for (layers, weights, layer) in [
        ("\(dropout), \(dense), \(relu), \(dense)", [(1, 1), (3, 2)], 3),
        ("\(dense), \(relu), \(dense)", [(0, 2), (2, 1)], 0),
        ("\(relu), \(dropout), \(dense)", [(2, 2)], 2),
      ] as [(String, [(Int, Float)], Int)] {
        let fault = try fault(draft(layers, weights), options)
        #expect(fault.quantity == .loss && fault.step == 3 && fault.layer == layer, "\(layers)")
      }
    }
    // The parameters of a layer behind others: as in the test that follows.
    var spoilt = try self.draft(weights: [0], feature: "1e20", target: "1e18", rate: "10")
    spoilt.network = try draft("\(dropout), \(dense)", [(1, 0)]).network
    let fault = try fault(spoilt)
    #expect(fault.quantity == .parameters && fault.step == 3 && fault.layer == 1)
  }

  /// The cost is (1e18)², the gradient −2e38, and a step of 10 times that is infinite, though the cost is not. The step
  /// after it is the first whose cost is not finite, and is not the one that is named.
  @Test func theLayerOfTheParameters() throws {
    for options in machines {
      let fault = try fault(draft(weights: [0], feature: "1e20", target: "1e18", rate: "10"), options)
      #expect(fault.quantity == .parameters && fault.epoch == 1 && fault.step == 3 && fault.layer == 0)
      #expect(fault.miniBatch?.samples == [3])
      #expect(
        fault.description.hasPrefix("epoch 1, step 3: the step makes parameters of network.layers[0] that are not"))
    }
  }

  @Test func theSamplesOfAMiniBatch() throws {
    for options in machines {
      let pair = try fault(draft(weights: [2], feature: "3e38", batchSize: 2), options)
      #expect(pair.step == 2 && pair.miniBatch?.samples == [3, 4])
      #expect(pair.description.contains("; the mini-batch: samples 3, 4 of dataset.train. "))
      let last = try fault(draft(weights: [2], feature: "3e38", batchSize: 3), options)
      #expect(last.step == 1 && last.miniBatch?.samples == [1, 2, 3])
    }
  }

  @Test func whatHelpsIsSaid() throws {
    let text = try fault(draft(weights: [2], feature: "3e38")).description
    #expect(text.contains("A smaller optimizer.learningRate usually helps"))
    #expect(text.contains(" The last good state, at its start, is kept in "))
    #expect(text.hasSuffix("; a new run can begin with it by network.initialWeights."))
  }

  /// Samples are named by their numbers in the source, in the order in which the epoch takes them; many are counted.
  @Test func shuffledSamples() throws {
    let features = (0..<20).map { $0 == 6 ? "[3e38]" : "[0]" }.joined(separator: ",")
    let targets = (0..<20).map { _ in "0" }.joined(separator: ",")
    var draft = Draft(
      dataset: #"{"train": {"format": "inline", "features": [\#(features)], "targets": [\#(targets)]}}"#,
      network: #"{"layers": [{"type": "dense", "units": 1}]}"#, loss: #""squaredError""#)
    draft.training = #"{"epochs": 1, "batchSize": 10}"#
    let configuration = try draft.configuration(in: folder)
    let order = try TrainingLoop(configuration, machines[0]).order(epoch: 0).map { Int($0) + 1 }
    #expect(order.sorted() == Array(1...20) && order != Array(1...20))
    let found = try fault(draft)
    let batch = Array(order[(found.step - 1) * 10..<found.step * 10])
    #expect(batch.contains(7) && found.miniBatch?.samples == batch)
    #expect(
      found.description.contains(
        "samples \(batch.prefix(8).map(String.init).joined(separator: ", ")), … (10 in all) of"))
  }

  // MARK: The last good state

  /// A run whose cost grows from epoch to epoch until it is infinite.
  private let growing = Draft(
    dataset: #"{"train": {"format": "inline", "features": [[1],[2],[3],[4]], "targets": [1, 2, 3, 4]}}"#,
    network: #"{"layers": [{"type": "dense", "units": 1}]}"#, loss: #""squaredError""#,
    optimizer: #"{"type": "sgd", "learningRate": 100}"#, training: #"{"epochs": 1000, "batchSize": 2}"#)

  @Test func theSameFaultOnAllMachines() throws {
    var faults = try machines.map { try fault(growing, $0) }
    for index in faults.indices { faults[index].lastState = nil }
    #expect(faults.allSatisfy { $0 == faults[0] } && faults[0].epoch > 2 && faults[0].miniBatch?.samples.count == 2)
  }

  @Test func theLastGoodStateIsKeptAndUsable() throws {
    let output = folder.url.appending(path: "r")
    let error = #expect(throws: RunError.self) {
      try train(growing.configuration(in: folder), output: output, .init(execution: .workers(.fixed(2))))
    }
    guard case .notFinite(let fault)? = error else { return }
    let directory = try RunDirectory(existing: output.path)
    #expect(!FileManager.default.fileExists(atPath: directory.url(.model).path))
    let (checkpoint, file, damage) = try #require(try directory.loadCheckpoint())
    let epochs = checkpoint.state.position.epochs
    #expect(damage == nil && (0..<fault.epoch).contains(epochs) && checkpoint.state.position.epochSteps == 0)
    #expect(checkpoint.state.parameters.allSatisfy { $0.values.allSatisfy(\.isFinite) })
    #expect(fault.description.contains(", is kept in \(directory.display(file)); "))

    // Going on meets the same fault, and fewer epochs make the model of a run of so many.
    let again = #expect(throws: RunError.self) {
      let run = try Run(resuming: output.path)
      while try run.advance() != nil {}
    }
    guard case .notFinite(let second)? = again else { return }
    #expect(second.epoch == fault.epoch && second.step == fault.step && second.layer == fault.layer)
    let last = "\(fault.epoch - 1)"
    let run = try Run(resuming: output.path, overrides: [("training.epochs", last)])
    while try run.advance() != nil {}
    _ = try run.finish()
    let reference = try train(
      growing.configuration(in: folder, overrides: [("training.epochs", last)]),
      output: folder.url.appending(path: "reference"))
    #expect(try Outcome(output) == Outcome(reference.run.directory.url))
  }

  /// A state that is spoilt is none: it is not saved.
  @Test func spoiltStatesAreNotSaved() throws {
    let draft = try draft(weights: [0], feature: "1e20", target: "1e18", rate: "10")
    let run = try Run(draft.configuration(in: folder), options: .init(output: folder.url.appending(path: "r")))
    #expect(throws: RunError.self) {
      while try run.advance() != nil {}
    }
    #expect(throws: RunError.self) { try run.finish() }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.url.appending(path: "r").path).sorted()
        == ["checkpoint.safetensors", "config.json", "metrics.jsonl"])
  }
}
