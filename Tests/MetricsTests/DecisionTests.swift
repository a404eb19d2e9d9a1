import ConfigurationSchema
import Foundation
import Testing

@testable import Metrics

/// A case of Expected/decisions.json; Expected/decisions.py made it with SciPy.
private struct ExpectedDecision: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let columns: Int
  let function: String
  let logits: [Float]
  let labels: [Int32]
  let weights: [Float]?
  let temperature: Double
  let scores: [Float]?
  let thresholds: [String: Double]?

  var testDescription: String { name }
  var probabilityFunction: ProbabilityFunction { function == "softmax" ? .softmax : .sigmoid }

  static func all() throws -> [Self] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Expected/decisions.json")
    return try JSONDecoder().decode([Self].self, from: Data(contentsOf: file))
  }
}

@Suite struct DecisionTests {
  // MARK: Temperature

  @Test(arguments: try ExpectedDecision.all())
  private func temperaturesAreThoseOfSciPy(expected: ExpectedDecision) {
    let logits = Predictions(outputs: expected.logits, columns: expected.columns)
    let weights = SampleWeights(expected.weights)
    let found = Temperature.fit(logits, expected.probabilityFunction, .labels(expected.labels), weights)
    #expect(abs(found / expected.temperature - 1) < 1e-6, "\(found)")
    // Logits of twice the size have twice the temperature, and weights matter.
    let doubled = Predictions(outputs: expected.logits.map { 2 * $0 }, columns: expected.columns)
    let twice = Temperature.fit(doubled, expected.probabilityFunction, .labels(expected.labels), weights)
    #expect(abs(twice / found - 2) < 1e-9)
    if expected.weights != nil {
      let other = Temperature.fit(logits, expected.probabilityFunction, .labels(expected.labels), SampleWeights())
      #expect(abs(other / expected.temperature - 1) > 1e-3)
    }
  }

  /// Where all samples are predicted right, the log loss falls for ever; where all are wrong, it does with evenness.
  @Test func temperaturesHaveLimits() {
    let logits = Predictions(outputs: [1, -1, -1, 1], columns: 2)
    #expect(Temperature.fit(logits, .softmax, .labels([0, 1]), SampleWeights()) == Temperature.range.lowerBound)
    #expect(Temperature.fit(logits, .softmax, .labels([1, 0]), SampleWeights()) == Temperature.range.upperBound)
    #expect(Temperature.fit(logits, .sigmoid, .labels([0, 1]), SampleWeights()) == Temperature.range.lowerBound)
  }

  // MARK: Threshold

  /// What a threshold comes to, from the confusion matrix.
  private func value(_ rule: String, _ predictions: Predictions, _ labels: [Int32], _ weights: SampleWeights) -> Double
  {
    let matrix = ConfusionMatrix(predictions, labels, weights)
    switch rule {
    case "f1": return matrix.f1(1)
    case "balancedAccuracy": return matrix.recall(0) + matrix.recall(1)
    default: return -(2 * matrix[0, 1] + 7 * matrix[1, 0])
    }
  }

  @Test(arguments: try ExpectedDecision.all())
  private func noThresholdIsBetter(expected: ExpectedDecision) throws {
    guard let scores = expected.scores, let best = expected.thresholds else { return }
    let weights = SampleWeights(expected.weights)
    let rules: [String: ThresholdRule] = [
      "f1": .f1, "balancedAccuracy": .balancedAccuracy, "costs": .costs(falsePositive: 2, falseNegative: 7),
    ]
    for columns in [1, 2] {
      let outputs = columns == 1 ? scores : scores.flatMap { [1 - $0, $0] }
      let predictions = Predictions(outputs: outputs, columns: columns)
      for (name, rule) in rules {
        let threshold = Threshold.fit(rule, predictions, expected.labels, weights)
        let decided = Predictions(outputs: outputs, columns: columns, threshold: threshold)
        let found = value(name, decided, expected.labels, weights)
        #expect(abs(found - best[name]!) < 1e-9, "\(name): \(found) at \(threshold)")
      }
    }
    // One half is not the best, or these cases would show little.
    let plain = Predictions(outputs: scores, columns: 1)
    #expect(best.contains { abs(value($0.key, plain, expected.labels, weights) - $0.value) > 1e-3 })
  }

