import ConfigurationSchema

/// The section `optimizer` of a configuration.
///
/// A new optimizer is a case here, and a type that declares its keys and makes its rule.
public struct OptimizerConfiguration: Sendable, Equatable {
  /// The optimizers by their names.
  public enum Kind: String, Catalogue, Sendable {
    case sgd, adam

    public var help: String {
      switch self {
      case .sgd: "stochastic gradient descent, w ← w − η (∂C/∂w + λ w)"
      case .adam: "steps along the running mean of the gradient, divided by the root of the running mean of its square"
      }
    }
  }

  private enum Rule: Sendable, Equatable {
    case sgd(SGD)
    case adam(Adam)
  }

  private let configuredRule: Rule
  /// `clipping`; nil for no limit.
  public let clipping: Clipping?
  /// `averaging`; nil for none.
  public let averaging: Averaging?

  /// The section; nil after reporting issues.
  public init?(_ section: Section) {
    let rule = section.variants("type", of: Kind.self, help: "the rule that makes a step out of the gradient") {
      kind -> Rule? in
      switch kind {
      case .sgd: SGD(section).map { .sgd($0) }
      case .adam: Adam(section).map { .adam($0) }
      }
    }
    clipping = section.optionalObject("clipping", help: "what limits the gradient before a step") { Clipping($0) }
    averaging = section.optionalObject(
      "averaging",
      help: "an average of the parameters that is evaluated and becomes the model; it does not change training"
    ) { Averaging($0) }
    guard let rule else { return nil }
    configuredRule = rule
  }

  /// The rule.
  public var rule: any UpdateRule {
    switch configuredRule {
    case .sgd(let rule): rule
    case .adam(let rule): rule
    }
  }
}
