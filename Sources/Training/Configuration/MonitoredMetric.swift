import ConfigurationSchema
import Metrics

/// A number that is recorded of each epoch and that a rule looks at: `train.loss`, `validation.loss` or
/// `validation.METRIC`.
///
/// Its name is the place where it stands in a line of `metrics.jsonl`.
public struct MonitoredMetric: Sendable, Equatable {
  /// The part of the data: `train` or `validation`.
  let part: String
  /// What is measured there: `loss`, or the name of a metric.
  let measure: String
  /// The whole name.
  public var name: String { "\(part).\(measure)" }
  /// Whether it is measured on validation data.
  var isOfValidation: Bool { part == "validation" }

  /// Whether the greater value is the better one.
  var isMaximized: Bool { RequestedMetric(measure)?.direction == .maximize }

  /// The metric of a name such as `validation.loss`; nil if it is none.
  init?(_ name: String) {
    let words = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard words.count == 2, !words[1].isEmpty else { return nil }
    guard words[0] == "validation" || (words[0] == "train" && words[1] == "loss") else { return nil }
    // Of one class: a dot is in no other name.
    guard !words[1].contains(".") || RequestedMetric(words[1]) != nil else { return nil }
    (part, measure) = (words[0], words[1])
  }

  /// The number in what was recorded of an epoch; nil if it is not there, or not a finite number.
  func value(in epoch: EpochMetrics) -> Double? {
    guard case .object(let members) = epoch.json, case .object(let part)? = members[part] else { return nil }
    let value: Double? =
      switch part[measure] {
      case .integer(let integer): Double(integer)
      case .number(let number): number
      default: nil
      }
    return value.flatMap { $0.isFinite ? $0 : nil }
  }

  /// Checks that the number is recorded in a run.
  ///
  /// - Parameters:
  ///   - hasValidation: whether the run has validation data.
  ///   - metrics: the names of its metrics that are numbers.
  ///   - path: the key that names it.
  func check(hasValidation: Bool, metrics: [String], _ path: ConfigurationPath, _ issues: IssueCollector) {
    guard isOfValidation else { return }
    if !hasValidation {
      issues.report(path, "'\(name)' needs a 'dataset.validation', and there is none; 'train.loss' needs none")
    } else if measure != "loss" && !metrics.contains(measure) {
      let names = ["loss"] + metrics
      let near = nearest(to: measure, among: names).map { " did you mean 'validation.\($0)'?" } ?? ""
      issues.report(
        path,
        "'\(name)' is not measured in this run;\(near) what is: "
          + (["train.loss"] + names.map { "validation.\($0)" }).joined(separator: ", "))
    }
  }
}

extension Domain<MonitoredMetric> {
  /// The name of a number that is recorded of each epoch.
  static var monitored: Self {
    let words = "'train.loss', 'validation.loss' or 'validation.' and one of the run's metrics"
    return Self(
      words, schema: ["type": "string", "pattern": #"^(train\.loss|validation\..+)$"#],
      placeholder: MonitoredMetric("validation.loss")!,
      read: { value, place in
        if case .string(let name) = value, let metric = MonitoredMetric(name) { return metric }
        place.report("must be \(words), found \(value.summary)")
        return nil
      },
      write: { .string($0.name) })
  }
}

extension Domain<String> {
  /// The same, by its name.
  static var monitored: Self {
    let metric = Domain<MonitoredMetric>.monitored
    return Self(
      metric.description.words, schema: metric.description.schema, placeholder: "validation.loss",
      read: { metric.value(of: $0, at: $1)?.name }, write: { .string($0) })
  }
}
