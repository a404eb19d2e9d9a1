/// The root of the mean squared error of each output, averaged over the outputs: (1/m) Σⱼ √((1/n) Σᵢ (aᵢⱼ − yᵢⱼ)²) for n
/// samples of m outputs, as scikit-learn's `root_mean_squared_error` defines it.
///
/// It has the unit of the targets.
public struct RootMeanSquaredError: Metric {
  public var help: String {
    "the root of the mean squared error of each output, in the unit of the targets; of several outputs, their mean"
  }
  public var needs: TruthKind { .values }
  public var direction: MetricDirection { .minimize }
  public var isShare: Bool { false }

  /// The function.
  public init() {}

  public func value(_ predictions: Predictions, _ truth: Truth) -> Double {
    guard case .values(let values, let columns) = truth else { return .nan }
    var squares = [Double](repeating: 0, count: columns)
    for sample in 0..<predictions.count {
      for column in 0..<columns {
        let index = sample * columns + column
        let difference = Double(predictions.outputs[index]) - Double(values[index])
        squares[column] += difference * difference
      }
    }
    var sum = 0.0
    for square in squares { sum += (square / Double(predictions.count)).squareRoot() }
    return sum / Double(columns)
  }
}
