import ConfigurationSchema

/// A loss with its parameters: the section `loss` of a configuration.
public struct Loss: Sendable, Equatable {
  /// What is computed.
  public let kind: LossKind
  /// `delta` of `huber`: where the parabola goes on as a line.
  public let delta: Float
  /// `labelSmoothing`: the share of each target that is spread evenly over the classes.
  public let labelSmoothing: Float
  /// `classWeights`; nil where all samples count alike.
  public let classWeights: ClassWeights?

  /// A loss.
  public init(_ kind: LossKind, delta: Float = 1, labelSmoothing: Float = 0, classWeights: ClassWeights? = nil) {
    self.kind = kind
    self.delta = delta
    self.labelSmoothing = labelSmoothing
    self.classWeights = classWeights
  }

  /// The keys of the section; nil after reporting issues.
  init?(_ kind: LossKind, _ section: Section) {
    var (delta, smoothing, weights) = (Float(1), Float(0), ClassWeights?.none)
    if kind == .huber {
      delta = Float(
        section.value(
          "delta", .float(.positive), default: 1, help: "δ, the distance from the target where a line begins"))
    }
    if kind == .crossEntropy || kind == .binaryCrossEntropy {
      smoothing = Float(
        section.value(
          "labelSmoothing", .float(.from(0, below: 1)), default: 0,
          help: "ε: targets y become y (1 − ε) + ε / classes, of `binaryCrossEntropy` y (1 − ε) + ε / 2"))
    }
    if kind.targets != .values {
      weights = section.optional(
        "classWeights", .classWeights, absence: "all classes count alike",
        help: "how much a sample of each class counts; `balanced` makes all classes count alike whatever their size")
    }
    self.init(kind, delta: delta, labelSmoothing: smoothing, classWeights: weights)
  }

  /// The targets that are learned in place of 0 and 1, for so many outputs.
  ///
  /// Smoothed targets are a linear function of the targets: y · scale + offset.
  public func smoothing(outputs: Int) -> (scale: Float, offset: Float) {
    (1 - labelSmoothing, labelSmoothing / (kind == .binaryCrossEntropy ? 2 : Float(outputs)))
  }
}
