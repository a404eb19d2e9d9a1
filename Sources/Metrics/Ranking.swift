/// The samples of a class and the others, by what the network says for the class: what metrics of rankings look at.
struct Ranking {
  /// Samples with one score, from the greatest score down: the weights of those of the class, and of the others.
  private(set) var groups: [(positive: Double, negative: Double)] = []
  private(set) var positive = 0.0
  private(set) var negative = 0.0

  /// - Parameters:
  ///   - label: the class.
  ///   - score: what the network says for it, of each sample.
  init(of label: Int32, _ labels: [Int32], _ weights: SampleWeights, score: (Int) -> Float) {
    let scores = labels.indices.map(score)
    // A score that is not a number is worse than all that are.
    let order = labels.indices.sorted { first, second in
      let (one, other) = (scores[first], scores[second])
      if one.isNaN || other.isNaN { return one.isNaN ? (other.isNaN && first < second) : true }
      return one == other ? first < second : one > other
    }
    var last: Float?
    for sample in order {
      let score = scores[sample]
      let isSame = last.map { $0 == score || ($0.isNaN && score.isNaN) } ?? false
      if !isSame { groups.append((0, 0)) }
      last = score
      if labels[sample] == label {
        groups[groups.count - 1].positive += weights[sample]
        positive += weights[sample]
      } else {
        groups[groups.count - 1].negative += weights[sample]
        negative += weights[sample]
      }
    }
  }

  /// The area under the curve of true over false positives: the probability that a sample of the class is before another one;
  /// nil where there are none of either.
  var areaUnderCurve: Double? {
    guard positive > 0 && negative > 0 else { return nil }
    var (area, before) = (0.0, 0.0)
    for group in groups {
      area += group.negative * (before + group.positive / 2)
      before += group.positive
    }
    return area / (positive * negative)
  }

  /// Σ (Rₙ − Rₙ₋₁) Pₙ over the scores as thresholds, with precision P and recall R; nil where there is none of the class.
  var averagePrecision: Double? {
    guard positive > 0 else { return nil }
    var (sum, found, all) = (0.0, 0.0, 0.0)
    for group in groups {
      found += group.positive
      all += group.positive + group.negative
      if all > 0 { sum += group.positive / positive * (found / all) }
    }
    return sum
  }

  /// A number of the second of two classes, or the mean over several classes or labels that have one; NaN where none has.
  static func mean(
    _ predictions: Predictions, _ truth: Truth, _ weights: SampleWeights, _ value: (Ranking) -> Double?
  ) -> Double {
    let columns = predictions.columns
    let rankings: [Ranking]
    switch truth {
    case .values: return .nan
    case .labels(let labels):
      rankings = (columns > 2 ? Array(0..<columns) : [1]).map { label in
        Ranking(of: Int32(label), labels, weights) {
          columns == 1 ? predictions.outputs[$0] : predictions.outputs[$0 * columns + label]
        }
      }
    case .labelSets(let values, _):
      rankings = (0..<columns).map { label in
        let own = (0..<predictions.count).map { Int32(values[$0 * columns + label]) }
        return Ranking(of: 1, own, weights) { predictions.outputs[$0 * columns + label] }
      }
    }
    let numbers = rankings.compactMap(value)
    return numbers.reduce(0, +) / Double(numbers.count)
  }
}

/// The area under the receiver operating characteristic: of two classes for the second one, of several the mean of each against
/// the others, over the classes that occur; of several labels the mean of each, over those that are true of some samples alone.
public struct ROCAUC: Metric {
  public var help: String {
    "the area under the ROC curve: of two classes for the second, of several the mean of each against the others"
  }
  public var takes: Set<TruthKind> { [.labels, .labelSets] }
  public var direction: MetricDirection { .maximize }
  public var isShare: Bool { false }

  /// The function.
  public init() {}

  public func value(_ predictions: Predictions, _ truth: Truth, _ weights: SampleWeights) -> Double {
    Ranking.mean(predictions, truth, weights, \.areaUnderCurve)
  }
}

/// The average precision: of two classes for the second one, of several the mean of each against the others, over the classes
/// that occur; of several labels the mean of each that is true of a sample.
public struct AveragePrecision: Metric {
  public var help: String {
    "the mean precision over all recalls: of two classes for the second, of several the mean of each against the others"
  }
  public var takes: Set<TruthKind> { [.labels, .labelSets] }
  public var direction: MetricDirection { .maximize }
  public var isShare: Bool { false }

  /// The function.
  public init() {}

  public func value(_ predictions: Predictions, _ truth: Truth, _ weights: SampleWeights) -> Double {
    Ranking.mean(predictions, truth, weights, \.averagePrecision)
  }
}
