import Files
/// Which samples train, validate and test: each part is rows of the training source, or of a separate one.
///
/// `DatasetConfiguration.split` makes the split of a run. A fold of a cross-validation is a split as well, made of the rows
/// that the fold trains on and holds out.
public struct DataSplit: Sendable {
  /// The samples to train on; at least one.
  public let training: Subset
  /// The samples for validation, if there are any.
  public let validation: Subset?
  /// The samples for the test, if there are any.
  public let test: Subset?

  /// The given samples; `training` has at least one.
  public init(training: Subset, validation: Subset? = nil, test: Subset? = nil) {
    self.training = training
    self.validation = validation
    self.test = test
  }
}

extension DatasetConfiguration {
  /// Splits the samples: a part that is a fraction takes rows of the training source, a part with a separate source all
  /// rows of that source.
  ///
  /// - Parameters:
  ///   - sources: the sources of this configuration.
  ///   - seed: the seed of the run. The split depends on the rows, the fractions and the seed alone.
  /// - Throws: a `InputError` if a fraction amounts to no sample, or the fractions leave none to train on.
  public func split(_ sources: DataSources, seed: UInt64) throws(InputError) -> DataSplit {
    let table = sources.training
    let rows = try RowSplit(
      of: table, validationFraction: validation?.fraction, testFraction: test?.fraction, seed: seed)

    func subset(_ configuration: PartConfiguration?, _ source: Table?, _ rows: [Int32]) -> Subset? {
      if let source { return Subset(source) }
      return configuration == nil ? nil : Subset(table: table, rows: rows)
    }
    return DataSplit(
      training: Subset(table: table, rows: rows.training),
      validation: subset(validation, sources.validation, rows.validation),
      test: subset(test, sources.test, rows.test))
  }
}

extension PartConfiguration {
  /// The share of the training source, if it is one.
  var fraction: Double? {
    if case .fraction(let fraction) = self { fraction } else { nil }
  }
}
