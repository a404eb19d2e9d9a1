import ConfigurationSchema
import DataParallel
import Datasets
import Files
import Foundation
import Kernels
import Models
import Testing

@testable import Training

/// Averaged parameters agree with PyTorch's in Double (Expected/averaging.py), and do not depend on machines and interruptions.
@Suite struct AveragingTests {
  private static let expected: JSONValue = {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Expected/averaging.json")
    return try! JSONValue(Data(contentsOf: url))
  }()
  static let kinds = expected["cases"]!.elements.map { $0["kind"]!.string! }

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func averaging(_ kind: String) -> String {
    let expected = Self.expected
    return kind == "ema"
      ? #"{"type": "ema", "decay": \#(expected["decay"]!.compactText)}"#
      : #"{"type": "swa", "from": \#(expected["from"]!.compactText)}"#
  }

  private func tensors(_ value: JSONValue) -> [Safetensors.Tensor] {
    value.keys.map { name in
      let rows = value[name]!.elements
      let isVector = rows[0].elements.isEmpty
      return Safetensors.Tensor(
        name: "layers.\(name)", shape: isVector ? [rows.count] : [rows.count, rows[0].elements.count],
        values: (isVector ? rows : rows.flatMap(\.elements)).map { Float($0.double!) })
    }
  }

  private func draft(_ kind: String, training: String = "", averaging: Bool = true) throws -> Draft {
    let expected = Self.expected
    let test = expected["cases"]![Self.kinds.firstIndex(of: kind)!]!
    try folder.write(Safetensors(metadata: [:], tensors: tensors(test["initial"]!)).data, to: "start.safetensors")
    let average = averaging ? #", "averaging": \#(self.averaging(kind))"# : ""
    return Draft(
      dataset: """
        {"train": {"format": "inline", "features": \(expected["features"]!.compactText), \
        "targets": [\(expected["labels"]!.elements.map { #""\#($0.compactText)""# }.joined(separator: ", "))]},
         "validation": {"format": "inline", "features": [[1, 0, 1], [0, 0, 3]], "targets": ["0", "1"]}}
        """,
      network: """
        {"layers": [{"type": "batchNorm"}, {"type": "dense", "units": 5}, {"type": "batchNorm"}, \
        {"type": "dense", "units": 2, "activation": "softmax"}], "initialWeights": "start.safetensors"}
        """,
      optimizer: #"{"type": "sgd", "learningRate": \#(expected["learningRate"]!.compactText)\#(average)}"#,
      training: """
        {"epochs": \(expected["epochs"]!.compactText), "batchSize": \(expected["batchSize"]!.compactText), \
        "shuffle": false\(training)}
        """, more: #", "parallel": {"shardRows": 2}"#)
  }

  private func run(_ draft: Draft, _ name: String, _ options: Run.Options = machines[0]) throws -> Outcome {
    try train(draft.configuration(in: folder), output: folder.url.appending(path: name), options)
    return try Outcome(folder.url.appending(path: name))
  }

  private func difference(_ found: [Safetensors.Tensor], _ expected: [Safetensors.Tensor]) -> Float {
    guard found.map(\.name).sorted() == expected.map(\.name).sorted() else { return .infinity }
    var greatest: Float = 0
    for tensor in expected {
      let values = found.first { $0.name == tensor.name }!.values
      for (one, other) in zip(values, tensor.values) {
        greatest = max(greatest, abs(one - other) / max(abs(other), 0.05))
      }
    }
    return greatest
  }

  @Test(arguments: kinds) func agreeWithPyTorch(kind: String) throws {
    let test = Self.expected["cases"]![Self.kinds.firstIndex(of: kind)!]!
    let outcome = try run(draft(kind), "a")
    let model = try Safetensors(outcome.model, file: "model").tensors
    #expect(difference(model, tensors(test["average"]!)) < 2e-5)
    // What is trained is not averaged, and the average is something else.
    let trained = try CheckpointFile(folder.read("a/checkpoint.safetensors"), file: "state").state.parameters
    #expect(difference(trained, tensors(test["trained"]!)) < 2e-5)
    #expect(difference(trained, tensors(test["average"]!)) > 1e-3)
  }

  /// Training goes its way with or without an average; what is measured on validation data is the average's.
  @Test(arguments: kinds) func trainingIsNotChanged(kind: String) throws {
    let (with, without) = (try run(draft(kind), "a"), try run(draft(kind, averaging: false), "b"))
    #expect(with.metrics.map { $0["digest"] } == without.metrics.map { $0["digest"] })
    #expect(with.metrics.map { $0["train"] } == without.metrics.map { $0["train"] })
    #expect(with.metrics.last?["validation"] != without.metrics.last?["validation"] && with.model != without.model)
    // Before the first epoch that is averaged, the parameters themselves are evaluated.
    if kind == "swa" { #expect(with.metrics[0]["validation"] == without.metrics[0]["validation"]) }
  }

  @Test(arguments: kinds) func theSameBitsOnAllMachines(kind: String) throws {
    let reference = try run(draft(kind), "reference")
    var options = machines
    options += [1, 2, 3, 7].map { Run.Options(execution: .workers(.fixed($0))) } + [.init()]
    for (index, options) in options.enumerated() {
      #expect(try run(draft(kind), "m\(index)", options) == reference)
    }
  }

  /// The step of an interruption, on each of the sixteen: in the middle of an epoch and at its end.
  @Test(arguments: kinds) func resumed(kind: String) throws {
    let draft = try draft(kind, training: #", "checkpoint": {"steps": 1}"#)
    let reference = try run(draft, "reference")
    for steps in 1..<16 {
      let path = folder.url.appending(path: "r\(steps)").path
      do {
        let run = try Run(
          draft.configuration(in: folder),
          options: .init(execution: .singleThread, output: URL(fileURLWithPath: path)))
        while run.steps < steps { _ = try run.advance() }
        if steps % 2 == 0 { _ = try run.finish() }
      }
      let run = try Run(resuming: path, options: machines[steps % machines.count])
      while try run.advance() != nil {}
      _ = try run.finish()
      #expect(try Outcome(run.directory.url) == reference, "interrupted after step \(steps)")
    }
  }

  @Test(arguments: kinds) func verified(kind: String) throws {
    let draft = try draft(kind, training: #", "maxSteps": 10, "earlyStopping": {"patience": 9, "useBest": false}"#)
    _ = try run(draft, "a")
    let verification = try Verification(folder.url.appending(path: "a").path)
    while try verification.advance() != nil {}
    #expect(verification.result == .equal(epochs: 2, model: true))
  }

  /// With a best epoch, the model is the average as it was then.
  @Test func theBestEpochOfAnAverage() throws {
    let draft = try draft("ema", training: #", "earlyStopping": {"patience": 1}"#)
    let outcome = try run(draft, "a")
    let summary = try JSONValue(folder.read("a/summary.json"))
    guard case .integer(let best)? = summary["best"]?["epoch"] else {
      Issue.record("no best epoch")
      return
    }
    #expect(summary["validation"]?["loss"] == outcome.metrics[best - 1]["validation"]?["loss"])
  }

  @Test func statesWithoutTheAverageAreRefused() throws {
    let configuration = try draft("ema").configuration(in: folder)
    let loop = try TrainingLoop(configuration, .init(execution: .singleThread))
    _ = try loop.advance(limit: 3)
    var state = try loop.state()
    #expect(throws: Never.self) { try TrainingLoop(configuration, .init(), from: (state, "s")) }
    state.average.removeLast()
    #expect(throws: InputError.self) { try TrainingLoop(configuration, .init(), from: (state, "s")) }
  }
}
