import ConfigurationSchema
import DataParallel
import Foundation
import Testing

@testable import Training

@Suite struct EpochMetricsTests {
  private func metrics(validation: EvaluationSummary?, loss: Double = 0.25) -> EpochMetrics {
    EpochMetrics(
      epoch: 2, steps: 20, learningRate: 0.1, trainingLoss: loss, validation: validation, digest: "ab", seconds: 0.5,
      samplesPerSecond: 1234.5678)
  }

  /// Results as an evaluation gives them.
  private func results() throws -> (classes: EvaluationSummary, numbers: EvaluationSummary) {
    let folder = try TemporaryFolder()
    let classes = try train(
      Draft(
        dataset: #"{"train": {"format": "synthetic", "kind": "xor"}, "test": {"format": "synthetic", "kind": "xor"}}"#
      )
      .configuration(in: folder), output: folder.url.appending(path: "1"))
    let numbers = try train(
      Draft(
        dataset:
          #"{"train": {"format": "synthetic", "kind": "linear"}, "test": {"format": "synthetic", "kind": "linear"}}"#,
        network: #"{"layers": [{"type": "dense", "units": 1}]}"#, loss: #""squaredError""#,
        optimizer: #"{"type": "sgd", "learningRate": 0.001}"#
      ).configuration(in: folder), output: folder.url.appending(path: "2"))
    return (try #require(classes.summary.test), try #require(numbers.summary.test))
  }

  @Test func keysOfAnEpoch() throws {
    let (classes, numbers) = try results()
    let all = metrics(validation: classes).json
    #expect(
      all.keys == ["digest", "epoch", "learningRate", "samplesPerSecond", "seconds", "steps", "train", "validation"])
    #expect(all["validation"]?.keys == ["accuracy", "f1", "loss", "rocAUC"])
    #expect(all["validation"]?["loss"]?.double == classes.meanLoss)
    #expect(
      metrics(validation: numbers).json["validation"]?.keys == [
        "loss", "meanAbsoluteError", "r2", "rootMeanSquaredError",
      ])
    #expect(metrics(validation: nil).json["validation"] == nil)
  }

  @Test func linesAreJSON() throws {
    let line = metrics(validation: nil).json.compactText
    #expect(
      line
        == #"{"digest":"ab","epoch":2,"learningRate":0.1,"samplesPerSecond":1235,"seconds":0.5,"steps":20,"train":{"loss":0.25}}"#
    )
    // What is not finite has no number in JSON.
    let infinite = metrics(validation: nil, loss: .infinity).json.compactText
    #expect(try JSONValue(Data(infinite.utf8))["train"]?["loss"] == .null)
  }
}
