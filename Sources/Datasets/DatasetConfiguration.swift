import ConfigurationSchema
import Files

/// The `dataset` of a configuration: where the samples come from, and how they are divided and scaled.
public struct DatasetConfiguration: Sendable, Equatable {
  /// The samples to train on.
  public let train: SourceConfiguration
  /// The samples that tell after each epoch how well the network does.
  public let validation: PartConfiguration?
  /// The samples that tell at the end how well the network does.
  public let test: PartConfiguration?
  /// How features are scaled.
  public let scaling: ScalingKind
  /// How targets that are numbers are scaled.
  public let targetScaling: TargetScalingKind
  /// What columns are for that are neither features nor targets, by their names.
  public let columns: [String: ColumnConfiguration]
  /// The column with the weights of samples; nil if there is none.
  public var weightColumn: String? { columns.first { $0.value.kind == .weight }?.key }

  /// The section `dataset`; nil after reporting issues.
  public init?(_ section: Section) {
    let train = section.object("train", help: "the samples to train on") { SourceConfiguration($0) }
    validation = section.optionalObject(
      "validation", help: "the samples that tell after each epoch how well the network does"
    ) { PartConfiguration($0) }
    test = section.optionalObject("test", help: "the samples that tell at the end how well the network does") {
      PartConfiguration($0)
    }
    scaling = section.value(
      "scaling", .choice(), default: .none,
      help: "how features are scaled before the network sees them; fitted to the training samples alone")
    let columns = section.map(
      "columns", name: "COLUMN", help: "what columns of CSV files are for that are neither features nor targets"
    ) { ColumnConfiguration($0) }
    self.columns = columns
    let weights = columns.filter { $0.value.kind == .weight }.keys.sorted()
    if weights.count > 1 {
      section.report("columns", "must name one column of weights at most, found \(listed(weights))")
    } else if let name = weights.first, let train, !train.hasNamedFeatures {
      section.report("columns", "names the column \(quoted(name)), and only CSV files have columns with names")
    }
    targetScaling = section.value(
      "targetScaling", .choice(), default: .none,
      help:
        "how targets that are numbers are scaled before they are learned, fitted to the training samples alone; the loss is that of "
        + "scaled targets, metrics and predictions are in the unit of the data")
    if case .fraction(let validation) = validation, case .fraction(let test) = test, validation + test >= 1 {
      section.issues.report(
        section.path.appending(key: "test").appending(key: "fraction"),
        "must leave samples to train on: with the \(validation) of validation, less than 1, found \(test)")
    }
    guard let train else { return nil }
    self.train = train
  }
}

/// Where the samples for validation or for the test come from.
public enum PartConfiguration: Sendable, Equatable {
  /// A share of the training source, strictly between 0 and 1; what is taken is not trained on.
  case fraction(Double)
  /// A source of its own.
  case source(SourceConfiguration)

  private enum Key: String, CaseIterable { case fraction, format }

  /// A section with a `fraction` or a `format`; nil after reporting issues.
  public init?(_ section: Section) {
    let part = section.alternatives(
      of: Key.self, orElse: "a 'fraction' of the training source or a 'format' of its own"
    ) { key -> Self? in
      switch key {
      case .fraction:
        section.required(
          "fraction", .number(.fraction),
          help: "the share of the training source that is taken from it, class by class where there are classes"
        ).map { .fraction($0) }
      case .format: SourceConfiguration(section).map { .source($0) }
      }
    }
    guard let part else { return nil }
    self = part
  }
}
