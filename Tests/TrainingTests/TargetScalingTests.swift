import ConfigurationSchema
import Datasets
import Foundation
import Models
import Testing

@testable import Training

/// Targets that are scaled before they are learned, and predictions in the unit of the data.
@Suite struct TargetScalingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Prices between 250,000 and 260,000, and a second target that is constant.
  private func draft(_ scaling: String, loss: String = "meanSquaredError", training: String = "") -> Draft {
    let rows = (0..<20).map { [Double($0 % 5), Double($0 * 7 % 11)] }
    let targets = rows.map { [250_000 + 1000 * $0[0] + 500 * $0[1], 7] }
    func text(_ rows: [[Double]]) -> String { "\(rows)" }
    return Draft(
      dataset: """
        {"train": {"format": "inline", "features": \(text(rows)), "targets": \(text(targets))}, \
        "validation": {"fraction": 0.25}, "scaling": "standardize"\(scaling)}
        """,
      network: #"{"layers": [{"type": "dense", "units": 2}]}"#, loss: "\"\(loss)\"",
      optimizer: #"{"type": "sgd", "learningRate": 0.5}"#, training: #"{"epochs": 60, "batchSize": 5\#(training)}"#)
  }

  private let scaled = #", "targetScaling": "standardize""#

  @Test func theUnitIsThatOfTheData() throws {
    let (run, epochs, _) = try train(
      draft(scaled).configuration(in: folder), output: folder.url.appending(path: "a"))
    let validation = try #require(epochs.last?.validation)
    let error = try #require(validation.metrics.first { $0.metric == .kind(.rootMeanSquaredError) })
    // In scaled units the loss is small, in the unit of the data the error is a few units of thousands.
    #expect(error.value < 5 && validation.meanLoss < 1e-3)
    #expect(validation.metrics.first { $0.metric == .kind(.r2) }.map { $0.value > 0.99 } == true)
    let model = try Model(contentsOf: run.directory.url(.model))
    let outputs = try model.predict([[3, 4], [0, 0]])
    #expect(abs(outputs[0][0] - 255_000) < 20 && abs(outputs[1][0] - 250_000) < 20)
    #expect(outputs.allSatisfy { abs($0[1] - 7) < 0.1 })
    #expect(model.schema.targetScaling == run.data.schema.targetScaling && model.schema.targetScaling != nil)
    #expect(try model.safetensors.data == folder.read("a/model.safetensors"))
  }

  /// Mean and population's deviation by hand; a constant column keeps its unit.
  @Test func fitted() throws {
    let loop = try TrainingLoop(draft(scaled).configuration(in: folder), .init())
    let scaling = try #require(loop.data.schema.targetScaling)
    guard case .values(let values, 2) = loop.data.training.table.targets else { return }
    let own = loop.data.training.rows.map { Double(values[2 * Int($0)]) }
    let mean = own.reduce(0, +) / Double(own.count)
    let deviation = (own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(own.count)).squareRoot()
    #expect(scaling.shift == [Float(mean), 7] && scaling.scale == [Float(1 / deviation), 1])
    #expect(scaling.undo((Float(values[0]) - scaling.shift[0]) * scaling.scale[0], target: 0) == values[0])
  }

  /// Without it, the files are as before, and the advice on what goes wrong names it.
  @Test func unscaled() throws {
    let draft = draft("")
    let loop = try TrainingLoop(draft.configuration(in: folder), .init())
    #expect(loop.data.schema.targetScaling == nil)
    let advice = loop.configuration.adviceOnFaults(loop.data)
    #expect(advice.contains("dataset.targetScaling 'standardize'") && !advice.contains("dataset.scaling"))
    let other = try TrainingLoop(self.draft(scaled).configuration(in: folder), .init())
    #expect(
      other.configuration.adviceOnFaults(other.data) == "A smaller optimizer.learningRate usually helps.")
  }

  @Test func theSameBitsAndResumed() throws {
    let draft = draft(scaled, training: #", "checkpoint": {"steps": 1}"#)
    func outcome(_ name: String, _ options: Run.Options) throws -> Outcome {
      try train(draft.configuration(in: folder), output: folder.url.appending(path: name), options)
      return try Outcome(folder.url.appending(path: name))
    }
    let reference = try outcome("reference", machines[0])
    for (index, options) in machines.enumerated() { #expect(try outcome("m\(index)", options) == reference) }
    let path = folder.url.appending(path: "cut").path
    do {
      let run = try Run(
        draft.configuration(in: folder), options: .init(execution: .singleThread, output: URL(fileURLWithPath: path)))
      while run.steps < 7 { _ = try run.advance() }
    }
    let run = try Run(resuming: path)
    while try run.advance() != nil {}
    _ = try run.finish()
    #expect(try Outcome(run.directory.url) == reference)
    let verification = try Verification(path)
    while try verification.advance() != nil {}
    #expect(verification.result == .equal(epochs: 60, model: true))
  }

  @Test(arguments: ["poisson", "binaryCrossEntropy", "crossEntropy"]) func lossesWhoseTargetsMeanSomething(loss: String)
    throws
  {
    var draft = draft(scaled, loss: loss)
    let activation = ["poisson": "exponential", "binaryCrossEntropy": "sigmoid"][loss] ?? "softmax"
    draft.network = #"{"layers": [{"type": "dense", "units": 2, "activation": "\#(activation)"}]}"#
    #expect(
      try draft.issues() == [
        "dataset.targetScaling: must be none with the loss \(loss), whose targets have a meaning that scaling would take from them"
      ])
    draft.dataset = draft.dataset.replacingOccurrences(
      of: #""targetScaling": "standardize""#, with: #""targetScaling": "log""#)
    #expect(try draft.issues() == ["dataset.targetScaling: unknown value 'log'; allowed: none, standardize"])
  }
}
