/// The features of samples, row-major: [samples, features].
public enum FeatureStorage: Sendable {
  /// Bytes as an IDX file holds them; each stands for byte / 255.
  case bytes([UInt8])
  /// Numbers as they are.
  case floats([Float])

  /// How many numbers there are.
  var count: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .floats(let floats): floats.count
    }
  }

  /// The memory they take, in bytes.
  var byteCount: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .floats(let floats): 4 * floats.count
    }
  }
}

/// The targets of samples: what a network learns to predict.
public enum Targets: Sendable {
  /// Numbers, row-major: [samples, columns].
  case values([Float], columns: Int)
  /// The class of each row, as an index into `classes`.
  case labels([Int32], classes: [String])
  /// The probability of each class for each row, row-major: [samples, classes].
  case distributions([Float], classes: [String])
}

/// The targets that a loss takes.
public enum TargetKind: Sendable {
  /// Numbers: regression.
  case values
  /// Classes: hinge.
  case labels
  /// Classes, from one column or a list of labels, or from several columns, one a class, with a probability in each:
  /// cross-entropy after softmax.
  case labelsOrDistributions
  /// Either: binary cross-entropy. One target column or a list of labels gives labels, unless all are numbers from 0 to 1 and
  /// not only 0 and 1, which are probabilities; several columns, or rows of numbers, give values.
  case labelsOrValues
}

/// The samples of a source in memory; they never change.
public final class Table: Sendable {
  /// Where the rows come from, as errors name it.
  public let file: String
  /// One name a feature.
  public let featureNames: [String]
  /// One name a target column.
  public let targetNames: [String]
  /// The features, [rows, columns].
  public let features: FeatureStorage
  /// The targets of the same rows.
  public let targets: Targets
  /// How much each row counts; nil if all count alike.
  public let weights: [Float]?
  /// How many samples there are.
  public let rows: Int
  /// How many features a sample has.
  public var columns: Int { featureNames.count }

  /// A table of `rows` samples; the storage must hold as many.
  public init(
    file: String, featureNames: [String], targetNames: [String], features: FeatureStorage, targets: Targets,
    weights: [Float]? = nil, rows: Int
  ) {
    precondition(features.count == rows * featureNames.count)
    switch targets {
    case .values(let values, let columns): precondition(values.count == rows * columns)
    case .labels(let labels, _): precondition(labels.count == rows)
    case .distributions(let values, let classes): precondition(values.count == rows * classes.count)
    }
    precondition(weights == nil || weights!.count == rows)
    self.weights = weights
    self.file = file
    self.featureNames = featureNames
    self.targetNames = targetNames
    self.features = features
    self.targets = targets
    self.rows = rows
  }
}

/// Some rows of a table.
public struct Subset: Sendable {
  /// Where the rows lie.
  public let table: Table
  /// Indexes of rows, ascending: file order.
  public let rows: [Int32]
  /// How many rows there are.
  public var count: Int { rows.count }

  /// The given rows of `table`, in file order.
  public init(table: Table, rows: [Int32]) {
    self.table = table
    self.rows = rows
  }

  /// All rows of `table`.
  public init(_ table: Table) {
    self.init(table: table, rows: (0..<table.rows).map { Int32($0) })
  }
}
