import ConfigurationSchema
import Foundation
import Metrics
import Testing

@testable import Training

@Suite struct MonitoredMetricTests {
  private func epoch(validation: EvaluationSummary?) -> EpochMetrics {
    EpochMetrics(
      epoch: 1, steps: 1, learningRate: 0.1, trainingLoss: 0.5, validation: validation, digest: "", seconds: 1,
      samplesPerSecond: 1)
  }

  @Test(arguments: ["train.loss", "validation.loss", "validation.accuracy", "validation.recall.a.b"]) func names(
    name: String
  ) {
    #expect(MonitoredMetric(name)?.name == name)
    #expect(MonitoredMetric(name)?.isOfValidation == name.hasPrefix("validation."))
  }

  @Test(arguments: [
    "", "loss", "validation", "validation.", ".loss", "test.loss", "train.accuracy", "validation.a.b",
    "validation.recall.",
  ])
  func whatIsNone(name: String) { #expect(MonitoredMetric(name) == nil) }

  @Test func values() throws {
    let run = try train(Draft.spirals().configuration(in: TemporaryFolder()), output: TemporaryFolder().url)
    let validation = try #require(run.epochs[0].validation)
    let recorded = epoch(validation: validation)
    #expect(MonitoredMetric("train.loss")?.value(in: recorded) == 0.5)
    #expect(MonitoredMetric("validation.loss")?.value(in: recorded) == validation.meanLoss)
    let accuracy = try #require(MonitoredMetric("validation.accuracy")?.value(in: recorded))
    #expect((0...1).contains(accuracy))
    #expect(MonitoredMetric("validation.f0")?.value(in: recorded) == nil)
    #expect(MonitoredMetric("validation.loss")?.value(in: epoch(validation: nil)) == nil)
  }

  @Test(arguments: [
    ("validation.loss", true, [String]()), ("validation.accuracy", true, []), ("train.loss", false, []),
    (
      "validation.loss", false,
      ["'validation.loss' needs a 'dataset.validation', and there is none; 'train.loss' needs none"]
    ),
    (
      "validation.acuracy", true,
      [
        "'validation.acuracy' is not measured in this run; did you mean 'validation.accuracy'? what is: train.loss, "
          + "validation.loss, validation.accuracy"
      ]
    ),
  ]) func checks(name: String, hasValidation: Bool, messages: [String]) throws {
    let issues = IssueCollector()
    try #require(MonitoredMetric(name)).check(
      hasValidation: hasValidation, metrics: ["accuracy"], .root.appending(key: "metric"), issues)
    #expect(issues.issues.map(\.message) == messages)
  }
}
