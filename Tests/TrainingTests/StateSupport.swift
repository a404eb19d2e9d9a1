import ConfigurationSchema
import Datasets
import Foundation
import Kernels
import Testing

@testable import Training

/// What a run has to give again, wherever it was interrupted: the model, and the metrics but for the times.
struct Outcome: Equatable {
  let model: Data
  let metrics: [JSONValue]

  init(_ directory: URL) throws {
    model = try Data(contentsOf: directory.appending(path: "model.safetensors"))
    let text = String(decoding: try Data(contentsOf: directory.appending(path: "metrics.jsonl")), as: UTF8.self)
    metrics = try text.split(separator: "\n").map { line in
      guard case .object(var members) = try JSONValue(Data(line.utf8)) else { return .null }
      for key in ["seconds", "samplesPerSecond"] { members[key] = nil }
      return .object(members)
    }
  }
}

extension Draft {
  /// 22 training samples in mini-batches of 4, the last of 2: three epochs of six steps, with validation and test.
  static func spirals(_ training: String = #"{"epochs": 3, "batchSize": 4, "checkpoint": {"steps": 1}}"#) -> Draft {
    var draft = Draft(
      dataset: """
        {"train": {"format": "synthetic", "kind": "spirals", "samples": 40, "noise": 0.1}, \
        "validation": {"fraction": 0.2}, "test": {"fraction": 0.25}, "scaling": "standardize"}
        """, training: training)
    draft.more = #", "parallel": {"shardRows": 3}, "output": {"directory": "/runs"}"#
    return draft
  }
}

extension Draft {
  /// The spirals for a network with everything that the next step can depend on beside weights and biases: running
  /// statistics, masks of dropout, moments, and the norm of the gradient.
  static func normalizedSpirals() -> Draft {
    var draft = spirals()
    draft.network = """
      {"layers": [{"type": "batchNorm"}, {"type": "dense", "units": 7}, {"type": "batchNorm"}, \
      {"type": "activation", "activation": "silu"}, {"type": "dropout", "rate": 0.25}, \
      {"type": "dense", "units": 2, "activation": "softmax"}]}
      """
    draft.optimizer = #"{"type": "adam", "learningRate": 0.05, "l2": 0.001, "clipping": {"norm": 0.25}}"#
    return draft
  }

  /// The same data, with every kind of layer.
  static func allLayers() -> Draft {
    var draft = spirals()
    draft.network = """
      {"layers": [{"type": "gaussianNoise", "standardDeviation": 0.125}, {"type": "dense", "units": 7, "bias": false}, \
      {"type": "batchNorm", "groupSize": 2}, {"type": "activation", "activation": "mish"}, \
      {"type": "dense", "units": 5, "trainable": false}, {"type": "layerNorm", "learningRateFactor": 0.5}, \
      {"type": "dropout", "rate": 0.25}, {"type": "dense", "units": 2, "activation": "softmax"}]}
      """
    draft.optimizer = """
      {"type": "nadam", "learningRate": 0.05, "weightDecay": 0.01, "schedule": {"type": "cosine", "warmup": {"steps": 3}}, \
      "averaging": {"type": "ema", "decay": 0.75}}
      """
    return draft
  }
}

/// The data that a configuration names.
func load(_ configuration: RunConfiguration) throws -> PreparedData { try configuration.loadData() }

/// A state in the middle of an epoch, with fixed times: the same bytes whenever it is made.
func makeCheckpoint(steps: Int = 8, _ draft: Draft = .spirals()) throws -> CheckpointFile {
  let loop = try TrainingLoop(draft.configuration(in: TemporaryFolder()), .init(execution: .singleThread))
  for _ in 0..<steps { _ = try loop.advance(limit: 1) }
  var state = try loop.state()
  state.position.epochSeconds = 0.1
  state.position.trainingSeconds = 1.0 / 3
  state.position.runSeconds = 12.5
  return CheckpointFile(state: state, configuration: loop.configuration.json, dataDigests: DataDigests(loop.data))
}

/// Ways to compute that must not change a bit.
let machines: [Run.Options] = InstructionSet.available.flatMap { set in
  [Execution.singleThread, .workers(.fixed(3))].map { Run.Options(execution: $0, instructionSet: set) }
}

extension Data {
  /// The data with one bit of a byte changed.
  func flipping(bit: Int, of index: Int) -> Data {
    var copy = self
    copy[startIndex + index] ^= 1 << UInt8(bit)
    return copy
  }

  /// What follows the header of a safetensors file begins here.
  var headerEnd: Int { 8 + (0..<8).reversed().reduce(0) { $0 << 8 | Int(self[$1]) } }
}

@Suite struct StateSupportTests {
  @Test func outcomesSeeTheModelAndTheMetricsButNoTimes() throws {
    let folder = try TemporaryFolder()
    func outcome(_ name: String, seed: String, epochs: String = "3") throws -> Outcome {
      let configuration = try Draft.spirals().configuration(
        in: folder, overrides: [("seed", seed), ("training.epochs", epochs)])
      return try Outcome(train(configuration, output: folder.url.appending(path: name)).run.directory.url)
    }
    let (first, again, other) = (try outcome("1", seed: "1"), try outcome("2", seed: "1"), try outcome("3", seed: "2"))
    #expect(first == again && first != other && first.model != other.model && first.metrics != other.metrics)
    #expect(try outcome("4", seed: "1", epochs: "2") != first && first.metrics.count == 3)
  }

  @Test func checkpointsAreTheSameBytes() throws {
    let (first, other) = (try makeCheckpoint(), try makeCheckpoint(steps: 9))
    #expect(try first.data == makeCheckpoint().data && first.data != other.data)
    #expect(first.state.position.epochs == 1 && first.state.position.epochSteps == 2)
  }

  @Test func bitsAreFlipped() {
    #expect(Data([1, 2]).flipping(bit: 0, of: 1) == Data([1, 3]))
  }
}
