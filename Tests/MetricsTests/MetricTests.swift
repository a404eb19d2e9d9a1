import Foundation
import Testing

@testable import Metrics

/// A case of Expected/metrics.json; Expected/metrics.py made it with scikit-learn.
struct ExpectedMetrics: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let columns: Int
  let outputs: [Float]
  let classes: [Int32]?
  let labels: [Int32]?
  let values: [Float]?
  let weights: [Float]?
  let metrics: [String: Double]

  var testDescription: String { name }
  var predictions: Predictions { Predictions(outputs: outputs, columns: columns) }
  var truth: Truth? { labels.map { .labels($0) } ?? values.map { .values($0, columns: columns) } }

  static func all() throws -> [Self] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Expected/metrics.json")
    return try JSONDecoder().decode([Self].self, from: Data(contentsOf: file))
  }
}

@Suite struct MetricTests {
  @Test(arguments: try ExpectedMetrics.all())
  func valuesAreThoseOfScikitLearn(expected: ExpectedMetrics) throws {
    let truth = try #require(expected.truth)
    if let classes = expected.classes { #expect(expected.predictions.classes() == classes) }
    #expect(!expected.metrics.isEmpty)
    for (name, value) in expected.metrics {
      let kind = try #require(MetricKind(rawValue: name))
      #expect(kind.needs == truth.kind)
      let found = kind.value(expected.predictions, truth, SampleWeights(expected.weights))
      #expect(abs(found - value) <= 1e-12 * max(abs(value), 1e-3), "\(name) is \(found), not \(value)")
      // Weights matter where there are some.
      if expected.weights != nil { #expect(abs(kind.value(expected.predictions, truth) - value) > 1e-12 * abs(value)) }
    }
  }

  @Test func everyMetricIsCompared() throws {
    let compared = try Set(ExpectedMetrics.all().flatMap(\.metrics.keys))
    #expect(compared == Set(MetricKind.allCases.map(\.rawValue)))
  }

  /// A sample that is taken for another one must show in every metric.
  @Test(arguments: try ExpectedMetrics.all())
  func oneSampleMatters(expected: ExpectedMetrics) throws {
    let truth = try #require(expected.truth)
    var changed = expected.outputs
    for column in 0..<expected.columns { changed[column] = -changed[column] }
    if let labels = expected.labels, let classes = expected.classes {
      // From wrong to right, or from right to wrong.
      let isRight = labels[0] == classes[0]
      let found = isRight ? (labels[0] + 1) % Int32(max(2, expected.columns)) : labels[0]
      for column in 0..<expected.columns { changed[column] = 0 }
      if expected.columns == 1 { changed[0] = Float(found) } else { changed[Int(found)] = 1 }
    }
    let predictions = Predictions(outputs: changed, columns: expected.columns)
    // Others look at ranks, or at some classes alone.
    let all: [MetricKind] = [.accuracy, .rootMeanSquaredError]
    for kind in all where kind.needs == truth.kind {
      #expect(kind.value(predictions, truth) != kind.value(expected.predictions, truth))
    }
  }

  @Test(arguments: MetricKind.allCases)
  func theBestValueIsThatOfTheTruth(kind: MetricKind) {
    let (predictions, truth, worse): (Predictions, Truth, Predictions) =
      switch kind.needs {
      case .labels:
        (
          Predictions(outputs: [1, 0, 0, 1, 1, 0, 0, 1], columns: 2), .labels([0, 1, 0, 1]),
          Predictions(outputs: [1, 0, 0, 1, 0, 1, 1, 0], columns: 2)
        )
      case .values:
        (
          Predictions(outputs: [1, 2, 3, 5], columns: 2), .values([1, 2, 3, 5], columns: 2),
          Predictions(outputs: [1, 2, 3, 4], columns: 2)
        )
      }
    // Of two classes one of the best two is always right.
    if [.top2Accuracy, .top3Accuracy, .top5Accuracy].contains(kind) { return }
    let (best, lower) = (kind.value(predictions, truth), kind.value(worse, truth))
    switch kind.direction {
    case .maximize: #expect(best > lower)
    case .minimize: #expect(best < lower)
    }
  }

  @Test(arguments: MetricKind.allCases)
  func noSamplesHaveNoValue(kind: MetricKind) {
    let truth: Truth =
      switch kind.needs {
      case .labels: .labels([])
      case .values: .values([], columns: 2)
      }
    #expect(kind.value(Predictions(outputs: [], columns: 2), truth).isNaN)
  }

  @Test(arguments: MetricKind.allCases)
  func helpIsAPhrase(kind: MetricKind) {
    #expect(!kind.help.hasSuffix(".") && kind.help.first?.isLowercase == true)
  }

  @Test func defaultsFitTheTargets() {
    for classes in [nil, 2, 3, 10] {
      let kinds = MetricKind.defaults(classes: classes)
      #expect(!kinds.isEmpty && kinds.allSatisfy { $0.needs == (classes == nil ? .values : .labels) })
      #expect(classes == nil || kinds.first == .accuracy)
    }
  }

  @Test func notANumber() {
    let predictions = Predictions(outputs: [.nan, 0.75, 0.25, 0.5], columns: 1)
    #expect(MetricKind.logLoss.value(predictions, .labels([0, 1, 0, 1])).isNaN)
    // What is not a number ranks last.
    #expect(MetricKind.rocAUC.value(predictions, .labels([0, 1, 0, 1])) == 1)
    #expect(MetricKind.rocAUC.value(predictions, .labels([1, 1, 1, 1])).isNaN)
    #expect(MetricKind.accuracy.value(predictions, .labels([1, 1, 0, 0]), SampleWeights([0, 0, 0, 0])).isNaN)
    // Scores that are no probabilities, such as those of hinge.
    let scores = Predictions(outputs: [2, -1, -3, 4], columns: 2)
    #expect(MetricKind.brier.value(scores, .labels([0, 1])) == 5)
    #expect(MetricKind.calibrationError.value(scores, .labels([0, 1])).isNaN)
  }
}
