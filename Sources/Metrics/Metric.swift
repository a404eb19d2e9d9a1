import ConfigurationSchema

/// A measure of how good predictions are: a pure function of the predictions and of the truth.
///
/// Sums are Double and run over the samples in order, so the value does not depend on which workers made the predictions,
/// or in which pieces.
public protocol Metric: Sendable {
  /// What it measures, in one sentence for the reference of the configuration.
  var help: String { get }
  /// The truth it needs.
  var needs: TruthKind { get }
  /// Which of two values is the better one.
  var direction: MetricDirection { get }
  /// Whether the value is a share from 0 to 1, which reads best in percent.
  var isShare: Bool { get }

  /// The value; NaN if there are no samples.
  ///
  /// - Parameters:
  ///   - predictions: a sample or more.
  ///   - truth: of the kind that the metric needs, and for the same samples: as many labels, or values of the same shape.
  func value(_ predictions: Predictions, _ truth: Truth) -> Double
}

/// Which of two values of a metric is the better one.
public enum MetricDirection: Sendable {
  /// The larger one.
  case maximize
  /// The smaller one.
  case minimize
}

/// The metrics by their names in a configuration. A new metric is one file and one case here.
public enum MetricKind: String, Catalogue, Sendable {
  case accuracy, rootMeanSquaredError

  /// The function.
  public var metric: any Metric {
    switch self {
    case .accuracy: Accuracy()
    case .rootMeanSquaredError: RootMeanSquaredError()
    }
  }

  /// What it measures, in one sentence for the reference of the configuration.
  public var help: String { metric.help }
  /// The truth it needs.
  public var needs: TruthKind { metric.needs }
  /// Which of two values is the better one.
  public var direction: MetricDirection { metric.direction }
  /// Whether the value is a share from 0 to 1, which reads best in percent.
  public var isShare: Bool { metric.isShare }

  /// The value of the metric; NaN if there are no samples.
  ///
  /// - Parameters:
  ///   - predictions: the outputs of the network.
  ///   - truth: of the kind that the metric `needs`, and for the same samples: as many labels, or values of the same shape.
  public func value(_ predictions: Predictions, _ truth: Truth) -> Double {
    switch truth {
    case .labels(let labels):
      precondition(labels.count == predictions.count, "predictions and labels are of different samples")
    case .values(let values, let columns):
      precondition(
        columns == predictions.columns && values.count == predictions.outputs.count,
        "predictions and values have different shapes")
    }
    precondition(truth.kind == needs, "\(rawValue) cannot be computed from \(truth.kind)")
    return metric.value(predictions, truth)
  }

  /// The metrics of a run whose configuration names none.
  public static func defaults(for truth: TruthKind) -> [MetricKind] {
    switch truth {
    case .labels: [.accuracy]
    case .values: []
    }
  }
}
