/// What a network knows of its samples: the names and the meaning of inputs and outputs, and what was fitted to the training
/// samples. A model stores it, so that it can be used on other data.
public struct SampleSchema: Sendable, Equatable {
  /// One name a feature, in the order of the network's inputs.
  public let featureNames: [String]
  /// One name a target column; a single one for labels.
  public let targetNames: [String]
  /// The classes, in order; nil if the targets are numbers.
  public let classes: [String]?
  /// The scaling of the features.
  public let scaling: Scaling

  /// The given schema; the scaling is of as many features as there are names.
  public init(featureNames: [String], targetNames: [String], classes: [String]?, scaling: Scaling) {
    precondition(scaling.shift.count == featureNames.count, "the scaling is of other features")
    self.featureNames = featureNames
    self.targetNames = targetNames
    self.classes = classes
    self.scaling = scaling
  }

  /// Fits a schema to training samples.
  ///
  /// Names and classes are those of their table. What is computed from values is computed from the samples alone, so that
  /// other rows of the table, such as those of a fold that is held out, have no influence.
  ///
  /// - Parameters:
  ///   - training: the samples, at least one.
  ///   - kind: how features are scaled.
  public init(fittedTo training: Subset, scaling kind: ScalingKind) {
    let table = training.table
    let classes: [String]? = if case .labels(_, let classes) = table.targets { classes } else { nil }
    self.init(
      featureNames: table.featureNames, targetNames: table.targetNames, classes: classes,
      scaling: Scaling(kind, fittedTo: training))
  }
}

extension DatasetConfiguration {
  /// Fits a schema, with the scaling of this configuration, to training samples: those of its own split, or any other ones.
  public func fit(_ training: Subset) -> SampleSchema {
    SampleSchema(fittedTo: training, scaling: scaling)
  }
}
