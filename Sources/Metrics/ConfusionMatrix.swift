/// How often, or with which weight, samples of each class are predicted as each class.
public struct ConfusionMatrix: Sendable, Equatable {
  /// How many classes there are.
  public let classes: Int
  /// Row-major, [true class, predicted class].
  public private(set) var counts: [Double]

  /// Counts samples.
  ///
  /// - Parameters:
  ///   - predictions: a single output decides between two classes.
  ///   - labels: the true class of each sample.
  ///   - weights: how much each counts.
  public init(_ predictions: Predictions, _ labels: [Int32], _ weights: SampleWeights = SampleWeights()) {
    classes = max(predictions.columns, 2)
    counts = [Double](repeating: 0, count: classes * classes)
    for (sample, found) in predictions.classes().enumerated() {
      counts[Int(labels[sample]) * classes + Int(found)] += weights[sample]
    }
  }

  /// Counts samples by one of several labels: class 1 where it is true, class 0 where it is not.
  ///
  /// - Parameter values: 1 or 0 for each label of each sample.
  public init(ofLabel label: Int, _ predictions: Predictions, _ values: [Float], _ weights: SampleWeights) {
    classes = 2
    counts = [0, 0, 0, 0]
    for sample in 0..<predictions.count {
      let truth = values[sample * predictions.columns + label] == 1 ? 2 : 0
      counts[truth + (predictions.says(label, of: sample) ? 1 : 0)] += weights[sample]
    }
  }

  /// The samples of a class that are predicted as another, or the same.
  public subscript(truth: Int, predicted: Int) -> Double { counts[truth * classes + predicted] }

  /// The samples of a class.
  public func support(_ label: Int) -> Double { (0..<classes).reduce(0) { $0 + self[label, $1] } }
  /// The samples that are predicted as a class.
  public func predicted(_ label: Int) -> Double { (0..<classes).reduce(0) { $0 + self[$1, label] } }
  /// The share of the predictions of a class that are right; 0 where there are none.
  public func precision(_ label: Int) -> Double { share(self[label, label], of: predicted(label)) }
  /// The share of the samples of a class that are predicted so; 0 where there are none.
  public func recall(_ label: Int) -> Double { share(self[label, label], of: support(label)) }
  /// The harmonic mean of precision and recall of a class; 0 where both are.
  public func f1(_ label: Int) -> Double { share(2 * self[label, label], of: predicted(label) + support(label)) }

  private func share(_ part: Double, of all: Double) -> Double { all > 0 ? part / all : 0 }
}
