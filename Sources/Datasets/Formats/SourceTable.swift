import Files
import Foundation

/// What a source needs to know to read its samples.
struct SourceRequest: Sendable {
  /// Which part of the data set it is.
  let part: DatasetPart
  /// The folder that paths are relative to.
  let directory: URL
  /// The targets that the loss takes.
  let targets: TargetKind
  /// The seed of the run.
  let seed: UInt64
  /// The features of the training source, if columns are to be found by their names.
  let featureNames: [String]?
  /// The column with the weights of samples; nil if there is none.
  let weightColumn: String?
}

/// The parts of a data set. The raw value is the random stream of synthetic data.
enum DatasetPart: UInt32, Sendable {
  case train = 0
  case validation = 1
  case test = 2

  /// The key path of the part's source in the configuration.
  var keyPath: String { "dataset.\(self)" }
}

/// The content of a source, before its labels are mapped to classes.
struct SourceTable: Sendable {
  enum Targets: Sendable {
    case values([Float], columns: Int)
    case labels(LabelColumn)
  }

  let file: String
  let featureNames: [String]
  let targetNames: [String]
  let features: FeatureStorage
  let targets: Targets
  /// How much each row counts; nil if all count alike.
  var weights: [Float]?
  let rows: Int
}

/// A source of samples. The configuration of each format is one.
protocol DataSource: Sendable {
  func read(_ request: SourceRequest) throws(InputError) -> SourceTable
}
