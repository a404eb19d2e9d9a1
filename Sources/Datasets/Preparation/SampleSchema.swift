/// How samples become the inputs and outputs of a network: names, classes and scaling, fitted to the training samples.
///
/// A model stores its schema, so that it can be applied to other data.
public struct SampleSchema: Sendable, Equatable {
  /// One name a feature, in the order of the network's inputs.
  public let featureNames: [String]
  /// One name a target column; a single one for labels.
  public let targetNames: [String]
  /// The classes, in order; nil if the targets are numbers.
  public let classes: [String]?
  /// The scaling of the features.
  public let scaling: Scaling

  /// A schema of given parts, such as those of a stored model; `scaling` has one shift and one scale a feature.
  public init(featureNames: [String], targetNames: [String], classes: [String]?, scaling: Scaling) {
    precondition(scaling.shift.count == featureNames.count, "the scaling needs a shift and a scale for each feature")
    self.featureNames = featureNames
    self.targetNames = targetNames
    self.classes = classes
    self.scaling = scaling
  }

  /// Fits a schema to training samples.
  ///
  /// Names and classes are those of the table. The scaling is computed from the given samples alone: other rows of the table,
  /// such as a fold that is held out, have no influence on it.
  ///
  /// - Parameters:
  ///   - training: the samples, at least one.
  ///   - kind: how features are scaled.
  public init(fittedTo training: Subset, scaling kind: ScalingKind) {
    let table = training.table
    let classes: [String]? =
      switch table.targets {
      case .labels(_, let classes), .distributions(_, let classes): classes
      case .values: nil
      }
    self.init(
      featureNames: table.featureNames, targetNames: table.targetNames, classes: classes,
      scaling: Scaling(kind, fittedTo: training))
  }
}

extension DatasetConfiguration {
  /// Fits a schema to training samples, with the scaling of this configuration; they need not be those of its own split.
  public func fit(_ training: Subset) -> SampleSchema {
    SampleSchema(fittedTo: training, scaling: scaling)
  }
}
