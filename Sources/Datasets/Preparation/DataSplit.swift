/// The samples of a data set by what they are for: rows of the training source, or of a source of their own.
///
/// A configuration makes one split (`DatasetConfiguration.split`); others, such as the folds of a cross-validation, are
/// made of any rows.
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
  /// Decides which rows train, validate and test: a part that is a fraction takes rows of the training source, a part with a
  /// source of its own takes all rows of that.
  ///
  /// - Parameters:
  ///   - sources: the sources of this configuration.
  ///   - seed: the seed of the run; with the rows and the fractions it decides alone.
  /// - Throws: a `DataError` if a fraction is no sample, or leaves none to train on.
  public func split(_ sources: DataSources, seed: UInt64) throws(DataError) -> DataSplit {
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
