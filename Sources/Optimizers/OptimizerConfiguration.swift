import ConfigurationSchema

/// The section `optimizer` of a configuration.
public struct OptimizerConfiguration: Sendable, Equatable {
  /// The optimizers by their names.
  public enum Kind: String, Catalogue, Sendable {
    case sgd

    public var help: String {
      switch self {
      case .sgd: "stochastic gradient descent, w ← w − η (∂C/∂w + λ w)"
      }
    }
  }

  /// `type`
  public let kind: Kind
  /// `learningRate`: η > 0
  public let learningRate: Double
  /// `l2`: λ ≥ 0, default 0
  public let l2: Double

  /// The section; nil after reporting issues.
  public init?(_ section: Section) {
    let kind = section.required("type", .choice(of: Kind.self), help: "the rule that makes a step out of the gradient")
    let learningRate = section.required("learningRate", .float(.positive), help: "η, the length of a step")
    l2 = section.value(
      "l2", .float(.nonNegative), default: 0, help: "λ, which adds (λ/2) Σ w² over the weights, not the biases, to the loss")
    guard let kind, let learningRate else { return nil }
    self.kind = kind
    self.learningRate = learningRate
  }

  /// The rule.
  public var rule: any UpdateRule {
    switch kind {
    case .sgd: SGD(learningRate: Float(learningRate), l2: Float(l2))
    }
  }
}
