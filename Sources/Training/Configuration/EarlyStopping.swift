import ConfigurationSchema
import Metrics

/// The section `training.earlyStopping` of a configuration: when training ends before its last epoch, and which epoch's
/// parameters become the model.
///
/// After each epoch the metric is compared with the best one so far. If it is not better, by more than `minimumChange`, for
/// `patience` epochs after another, training ends. The decision depends on the metrics alone, so it is the same wherever
/// a run was interrupted.
public struct EarlyStopping: Sendable, Equatable {
  /// Which of two values is the better one.
  enum Mode: String, Catalogue {
    case minimum, maximum

    var help: String {
      switch self {
      case .minimum: "the smaller value is the better one"
      case .maximum: "the larger value is the better one"
      }
    }
  }

  /// `metric`: what is compared.
  public let metric: MonitoredMetric
  /// `patience`: epochs after the best one before training ends.
  public let patience: Int
  /// `minimumChange`: by how much more than this a value has to be better.
  public let minimumChange: Double
  /// `useBest`: whether the parameters of the best epoch are the model, and not those of the last.
  public let usesBest: Bool
  private let mode: Mode

  /// The key of `metric`.
  static let metricPath = ConfigurationPath.root.appending(key: "training").appending(key: "earlyStopping")
    .appending(key: "metric")

  /// The section; nil after reporting issues.
  init?(_ section: Section) {
    let metric = section.value(
      "metric", .monitored, default: MonitoredMetric("validation.loss")!, help: "what is compared after each epoch")
    patience = section.value(
      "patience", .integer(in: 1...1_000_000_000), default: 10,
      help: "training ends when so many epochs after another were not better than the best one")
    minimumChange = section.value(
      "minimumChange", .number(.nonNegative), default: 0, help: "a value is better if it is so by more than this")
    usesBest = section.value(
      "useBest", .bool, default: true,
      help: "whether the model and the test are those of the best epoch; else of the last")
    mode = section.value(
      "mode", .choice(), default: Self.standardMode(of: metric), "by the metric: `maximum` for accuracy and the like",
      help: "which of two values is the better one")
    self.metric = metric
  }

  private static func standardMode(of metric: MonitoredMetric) -> Mode {
    metric.isMaximized ? .maximum : .minimum
  }

  /// The best epoch, and what was measured then.
  public struct Best: Sendable, Equatable {
    /// The epoch, from 1.
    public let epoch: Int
    /// The value of the metric.
    public let value: Double
  }

  /// Whether an epoch is better than the best one so far. A value that is not a finite number never is.
  func isBetter(_ value: Double?, than best: Best?) -> Bool {
    guard let value, value.isFinite else { return false }
    guard let best else { return true }
    switch mode {
    case .minimum: return value < best.value - minimumChange
    case .maximum: return value > best.value + minimumChange
    }
  }

  /// Whether training ends after so many epochs.
  func ends(after epochs: Int, best: Best?) -> Bool { epochs - (best?.epoch ?? 0) >= patience }
}
