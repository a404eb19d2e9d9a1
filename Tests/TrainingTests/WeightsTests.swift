import ConfigurationSchema
import DataParallel
import Files
import Foundation
import Kernels
import Testing

@testable import Training

/// Weights of samples and classes, smoothed labels and soft targets agree with PyTorch in Double (Expected/weights.py), and do not
/// depend on machines and interruptions.
@Suite struct WeightsTests {
  private static let expected: JSONValue = {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Expected/weights.json")
    return try! JSONValue(Data(contentsOf: url))
  }()
  static let names = expected["cases"]!.elements.map { $0["name"]!.string! }

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func test(_ name: String) -> JSONValue { Self.expected["cases"]![Self.names.firstIndex(of: name)!]! }

  private func numbers(_ value: JSONValue) -> [Double] {
    value.elements.flatMap { $0.double.map { [$0] } ?? numbers($0) }
  }

  private func draft(_ test: JSONValue, shardRows: Int = 2, training: String = "") throws -> Draft {
    let expected = Self.expected
    let tensors = ["weight", "bias"].map { name in
      let value = test["initial"]![name]!
      return Safetensors.Tensor(
        name: "layers.0.\(name)", shape: name == "bias" ? [3] : [3, 4], values: numbers(value).map { Float($0) })
    }
    try folder.write(Safetensors(metadata: [:], tensors: tensors).data, to: "start.safetensors")
    let kind = test["kind"]!.string!
    let targets =
      switch kind {
      case "labels": expected["labels"]!.compactText
      case "distributions": expected["soft"]!.compactText
      case "several": expected["several"]!.compactText
      default: expected["numbers"]!.compactText
      }
    let weights = test["weights"] == .null ? "" : #", "weights": \#(test["weights"]!.compactText)"#
    var loss = ["type": JSONValue.string("crossEntropy")]
    if kind == "several" { loss["type"] = .string("binaryCrossEntropy") }
    if kind == "numbers" { loss["type"] = .string("squaredError") }
    if test["smoothing"]!.double! > 0 { loss["labelSmoothing"] = test["smoothing"] }
    if test["classWeights"] != .null { loss["classWeights"] = test["classWeights"] }
    let activation = ["several": "sigmoid", "numbers": "identity"][kind] ?? "softmax"
    let clipping = test["clipping"] == .null ? "" : #", "clipping": {"norm": \#(test["clipping"]!.compactText)}"#
    return Draft(
      dataset: """
        {"train": {"format": "inline", "features": \(expected["features"]!.compactText), "targets": \(targets)\(weights)}}
        """,
      network: """
        {"layers": [{"type": "dense", "units": 3, "activation": "\(activation)"}], "initialWeights": "start.safetensors"}
        """,
      loss: JSONValue.object(loss).compactText,
      optimizer: #"{"type": "sgd", "learningRate": \#(expected["learningRate"]!.compactText)\#(clipping)}"#,
      training: """
        {"epochs": 4, "batchSize": \(expected["batchSize"]!.compactText), "shuffle": false\(training)}
        """, more: #", "parallel": {"shardRows": \#(shardRows)}"#)
  }

  /// The mean costs of ten mini-batches, and the parameters after them.
  private func tenSteps(_ draft: Draft, _ options: Run.Options) throws -> (losses: [Double], parameters: [Double]) {
    let loop = try TrainingLoop(draft.configuration(in: folder), options)
    var losses: [Double] = []
    for step in 0..<10 {
      let (before, weight) =
        step % 3 == 0 ? (0, 0) : (loop.position.epochLossSum, loop.position.epochWeightSum)
      let event = try loop.advance(limit: 1)
      if case .epoch(let metrics)? = event {
        // The sums are gone; the epoch's mean is that of all its samples.
        let total = weightsOfEpoch(loop)
        let last = total - weight
        losses.append(last > 0 ? (metrics.trainingLoss * total - before) / last : 0)
      } else {
        let last = loop.position.epochWeightSum - weight
        losses.append(last > 0 ? (loop.position.epochLossSum - before) / last : 0)
      }
    }
    return (losses, loop.parameters.tensors.flatMap { $0.values.map(Double.init) })
  }

  /// The sum of all weights, as the loop itself adds them.
  private func weightsOfEpoch(_ loop: TrainingLoop) -> Double {
    let classes = try? loop.configuration.classWeights(for: loop.data)
    guard case .labels(let labels, _) = loop.data.training.table.targets else {
      return (loop.data.training.table.weights ?? [Float](repeating: 1, count: 11)).reduce(0) { $0 + Double($1) }
    }
    return labels.indices.reduce(0.0) {
      $0 + Double((loop.data.training.table.weights?[$1] ?? 1) * (classes?[Int(labels[$1])] ?? 1))
    }
  }

  private func difference(_ found: [Double], _ expected: [Double]) -> Double {
    guard found.count == expected.count, !found.isEmpty else { return .infinity }
    return zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1) / max(abs($1.1), 0.05)) }
  }

  private func final(_ test: JSONValue) -> [Double] {
    ["weight", "bias"].flatMap { numbers(test["final"]![$0]!) }
  }

  @Test(arguments: names) func agreeWithPyTorch(name: String) throws {
    let test = test(name)
    for options in machines {
      let (losses, parameters) = try tenSteps(draft(test), options)
      #expect(difference(parameters, final(test)) < 1e-5, "\(name)")
      #expect(difference(losses, numbers(test["batchLosses"]!)) < 1e-4, "\(name)")
    }
  }

  /// Without weights, smoothing or class weights the numbers are others: what is compared can tell them.
  @Test(arguments: names) func mistakesAreNoticed(name: String) throws {
    guard case .object(var members) = test(name) else { return }
    (members["weights"], members["classWeights"], members["smoothing"]) = (.null, .null, .number(0))
    let (_, parameters) = try tenSteps(draft(.object(members)), machines[0])
    #expect(difference(parameters, final(.object(members))) > 1e-3)
  }

  /// A mean of the means of shards, each over its own weights, is another number than the mean over the mini-batch.
  @Test func meansOfShardsAreNotTheMean() {
    let (weights, costs) = ([1.0, 2, 0.5, 4], [3.0, 1, 2, 5])
    func mean(_ range: Range<Int>) -> Double {
      range.reduce(0) { $0 + weights[$1] * costs[$1] } / range.reduce(0) { $0 + weights[$1] }
    }
    #expect(abs((mean(0..<2) + mean(2..<4)) / 2 - mean(0..<4)) > 0.1)
  }

  // MARK: Bits

  private func outcome(_ draft: Draft, _ name: String, _ options: Run.Options) throws -> Outcome {
    try train(draft.configuration(in: folder), output: folder.url.appending(path: name), options)
    return try Outcome(folder.url.appending(path: name))
  }

  @Test(arguments: ["both", "clipping", "several"]) func theSameBitsOnAllMachines(name: String) throws {
    let draft = try draft(test(name))
    let reference = try outcome(draft, "reference", machines[0])
    let workers = [1, 2, 3, 7].map { Run.Options(execution: .workers(.fixed($0))) }
    for (index, options) in (machines + workers + [.init()]).enumerated() {
      #expect(try outcome(draft, "m\(index)", options) == reference)
    }
  }

  @Test(arguments: [1, 2, 4, 5]) func resumed(steps: Int) throws {
    let draft = try draft(test("both"), training: #", "checkpoint": {"steps": 1}"#)
    let reference = try outcome(draft, "reference", machines[0])
    let path = folder.url.appending(path: "cut").path
    do {
      let run = try Run(
        draft.configuration(in: folder), options: .init(execution: .singleThread, output: URL(fileURLWithPath: path)))
      while run.steps < steps { _ = try run.advance() }
    }
    let run = try Run(resuming: path, options: machines[1])
    while try run.advance() != nil {}
    _ = try run.finish()
    #expect(try Outcome(run.directory.url) == reference)
  }

  // MARK: What is measured

  /// Validation data is weighted as training data is: the loss of a copy of the training data is that of the epoch before the
  /// first step.
  @Test func theValidationLossIsTheSameFunction() throws {
    let test = test("both")
    let inline = Self.expected
    let data = """
      {"format": "inline", "features": \(inline["features"]!.compactText), "targets": \(inline["labels"]!.compactText), \
      "weights": \(test["weights"]!.compactText)}
      """
    var draft = try draft(test)
    draft.dataset = #"{"train": \#(data), "validation": \#(data)}"#
    draft.training = #"{"epochs": 1, "batchSize": 11, "shuffle": false}"#
    draft.optimizer = #"{"type": "sgd", "learningRate": 1e-20}"#
    let (_, epochs, _) = try train(draft.configuration(in: folder), output: folder.url.appending(path: "a"))
    let validation = try #require(epochs[0].validation)
    #expect(abs(validation.meanLoss - epochs[0].trainingLoss) < 1e-9 * epochs[0].trainingLoss)
  }

  // MARK: Wrong input

  /// Nothing to train on, or to measure, is an error: not a loss of 0 or of nothing.
  @Test(arguments: [
    ("[0, 0, 0, 0]", "[1, 1]", #""crossEntropy""#, "train"),
    ("[1, 0, 1, 0]", "[1, 1]", #"{"type": "crossEntropy", "classWeights": {"a": 0, "b": 1}}"#, "train"),
    ("[1, 1, 1, 1]", "[0, 0]", #""crossEntropy""#, "validation"),
    ("[1, 1, 1, 1]", "[0, 1]", #"{"type": "crossEntropy", "classWeights": {"a": 1, "b": 0}}"#, "validation"),
  ]) func nothingCounts(weights: String, validation: String, loss: String, part: String) throws {
    var draft = Draft(loss: loss)
    draft.dataset = """
      {"train": {"format": "inline", "features": [[0,0],[0,1],[1,0],[1,1]], "targets": ["a","b","a","b"], "weights": \(weights)},
       "validation": {"format": "inline", "features": [[0,0],[0,1]], "targets": ["a","b"], "weights": \(validation)}}
      """
    let error = #expect(throws: InputError.self) { try TrainingLoop(draft.configuration(in: folder), .init()) }
    #expect(
      error?.message == "the weights of all samples of dataset.\(part) are 0, those of their classes included")
  }

  /// The loss of validation data is that of training: where classes have weights, each sample has one class.
  @Test func classWeightsNeedClassesEverywhere() throws {
    var draft = Draft(loss: #"{"type": "crossEntropy", "classWeights": "balanced"}"#)
    draft.dataset = """
      {"train": {"format": "inline", "features": [[0,0],[0,1]], "targets": [[1,0],[0,1]]},
       "validation": {"format": "inline", "features": [[0,0]], "targets": [[0.5,0.5]]}}
      """
    let error = #expect(throws: ConfigurationError.self) {
      try TrainingLoop(draft.configuration(in: folder), .init())
    }
    #expect(
      error?.issues.map(\.description) == [
        "loss.classWeights: needs a class for each sample, and the data has probabilities of classes"
      ])
  }

  private func issues(_ loss: String, targets: String = #"["a", "b", "a", "b"]"#) throws -> [String] {
    var draft = Draft(loss: loss)
    draft.dataset = #"{"train": {"format": "inline", "features": [[0,0],[0,1],[1,0],[1,1]], "targets": \#(targets)}}"#
    do {
      _ = try TrainingLoop(draft.configuration(in: folder), .init())
      return []
    } catch let error as ConfigurationError {
      return error.issues.map(\.description)
    }
  }

  @Test(arguments: [
    (#"{"type": "crossEntropy", "classWeights": {"a": 1, "b": 5}}"#, [String]()),
    (
      #"{"type": "crossEntropy", "classWeights": {"a": 1}}"#,
      ["loss.classWeights: must have a weight for each class; there is none for 'b'"]
    ),
    (
      #"{"type": "crossEntropy", "classWeights": {"a": 1, "b": 1, "bb": 1}}"#,
      ["loss.classWeights.bb: is no class of the training data; did you mean 'b'?"]
    ),
    (
      #"{"type": "crossEntropy", "classWeights": {"a": 1, "b": -1}}"#,
      ["loss.classWeights.b: must be at least 0, found -1"]
    ),
    (#"{"type": "crossEntropy", "classWeights": {"a": 0, "b": 0}}"#, ["loss.classWeights: must not all be 0"]),
    (
      #"{"type": "crossEntropy", "classWeights": "even", "labelSmoothing": 1}"#,
      [
        "loss.labelSmoothing: must be at least 0 and less than 1, found 1",
        #"loss.classWeights: must be "balanced", or an object with a weight from 0 on for each class, found 'even'"#,
      ]
    ),
    (#"{"type": "crossEntropy", "delta": 1}"#, ["loss.delta: has no effect here; remove it"]),
    (#"{"type": "squaredError", "labelSmoothing": 0.1}"#, ["loss.labelSmoothing: has no effect here; remove it"]),
  ]) func wrongLosses(loss: String, expected: [String]) throws {
    #expect(try issues(loss) == expected)
  }
}
