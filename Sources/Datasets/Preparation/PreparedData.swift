import Files
import Foundation

/// A data set ready to train on: its split, and the schema fitted to the training samples.
public struct PreparedData: Sendable {
  /// Which samples train, validate and test.
  public let split: DataSplit
  /// The schema fitted to the training samples; it applies to all parts.
  public let schema: SampleSchema

  /// The samples of `split`, with a schema fitted to its training samples.
  public init(_ split: DataSplit, schema: SampleSchema) {
    self.split = split
    self.schema = schema
  }

  /// The samples to train on; at least one.
  public var training: Subset { split.training }
  /// The samples for validation, if the configuration names any.
  public var validation: Subset? { split.validation }
  /// The samples for the test, if the configuration names any.
  public var test: Subset? { split.test }
  /// The scaling of the features.
  public var scaling: Scaling { schema.scaling }
  /// One name a feature.
  public var featureNames: [String] { schema.featureNames }
  /// The classes, in order; nil if the targets are numbers.
  public var classes: [String]? { schema.classes }
  /// How many target columns the data has: 1 for labels.
  public var targetColumns: Int { schema.targetNames.count }
}

extension DatasetConfiguration {
  /// Reads all sources, splits them and fits a schema.
  ///
  /// The parameters and errors are those of `read` and `split`.
  public func load(
    relativeTo directory: URL, targets: TargetKind, seed: UInt64
  ) throws(InputError) -> PreparedData {
    let split = try split(try read(relativeTo: directory, targets: targets, seed: seed), seed: seed)
    return PreparedData(split, schema: fit(split.training))
  }
}
