import Foundation

extension Predictions {
  /// The probability of a class for a sample; a single output is that of the second of two.
  func probability(_ sample: Int, _ label: Int) -> Double {
    if columns > 1 { return Double(outputs[sample * columns + label]) }
    let second = Double(outputs[sample])
    return label == 1 ? second : 1 - second
  }
}

/// The mean of −ln p of the true class, with p no farther from 0 and 1 than 2⁻⁵² allows.
public struct LogLoss: Metric {
  public var help: String { "the mean of −ln of the predicted probability of the true class" }
  public var takes: Set<TruthKind> { [.labels] }
  public var direction: MetricDirection { .minimize }
  public var isShare: Bool { false }

  /// The function.
  public init() {}

  public func value(_ predictions: Predictions, _ truth: Truth, _ weights: SampleWeights) -> Double {
    guard case .labels(let labels) = truth else { return .nan }
    return weights.mean(labels.count) { sample in
      let p = predictions.probability(sample, Int(labels[sample]))
      guard p >= 0 && p <= 1 else { return .nan }
      return -log(min(max(p, .ulpOfOne), 1 - .ulpOfOne))
    }
  }
}

/// The mean squared distance of the probabilities from the truth: of two classes (p − y)² for the second, of several
/// Σₖ (pₖ − yₖ)² (Brier, 1950); of several labels the mean over them of (p − y)².
public struct Brier: Metric {
  public var help: String { "the mean squared distance of the predicted probabilities from the truth" }
  public var takes: Set<TruthKind> { [.labels, .labelSets] }
  public var direction: MetricDirection { .minimize }
  public var isShare: Bool { false }

  /// The function.
  public init() {}

  public func value(_ predictions: Predictions, _ truth: Truth, _ weights: SampleWeights) -> Double {
    if case .labelSets(let values, let columns) = truth {
      return weights.mean(predictions.count) { sample in
        (sample * columns..<(sample + 1) * columns).reduce(0.0) { sum, place in
          let difference = Double(predictions.outputs[place]) - Double(values[place])
          return sum + difference * difference
        } / Double(columns)
      }
    }
    guard case .labels(let labels) = truth else { return .nan }
    let classes = predictions.columns > 2 ? Array(0..<predictions.columns) : [1]
    return weights.mean(labels.count) { sample in
      classes.reduce(0.0) { sum, label in
        let difference = predictions.probability(sample, label) - (Int(labels[sample]) == label ? 1 : 0)
        return sum + difference * difference
      }
    }
  }
}

/// The expected calibration error: how far the probability of the predicted class is from the share that is right, over 15 bins of
/// equal width (Guo and others, 2017).
///
///     Σ_b (n_b / n) |right_b / n_b − Σ p / n_b|
public struct CalibrationError: Metric {
  private static let bins = 15

  public var help: String {
    "how far the probability of the predicted class is from the share that is right, in the mean of 15 bins of it"
  }
  public var takes: Set<TruthKind> { [.labels] }
  public var direction: MetricDirection { .minimize }
  public var isShare: Bool { false }

  /// The function.
  public init() {}

  public func value(_ predictions: Predictions, _ truth: Truth, _ weights: SampleWeights) -> Double {
    guard case .labels(let labels) = truth else { return .nan }
    var right = [Double](repeating: 0, count: Self.bins)
    var confidence = right
    for (sample, found) in predictions.classes().enumerated() {
      let p = predictions.probability(sample, Int(found))
      guard p >= 0 && p <= 1 else { return .nan }
      let bin = max(Int((p * Double(Self.bins)).rounded(.up)) - 1, 0)
      confidence[bin] += weights[sample] * p
      if found == labels[sample] { right[bin] += weights[sample] }
    }
    return zip(right, confidence).reduce(0.0) { $0 + abs($1.0 - $1.1) } / weights.sum(labels.count)
  }
}
