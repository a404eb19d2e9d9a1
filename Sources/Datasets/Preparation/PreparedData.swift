import Foundation

/// A data set ready to train on.
public struct PreparedData: Sendable {
  /// The samples to train on; at least one.
  public let training: Subset
  /// The samples for validation, if the configuration names any.
  public let validation: Subset?
  /// The samples for the test, if the configuration names any.
  public let test: Subset?
  /// The scaling of the features, fitted to the training samples; it goes for all parts.
  public let scaling: Scaling
  /// One name a feature.
  public let featureNames: [String]
  /// The classes, in order; nil if the targets are numbers.
  public let classes: [String]?
  /// How many target columns the data has: 1 for labels.
  public let targetColumns: Int
}

extension DatasetConfiguration {
  /// Reads all sources, divides and scales.
  /// - Parameters:
  ///   - directory: what paths in the configuration are relative to.
  ///   - targets: what the loss of the run takes.
  ///   - seed: the seed of the run.
  public func load(
    relativeTo directory: URL, targets: TargetKind, seed: UInt64
  ) throws(DataError) -> PreparedData {
    let source = try Self.read(
      train, SourceRequest(part: .train, directory: directory, targets: targets, seed: seed, featureNames: nil))
    let training = try TrainingSource(source)
    let split = try RowSplit(
      of: training.table, validationFraction: validation?.fraction, testFraction: test?.fraction, seed: seed)

    func subset(_ configuration: PartConfiguration?, _ part: DatasetPart, rows: [Int32]) throws(DataError) -> Subset? {
      switch configuration {
      case nil: return nil
      case .fraction: return Subset(table: training.table, rows: rows)
      case .source(let source):
        let request = SourceRequest(
          part: part, directory: directory, targets: training.targetKind, seed: seed,
          featureNames: train.hasNamedFeatures && source.hasNamedFeatures ? training.table.featureNames : nil)
        return Subset(try training.matching(try Self.read(source, request)))
      }
    }
    let trainingSubset = Subset(table: training.table, rows: split.training)
    return PreparedData(
      training: trainingSubset,
      validation: try subset(validation, .validation, rows: split.validation),
      test: try subset(test, .test, rows: split.test),
      scaling: Scaling(scaling, fittedTo: trainingSubset),
      featureNames: training.table.featureNames, classes: training.catalogue?.classes,
      targetColumns: training.table.targetNames.count)
  }

  private static func read(
    _ configuration: SourceConfiguration, _ request: SourceRequest
  ) throws(DataError) -> SourceTable {
    let table = try configuration.source.read(request)
    guard table.rows <= Int(Int32.max) else {
      throw DataError(file: table.file, "the source has \(table.rows) samples; at most \(Int32.max) can be used")
    }
    return table
  }
}

extension PartConfiguration {
  /// The share of the training source, if it is one.
  var fraction: Double? {
    if case .fraction(let fraction) = self { fraction } else { nil }
  }
}

/// The training source, and what it demands of the other ones.
private struct TrainingSource {
  let table: Table
  /// The classes; nil if the targets are numbers.
  let catalogue: ClassCatalogue?

  var targetKind: TargetKind { catalogue == nil ? .values : .labels }

  init(_ source: SourceTable) throws(DataError) {
    catalogue = if case .labels(let labels) = source.targets { ClassCatalogue(of: labels) } else { nil }
    table = try Table(source, catalogue: catalogue, training: source.file)
  }

  /// Another source as a table whose features, targets and classes are those of the training source.
  func matching(_ source: SourceTable) throws(DataError) -> Table {
    guard source.featureNames.count == table.columns else {
      throw DataError(
        file: source.file,
        "a sample has \(counted(source.featureNames.count, "feature")), but the training data \(table.file) has "
          + "\(table.columns)")
    }
    guard source.targetNames.count == table.targetNames.count else {
      throw DataError(
        file: source.file,
        "a sample has \(counted(source.targetNames.count, "target")), but the training data \(table.file) has "
          + "\(table.targetNames.count)")
    }
    switch (source.features, table.features) {
    case (.bytes, .floats), (.floats, .bytes):
      throw DataError(
        file: source.file,
        "the features of an IDX file are bytes, those of other formats are numbers; the training data \(table.file) "
          + "must be of the same sort")
    default: break
    }
    return try Table(source, catalogue: catalogue, training: table.file)
  }
}

extension Table {
  fileprivate convenience init(_ source: SourceTable, catalogue: ClassCatalogue?, training: String) throws(DataError) {
    let targets: Targets
    switch (source.targets, catalogue) {
    case (.labels(let labels), let catalogue?):
      targets = .labels(
        try catalogue.encode(labels, file: source.file, training: training), classes: catalogue.classes)
    case (.values(let values, let columns), nil):
      targets = .values(values, columns: columns)
    case (.labels, nil):
      throw DataError(
        file: source.file, "the targets are labels, but those of the training data \(training) are numbers")
    case (.values, _?):
      throw DataError(
        file: source.file, "the targets are numbers, but those of the training data \(training) are labels")
    }
    self.init(
      file: source.file, featureNames: source.featureNames, targetNames: source.targetNames, features: source.features,
      targets: targets, rows: source.rows)
  }
}
