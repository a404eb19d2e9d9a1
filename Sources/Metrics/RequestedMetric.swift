import ConfigurationSchema

/// A metric as a configuration asks for it by name: one of the catalogue, or one of a family.
public enum RequestedMetric: Sendable, Hashable {
  /// `accuracy` and so on.
  case kind(MetricKind)
  /// `topNAccuracy` with N from 2 on.
  case topAccuracy(Int)
  /// `precision.CLASS`, `recall.CLASS` or `f1.CLASS`: that of one class or label by its name.
  case ofClass(ClassShare.Kind, String)

  /// The greatest N of `topNAccuracy`.
  private static let greatestTop = 1000

  /// The metric of a name; nil if it is none.
  public init?(_ name: String) {
    if let kind = MetricKind(rawValue: name) {
      self = .kind(kind)
    } else if name.hasPrefix("top"), name.hasSuffix("Accuracy"),
      let count = Int(name.dropFirst("top".count).dropLast("Accuracy".count)), (2...Self.greatestTop).contains(count),
      name == "top\(count)Accuracy"
    {
      self = .topAccuracy(count)
    } else if let dot = name.firstIndex(of: "."), let share = ClassShare.Kind(rawValue: String(name[..<dot])),
      name.index(after: dot) < name.endIndex
    {
      self = .ofClass(share, String(name[name.index(after: dot)...]))
    } else {
      return nil
    }
  }

  /// What was probably meant by a name that is none, as it reads before what is allowed; empty if nothing is near.
  fileprivate static func hint(for name: String, among choices: [DomainDescription.Choice]) -> String {
    if name == "topNAccuracy" { return " N is a number from 2 to \(greatestTop), as in 'top3Accuracy';" }
    var near = nearest(to: name, among: choices.map(\.name))
    if let dot = name.firstIndex(of: "."), name.index(after: dot) < name.endIndex {
      // The class is not known here, so it is taken as it is.
      near = nearest(to: String(name[..<dot]), among: ClassShare.Kind.allCases.map(\.rawValue)).map {
        $0 + name[dot...]
      }
    }
    return near.map { " did you mean '\($0)'?" } ?? ""
  }

  /// Its name.
  public var name: String {
    switch self {
    case .kind(let kind): kind.rawValue
    case .topAccuracy(let count): "top\(count)Accuracy"
    case .ofClass(let share, let name): "\(share.rawValue).\(name)"
    }
  }

  /// The function.
  ///
  /// - Parameter classes: the names of classes or labels, among which that of `ofClass` is; the first stands for one that is not.
  public func metric(classes: [String] = []) -> any Metric {
    switch self {
    case .kind(let kind): kind.metric
    case .topAccuracy(let count): TopAccuracy(count)
    case .ofClass(let share, let name): ShareOfClass(share, label: classes.firstIndex(of: name) ?? 0)
    }
  }

  /// Whether the value is a share from 0 to 1, which reads best in percent.
  public var isShare: Bool { metric().isShare }
  /// Which of two values is the better one.
  public var direction: MetricDirection { metric().direction }
  /// The kinds of truth it can be computed from.
  public var takes: Set<TruthKind> { metric().takes }

  /// The value of the metric; NaN if there are no samples, or if it is not defined for these.
  ///
  /// - Parameters:
  ///   - predictions: the outputs of the network.
  ///   - truth: of a kind that the metric takes, and for the same samples: as many labels, or values of the same shape.
  ///   - weights: how much each sample counts.
  ///   - classes: the names of classes or labels.
  public func value(
    _ predictions: Predictions, _ truth: Truth, _ weights: SampleWeights = SampleWeights(), classes: [String] = []
  ) -> Double {
    switch truth {
    case .labels(let labels):
      precondition(labels.count == predictions.count, "predictions and labels are of different samples")
    case .values(let values, let columns), .labelSets(let values, let columns):
      precondition(
        columns == predictions.columns && values.count == predictions.outputs.count,
        "predictions and values have different shapes")
    }
    let metric = metric(classes: classes)
    precondition(metric.takes.contains(truth.kind), "\(name) cannot be computed from \(truth.kind)")
    return predictions.count == 0 ? .nan : metric.value(predictions, truth, weights)
  }
}

extension MetricKind {
  /// The value of the metric; see `RequestedMetric.value`.
  public func value(_ predictions: Predictions, _ truth: Truth, _ weights: SampleWeights = SampleWeights()) -> Double {
    RequestedMetric.kind(self).value(predictions, truth, weights)
  }
}

extension Domain<[RequestedMetric]> {
  /// A list of names of metrics, none twice.
  public static var metrics: Self {
    let kinds = Domain<[MetricKind]>.choices(of: MetricKind.self)
    let shares = ClassShare.Kind.allCases.map(\.rawValue)
    let families: [DomainDescription.Choice] =
      [
        .init(
          name: "topNAccuracy",
          help: "the share of samples whose label is among the N classes with the greatest outputs")
      ]
      + shares.map { .init(name: "\($0).CLASS", help: "\($0) of one class or label, by its name") }
    let choices = kinds.description.choices + families
    let names: [JSONValue] = MetricKind.allCases.map { .string($0.rawValue) }
    return Self(
      DomainDescription(
        words: "a list of \(choices.map(\.name).joined(separator: ", "))",
        schema: [
          "type": "array", "uniqueItems": true,
          "items": [
            "anyOf": [
              ["enum": .array(names)],
              [
                "type": "string",
                "pattern": .string(
                  "^(top([2-9]|[1-9][0-9]{1,2}|1000)Accuracy|(\(shares.joined(separator: "|")))\\..+)$"),
              ],
            ]
          ],
        ],
        choices: choices, isList: true),
      placeholder: [],
      read: { value, place in
        guard case .array(let elements) = value else {
          // The words of the catalogue say what a list is.
          return kinds.value(of: value, at: place).map { $0.map { .kind($0) } }
        }
        var metrics: [RequestedMetric] = []
        for (index, element) in elements.enumerated() {
          guard case .string(let name) = element, let metric = RequestedMetric(name) else {
            let hint =
              if case .string(let name) = element { RequestedMetric.hint(for: name, among: choices) } else { "" }
            place[index].report(
              "unknown metric \(element.summary);\(hint) allowed: " + choices.map(\.name).joined(separator: ", "))
            continue
          }
          if metrics.contains(metric) {
            place[index].report("is in the list twice")
          } else {
            metrics.append(metric)
          }
        }
        return metrics.count == elements.count ? metrics : nil
      },
      write: { .array($0.map { .string($0.name) }) })
  }
}
