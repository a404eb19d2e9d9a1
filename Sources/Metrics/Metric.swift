import ConfigurationSchema

/// A measure of how good predictions are: a pure function of the predictions, of the truth and of the weights of samples.
///
/// Sums are Double and run over the samples in order, so the value does not depend on which workers made the predictions,
/// or in which pieces. Definitions are those of scikit-learn; where it has none, they are said.
public protocol Metric: Sendable {
  /// What it measures, in one sentence for the reference of the configuration.
  var help: String { get }
  /// The kinds of truth it can be computed from.
  var takes: Set<TruthKind> { get }
  /// Which of two values is the better one.
  var direction: MetricDirection { get }
  /// Whether the value is a share from 0 to 1, which reads best in percent.
  var isShare: Bool { get }

  /// The value; NaN if there are no samples, or if it is not defined for these.
  ///
  /// - Parameters:
  ///   - predictions: a sample or more.
  ///   - truth: of a kind that the metric takes, and for the same samples: as many labels, or values of the same shape.
  ///   - weights: how much each sample counts.
  func value(_ predictions: Predictions, _ truth: Truth, _ weights: SampleWeights) -> Double
}

/// Which of two values of a metric is the better one.
public enum MetricDirection: Sendable {
  /// The larger one.
  case maximize
  /// The smaller one.
  case minimize
}

/// How much each sample counts in a metric.
public struct SampleWeights: Sendable, Equatable {
  private let values: [Float]?

  /// The weights of samples; nil where all count alike.
  public init(_ values: [Float]? = nil) { self.values = values }

  /// The weight of a sample.
  subscript(sample: Int) -> Double { values.map { Double($0[sample]) } ?? 1 }

  /// The sum of the weights of the first `count` samples.
  func sum(_ count: Int) -> Double { (0..<count).reduce(0.0) { $0 + self[$1] } }

  /// The weighted mean of a number of each of `count` samples; NaN where nothing has a weight.
  func mean(_ count: Int, of value: (Int) -> Double) -> Double {
    (0..<count).reduce(0.0) { $0 + self[$1] * value($1) } / sum(count)
  }
}

/// The metrics by their names in a configuration. A new metric is one file and one case here.
public enum MetricKind: String, Catalogue, Sendable {
  case accuracy, balancedAccuracy, hammingLoss
  case precision, recall, f1, f1Weighted
  case rocAUC, averagePrecision, logLoss, brier, calibrationError
  case rootMeanSquaredError, meanAbsoluteError, r2, meanAbsolutePercentageError

  /// The function.
  public var metric: any Metric {
    switch self {
    case .accuracy: Accuracy()
    case .balancedAccuracy: BalancedAccuracy()
    case .hammingLoss: HammingLoss()
    case .precision: ClassShare(.precision)
    case .recall: ClassShare(.recall)
    case .f1: ClassShare(.f1)
    case .f1Weighted: ClassShare(.f1, isWeightedBySupport: true)
    case .rocAUC: ROCAUC()
    case .averagePrecision: AveragePrecision()
    case .logLoss: LogLoss()
    case .brier: Brier()
    case .calibrationError: CalibrationError()
    case .rootMeanSquaredError: RootMeanSquaredError()
    case .meanAbsoluteError: MeanAbsoluteError()
    case .r2: R2()
    case .meanAbsolutePercentageError: MeanAbsolutePercentageError()
    }
  }

  /// What it measures, in one sentence for the reference of the configuration.
  public var help: String { metric.help }

  /// The metrics of a run whose configuration names none.
  ///
  /// - Parameter classes: how many classes there are, if there are.
  public static func defaults(for truth: TruthKind, classes: Int) -> [MetricKind] {
    switch truth {
    case .values: [.rootMeanSquaredError, .meanAbsoluteError, .r2]
    case .labelSets: [.accuracy, .f1, .rocAUC]
    case .labels: classes == 2 ? [.accuracy, .f1, .rocAUC] : [.accuracy, .balancedAccuracy]
    }
  }
}
