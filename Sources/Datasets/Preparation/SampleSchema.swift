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
  /// The scaling of the targets; nil where they are learned as they are.
  public let targetScaling: TargetScaling?

  /// A schema of given parts, such as those of a stored model; `scaling` has one shift and one scale a feature.
  public init(
    featureNames: [String], targetNames: [String], classes: [String]?, scaling: Scaling,
    targetScaling: TargetScaling? = nil
  ) {
    precondition(scaling.shift.count == featureNames.count, "the scaling needs a shift and a scale for each feature")
    self.featureNames = featureNames
    self.targetNames = targetNames
    self.classes = classes
    precondition(targetScaling == nil || targetScaling!.shift.count == targetNames.count)
    self.scaling = scaling
    self.targetScaling = targetScaling
  }

  /// Fits a schema to training samples.
  ///
  /// Names and classes are those of the table. The scaling is computed from the given samples alone: other rows of the table,
  /// such as a fold that is held out, have no influence on it.
  ///
  /// - Parameters:
  ///   - training: the samples, at least one.
  ///   - kind: how features are scaled.
  ///   - targets: how targets are scaled.
  public init(fittedTo training: Subset, scaling kind: ScalingKind, targets: TargetScalingKind = .none) {
    let table = training.table
    let classes: [String]? =
      switch table.targets {
      case .labels(_, let classes), .distributions(_, let classes): classes
      case .values: nil
      }
    self.init(
      featureNames: table.featureNames, targetNames: table.targetNames, classes: classes,
      scaling: Scaling(kind, fittedTo: training), targetScaling: TargetScaling(targets, fittedTo: training))
  }
}

extension DatasetConfiguration {
  /// Fits a schema to training samples, with the scaling of this configuration; they need not be those of its own split.
  public func fit(_ training: Subset) -> SampleSchema {
    SampleSchema(fittedTo: training, scaling: scaling, targets: targetScaling)
  }
}
