import Files
import Foundation

/// The tables of a data set as they were read, before rows are held out and anything is fitted.
///
/// All tables have the features and the targets of the training source, in its order; labels are indexes into its classes.
public struct DataSources: Sendable {
  /// The training source: the rows to train on, and those that a split holds out.
  public let training: Table
  /// The separate source of the validation samples; nil if there is none, or they are a fraction of the training source.
  public let validation: Table?
  /// The separate source of the test samples; nil likewise.
  public let test: Table?
}

extension DatasetConfiguration {
  /// Reads all sources.
  ///
  /// - Parameters:
  ///   - directory: what paths in the configuration are relative to.
  ///   - targets: what the loss of the run takes.
  ///   - seed: the seed of the run, for data that is made by a formula.
  /// - Throws: a `InputError` for a file that cannot be read, or whose samples do not match those of the training source.
  public func read(
    relativeTo directory: URL, targets: TargetKind, seed: UInt64
  ) throws(InputError) -> DataSources {
    let source = try Self.read(
      train,
      SourceRequest(
        part: .train, directory: directory, targets: targets, seed: seed, featureNames: nil, weightColumn: weightColumn)
    )
    let training = try TrainingSource(source, targets)

    func table(_ configuration: PartConfiguration?, _ part: DatasetPart) throws(InputError) -> Table? {
      guard case .source(let source) = configuration else { return nil }
      let request = SourceRequest(
        part: part, directory: directory, targets: training.targetKind, seed: seed,
        featureNames: train.hasNamedFeatures && source.hasNamedFeatures ? training.table.featureNames : nil,
        weightColumn: source.hasNamedFeatures ? weightColumn : nil)
      return try training.matching(try Self.read(source, request))
    }
    return DataSources(
      training: training.table, validation: try table(validation, .validation), test: try table(test, .test))
  }

  /// The samples of another CSV file with the features, targets and classes that a schema knows.
  ///
  /// - Parameters:
  ///   - path: the file, relative to the working directory.
  ///   - targets: what the loss takes.
  /// - Throws: a `InputError` if it cannot be read, or does not match.
  public func table(of path: String, _ schema: SampleSchema, targets: TargetKind) throws(InputError) -> Table {
    guard case .csv(let source) = train else {
      throw InputError(file: path, "only runs on CSV files can be evaluated on another file")
    }
    let training = TrainingSource(schema, targets)
    let request = SourceRequest(
      part: .test, directory: URL(fileURLWithPath: FileManager.default.currentDirectoryPath),
      targets: training.targetKind, seed: 0, featureNames: schema.featureNames, weightColumn: nil)
    return try training.matching(try Self.read(.csv(source.at(path)), request))
  }

  private static func read(
    _ configuration: SourceConfiguration, _ request: SourceRequest
  ) throws(InputError) -> SourceTable {
    let table = try configuration.source.read(request)
    guard table.rows <= Int(Int32.max) else {
      throw InputError(file: table.file, "the source has \(table.rows) samples; at most \(Int32.max) can be used")
    }
    return table
  }
}

/// The training source, and the checks that other sources match it.
private struct TrainingSource {
  let table: Table
  /// The classes; nil if the targets are numbers.
  let catalogue: ClassCatalogue?
  /// What other sources are asked for.
  let targetKind: TargetKind

  init(_ source: SourceTable, _ kind: TargetKind) throws(InputError) {
    switch source.targets {
    case .labels(let labels):
      catalogue = ClassCatalogue(of: labels)
      targetKind = .labels
    case .values where kind == .labelsOrDistributions:
      catalogue = ClassCatalogue(columns: source.targetNames)
      targetKind = .labelsOrDistributions
    case .values:
      catalogue = nil
      targetKind = .values
    }
    table = try Table(source, catalogue: catalogue, targetKind, training: source.file)
  }

  /// What a schema says of the training source.
  init(_ schema: SampleSchema, _ kind: TargetKind) {
    let targets: Targets =
      schema.classes.map { .labels([], classes: $0) } ?? .values([], columns: schema.targetNames.count)
    catalogue = schema.classes.map {
      schema.targetNames.count > 1 ? ClassCatalogue(columns: $0) : ClassCatalogue(of: LabelColumn($0))
    }
    targetKind =
      schema.classes == nil ? .values : schema.targetNames.count > 1 ? .labelsOrDistributions : .labels
    table = Table(
      file: "of the model", featureNames: schema.featureNames, targetNames: schema.targetNames, features: .floats([]),
      targets: targets, rows: 0)
  }

  /// Another source as a table whose features, targets and classes are those of the training source.
  func matching(_ source: SourceTable) throws(InputError) -> Table {
    guard source.featureNames.count == table.columns else {
      throw InputError(
        file: source.file,
        "a sample has \(counted(source.featureNames.count, "feature")), but the training data \(table.file) has "
          + "\(table.columns)")
    }
    if targetKind == .labelsOrDistributions, case .labels = source.targets {
      throw InputError(
        file: source.file,
        "the targets are one column of labels, but the training data \(table.file) has a column for each class: "
          + listed(table.targetNames))
    }
    guard source.targetNames.count == table.targetNames.count else {
      throw InputError(
        file: source.file,
        "a sample has \(counted(source.targetNames.count, "target")), but the training data \(table.file) has "
          + "\(table.targetNames.count)")
    }
    switch (source.features, table.features) {
    case (.bytes, .floats), (.floats, .bytes):
      throw InputError(
        file: source.file,
        "the features of an IDX file are bytes, those of other formats are numbers; the training data \(table.file) "
          + "must be of the same sort")
    default: break
    }
    return try Table(source, catalogue: catalogue, targetKind, training: table.file)
  }
}

extension Table {
  fileprivate convenience init(
    _ source: SourceTable, catalogue: ClassCatalogue?, _ kind: TargetKind, training: String
  ) throws(InputError) {
    let targets: Targets
    switch (source.targets, catalogue) {
    case (.labels(let labels), let catalogue?):
      targets = .labels(
        try catalogue.encode(labels, file: source.file, training: training), classes: catalogue.classes)
    case (.values(let values, let columns), nil):
      targets = .values(values, columns: columns)
    case (.labels, nil):
      throw InputError(
        file: source.file, "the targets are labels, but those of the training data \(training) are numbers")
    case (.values(let values, let columns), let catalogue?) where kind == .labelsOrDistributions:
      guard source.targetNames == catalogue.classes else {
        throw InputError(
          file: source.file,
          "the targets are \(listed(source.targetNames)), but those of the training data \(training) are "
            + "\(listed(catalogue.classes)), in this order")
      }
      try Distributions.check(values, names: source.targetNames, file: source.file)
      if let labels = Distributions.labels(of: values, columns: columns) {
        targets = .labels(labels, classes: catalogue.classes)
      } else {
        targets = .distributions(values, classes: catalogue.classes)
      }
    case (.values, _?):
      throw InputError(
        file: source.file, "the targets are numbers, but those of the training data \(training) are labels")
    }
    self.init(
      file: source.file, featureNames: source.featureNames, targetNames: source.targetNames, features: source.features,
      targets: targets, weights: source.weights, rows: source.rows)
  }
}
