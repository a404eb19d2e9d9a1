import ConfigurationSchema
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
  let labelSets: [Float]?
  let weights: [Float]?
  let metrics: [String: Double]

  var testDescription: String { name }
  var predictions: Predictions { Predictions(outputs: outputs, columns: columns) }
  var truth: Truth? {
    labels.map { .labels($0) } ?? values.map { .values($0, columns: columns) }
      ?? labelSets.map { .labelSets($0, columns: columns) }
  }
  /// Names of classes and labels.
  var names: [String] { (0..<max(columns, 2)).map { "l\($0)" } }

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
      let metric = try #require(RequestedMetric(name))
      #expect(metric.name == name && metric.takes.contains(truth.kind))
      let found = metric.value(
        expected.predictions, truth, SampleWeights(expected.weights), classes: expected.names)
      #expect(abs(found - value) <= 1e-12 * max(abs(value), 1e-3), "\(name) is \(found), not \(value)")
      // Weights matter where there are some.
      if expected.weights != nil {
        let unweighted = metric.value(expected.predictions, truth, classes: expected.names)
        #expect(abs(unweighted - value) > 1e-12 * abs(value) || value == 0 || value == 1, "\(name)")
      }
    }
  }

  @Test func everyMetricIsCompared() throws {
    for truth in [TruthKind.labels, .labelSets, .values] {
      let compared = try Set(ExpectedMetrics.all().filter { $0.truth?.kind == truth }.flatMap(\.metrics.keys))
      let taken = MetricKind.allCases.filter { $0.metric.takes.contains(truth) }.map(\.rawValue)
      #expect(!taken.isEmpty && compared.isSuperset(of: taken))
    }
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
    if let labelSets = expected.labelSets {
      let isRight = (0..<expected.columns).allSatisfy { (expected.outputs[$0] > 0.5) == (labelSets[$0] == 1) }
      for column in 0..<expected.columns { changed[column] = isRight ? 1 - labelSets[column] : labelSets[column] }
    }
    let predictions = Predictions(outputs: changed, columns: expected.columns)
    // Others look at ranks, or at some classes alone.
    let all: [MetricKind] = [.accuracy, .rootMeanSquaredError]
    for kind in all where kind.metric.takes.contains(truth.kind) {
      #expect(kind.value(predictions, truth) != kind.value(expected.predictions, truth))
    }
  }

  /// Each metric with each kind of truth that it takes.
  static let pairs: [(MetricKind, TruthKind)] = MetricKind.allCases.flatMap { kind in
    kind.metric.takes.map { (kind, $0) }
  }

  @Test(arguments: pairs)
  func theBestValueIsThatOfTheTruth(kind: MetricKind, taken: TruthKind) {
    let (predictions, truth, worse): (Predictions, Truth, Predictions) =
      switch taken {
      case .labelSets:
        (
          Predictions(outputs: [1, 0, 0, 1, 1, 0, 0, 1], columns: 2), .labelSets([1, 0, 0, 1, 1, 0, 0, 1], columns: 2),
          Predictions(outputs: [1, 0, 0, 1, 0, 1, 1, 0], columns: 2)
        )
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
    let (best, lower) = (kind.value(predictions, truth), kind.value(worse, truth))
    switch kind.metric.direction {
    case .maximize: #expect(best > lower)
    case .minimize: #expect(best < lower)
    }
  }

  @Test(arguments: pairs)
  func noSamplesHaveNoValue(kind: MetricKind, taken: TruthKind) {
    let truth: Truth =
      switch taken {
      case .labels: .labels([])
      case .labelSets: .labelSets([], columns: 2)
      case .values: .values([], columns: 2)
      }
    #expect(kind.value(Predictions(outputs: [], columns: 2), truth).isNaN)
  }

  @Test(arguments: MetricKind.allCases)
  func helpIsAPhrase(kind: MetricKind) {
    #expect(!kind.help.hasSuffix(".") && kind.help.first?.isLowercase == true)
  }

  @Test func defaultsFitTheTargets() {
    for truth in [TruthKind.labels, .labelSets, .values] {
      for classes in [2, 3, 10] {
        let kinds = MetricKind.defaults(for: truth, classes: classes)
        #expect(!kinds.isEmpty && kinds.allSatisfy { $0.metric.takes.contains(truth) })
        #expect(truth == .values || kinds.first == .accuracy)
      }
    }
  }

  // MARK: Names

  @Test func families() {
    #expect(
      RequestedMetric("top4Accuracy") == .topAccuracy(4) && RequestedMetric("top1000Accuracy") == .topAccuracy(1000))
    #expect(RequestedMetric("recall.a b.c") == .ofClass(.recall, "a b.c"))
    for name in [
      "top1Accuracy", "top1001Accuracy", "top03Accuracy", "top+3Accuracy", "topAccuracy", "recall.", "brier.a", "", "x",
    ] {
      #expect(RequestedMetric(name) == nil, "\(name)")
    }
    #expect(RequestedMetric("accuracy") == .kind(.accuracy) && RequestedMetric("hammingLoss")?.direction == .minimize)
    #expect(RequestedMetric.topAccuracy(3).isShare && RequestedMetric("f1.a")?.takes == [.labels, .labelSets])
  }

  private func read(_ text: String) throws -> (metrics: [RequestedMetric]?, issues: [String]) {
    let issues = IssueCollector()
    let value = try JSONValue(parsing: Data(#"{"metrics": \#(text)}"#.utf8), file: "test")
    let result = Section.read(value, issues: issues) { $0.required("metrics", .metrics, help: "some") }.result
    return (result, issues.issues.map(\.description))
  }

  @Test func lists() throws {
    let (metrics, issues) = try read(#"["accuracy", "top3Accuracy", "recall.x"]"#)
    #expect(metrics == [.kind(.accuracy), .topAccuracy(3), .ofClass(.recall, "x")] && issues.isEmpty)
    #expect(try read(#"["f1", "f1"]"#).issues == ["metrics[1]: is in the list twice"])
    let wrong = try read(#"["acuracy", 3, "top1Accuracy"]"#).issues
    #expect(
      wrong.count == 3
        && wrong[0].hasPrefix("metrics[0]: unknown metric 'acuracy'; did you mean 'accuracy'? allowed: accuracy, "))
    #expect(
      wrong[1].hasPrefix("metrics[1]: unknown metric 3; allowed: ")
        && wrong[0].hasSuffix(", topNAccuracy, precision.CLASS, recall.CLASS, f1.CLASS"))
    #expect(wrong[2].contains("did you mean 'topNAccuracy'?"))
    let families = try read(#"["topNAccuracy", "recal.a.b", "brier.a", "recall."]"#).issues
    #expect(families.count == 4)
    #expect(
      families[0].hasPrefix(
        "metrics[0]: unknown metric 'topNAccuracy'; N is a number from 2 to 1000, as in 'top3Accuracy'; allowed: "))
    #expect(families[1].hasPrefix("metrics[1]: unknown metric 'recal.a.b'; did you mean 'recall.a.b'? allowed: "))
    #expect(families[2].hasPrefix("metrics[2]: unknown metric 'brier.a'; allowed: "))
    #expect(families[3].hasPrefix("metrics[3]: unknown metric 'recall.'; did you mean 'recall'? allowed: "))
    #expect(try read("3").issues[0].hasPrefix("metrics: must be a list of names, found 3"))
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
