/// The threshold between two classes that is best on some samples.
public enum Threshold {
  /// The threshold t with which the rule "the second class where p > t" is best by `rule`; of equally good ones the nearest to ½.
  ///
  /// Two thresholds between neighbouring probabilities divide the samples alike; ½ stands for all where it is among them, else the
  /// middle.
  ///
  /// - Parameters:
  ///   - predictions: probabilities, in one column or in two.
  ///   - labels: 0 or 1 for each sample.
  ///   - weights: how much each counts.
  public static func fit(
    _ rule: ThresholdRule, _ predictions: Predictions, _ labels: [Int32], _ weights: SampleWeights
  ) -> Float {
    if case .fixed(let threshold) = rule { return Float(threshold) }
    func score(_ sample: Int) -> Float { predictions.outputs[(sample + 1) * predictions.columns - 1] }
    let ranking = Ranking(of: 1, labels, weights, score: score)
    let scores = Set(labels.indices.map(score)).sorted(by: >)
    // Nothing can be said of outputs that are not numbers.
    guard scores.count == ranking.groups.count, !scores.contains(where: \.isNaN) else { return 0.5 }
    var found = (value: -Double.infinity, threshold: Float(0.5))
    var (right, wrong) = (0.0, 0.0)
    // From thresholds above all probabilities down: with each group, more is predicted as the second class.
    for (index, (above, below)) in zip([Float(1).nextUp] + scores, scores + [0]).enumerated() {
      if index > 0 {
        right += ranking.groups[index - 1].positive
        wrong += ranking.groups[index - 1].negative
      }
      guard below < above else { continue }
      let middle = below + (above - below) / 2
      let threshold: Float = (below..<above).contains(0.5) ? 0.5 : middle < above ? min(middle, 1) : below
      let value = rule.value(
        truePositive: right, falsePositive: wrong, positive: ranking.positive, negative: ranking.negative)
      if value > found.value || value == found.value && abs(threshold - 0.5) < abs(found.threshold - 0.5) {
        found = (value, threshold)
      }
    }
    return found.threshold
  }
}

extension ThresholdRule {
  /// How good a division of the samples is.
  ///
  /// - Parameters:
  ///   - truePositive: the weight of the samples of the second class that are predicted so.
  ///   - falsePositive: that of those of the first which are.
  ///   - positive, negative: that of all samples of the second class, and of the first.
  fileprivate func value(truePositive: Double, falsePositive: Double, positive: Double, negative: Double) -> Double {
    func share(_ part: Double, of all: Double) -> Double { all > 0 ? part / all : 0 }
    switch self {
    case .fixed: return 0
    case .f1: return share(2 * truePositive, of: truePositive + falsePositive + positive)
    case .balancedAccuracy:
      return share(truePositive, of: positive) + share(negative - falsePositive, of: negative)
    case .costs(let costOfPositive, let costOfNegative):
      return -(costOfPositive * falsePositive + costOfNegative * (positive - truePositive))
    }
  }
}