  /// Worked by hand.
  @Test func thresholdsLieBetweenProbabilities() {
    func fit(_ rule: ThresholdRule, _ scores: [Float], _ labels: [Int32]) -> Float {
      Threshold.fit(rule, Predictions(outputs: scores, columns: 1), labels, SampleWeights())
    }
    #expect(fit(.f1, [0.1, 0.2, 0.4, 0.45], [0, 0, 1, 1]) == Float(0.2) + (Float(0.4) - Float(0.2)) / 2)
    // One half is among the thresholds that divide them so.
    #expect(fit(.f1, [0.1, 0.2, 0.7, 0.9], [0, 0, 1, 1]) == 0.5)
    // All are of the second class: the nearest to one half below them; and of the first: the nearest above them.
    #expect(fit(.costs(falsePositive: 1, falseNegative: 1), [0.2, 0.4], [1, 1]) == 0.1)
    #expect(fit(.costs(falsePositive: 1, falseNegative: 1), [0.2, 0.4], [0, 0]) == 0.5)
    #expect(
      fit(.costs(falsePositive: 1, falseNegative: 1), [0.8, 0.6], [0, 0]) == Float(0.8) + (Float(1).nextUp - Float(0.8))
        / 2)
    #expect(fit(.fixed(0.25), [0.2, 0.4], [0, 0]) == 0.25)
    #expect(fit(.f1, [.nan, 0.4], [0, 1]) == 0.5)
    #expect(fit(.f1, [0, 1], [0, 1]) == 0.5 && fit(.f1, [1, 1], [1, 1]) == 0.5 && fit(.f1, [0, 0], [1, 1]) == 0.5)
  }

  @Test func thresholdsDecide() {
    #expect(Predictions(outputs: [0.2, 0.3, 0.4], columns: 1, threshold: 0.3).classes() == [0, 0, 1])
    #expect(Predictions(outputs: [0.8, 0.2, 0.6, 0.4], columns: 2, threshold: 0.3).classes() == [0, 1])
    #expect(Predictions(outputs: [0.5, 0.5, 0.6, 0.4], columns: 2).classes() == [0, 0])
  }

  // MARK: Configuration

  private func read(_ text: String) throws -> (DecisionConfiguration?, resolved: String, issues: [String]) {
    let issues = IssueCollector()
    let value = try JSONValue(parsing: Data(text.utf8), file: "test")
    let (result, resolved) = Section.read(value, issues: issues) { DecisionConfiguration($0) }
    return (result, resolved.compactText, issues.issues.map(\.description))
  }

  @Test func thresholds() throws {
    let rules: [(String, ThresholdRule)] = [
      ("0.25", .fixed(0.25)), ("1", .fixed(1)), (#""f1""#, .f1), (#""balancedAccuracy""#, .balancedAccuracy),
      (#"{"falseNegative": 5, "falsePositive": 1}"#, .costs(falsePositive: 1, falseNegative: 5)),
    ]
    for (text, rule) in rules {
      let (found, resolved, issues) = try read(#"{"threshold": \#(text)}"#)
      #expect(found?.threshold == rule && issues.isEmpty && found?.needsValidation == rule.isFitted)
      #expect(try read(resolved).0 == found)
    }
    let (plain, _, _) = try read("{}")
    #expect(plain?.threshold == nil && plain?.calibration == DecisionConfiguration.Calibration.none)
    let (calibrated, _, _) = try read(#"{"calibration": "temperature"}"#)
    #expect(
      plain?.needsValidation == false && calibrated?.needsValidation == true)
  }

  @Test(arguments: [
    (#"{"threshold": 1.5}"#, "threshold: must be from 0 to 1, found 1.5"),
    (
      #"{"threshold": "recall"}"#,
      "threshold: must be a number from 0 to 1, 'f1', 'balancedAccuracy', or an object with the costs 'falsePositive' and "
        + "'falseNegative', found 'recall'"
    ),
    (
      #"{"threshold": {"falsePositive": 1}}"#,
      "threshold: must be a number from 0 to 1, 'f1', 'balancedAccuracy', or an object with the costs 'falsePositive' and "
        + "'falseNegative', found an object"
    ),
    (
      #"{"threshold": {"falsePositive": 0, "falseNegative": 1}}"#,
      "threshold.falsePositive: must be greater than 0, found 0"
    ),
    (#"{"calibration": "isotonic"}"#, "calibration: unknown value 'isotonic'; allowed: none, temperature"),
  ]) func wrongValues(text: String, sentence: String) throws {
    #expect(try read(text).issues == [sentence])
  }
}
