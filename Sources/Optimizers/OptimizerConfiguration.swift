import ConfigurationSchema

/// The section `optimizer` of a configuration.
///
/// A new optimizer is a case of `Kind`, and a type that declares its keys and makes its updates.
public struct OptimizerConfiguration: Sendable, Equatable {
  /// The optimizers by their names.
  public enum Kind: String, Catalogue, Sendable {
    case sgd, adam, adamw, nadam, rmsprop, adagrad

    public var help: String {
      switch self {
      case .sgd: "stochastic gradient descent, w ← w − η g, with momentum where it is set"
      case .adam: "steps along the running mean of the gradient, divided by the root of the running mean of its square"
      case .adamw: "Adam with a decay of the weights apart from the gradient"
      case .nadam: "Adam with Nesterov's momentum"
      case .rmsprop: "steps along the gradient, divided by the root of the running mean of its square"
      case .adagrad: "steps along the gradient, divided by the root of the sum of all its squares"
      }
    }

    /// The rule.
    var rule: any UpdateRule.Type {
      switch self {
      case .sgd: SGD.self
      case .adam: Adam.self
      case .adamw: AdamW.self
      case .nadam: NAdam.self
      case .rmsprop: RMSProp.self
      case .adagrad: Adagrad.self
      }
    }
  }

  /// The rule.
  public let rule: any UpdateRule
  /// `learningRate`: η
  public let learningRate: Double
  /// `schedule`: how η changes.
  public let schedule: Schedule
  /// `l1`, `l2`, `weightDecay` and `decayBiases`.
  public let regularization: Regularization
  /// `clipping`; nil for no limit.
  public let clipping: Clipping?
  /// `averaging`; nil for none.
  public let averaging: Averaging?

  /// The section; nil after reporting issues.
  public init?(_ section: Section, _ surroundings: Schedule.Surroundings) {
    let keys = section.variants("type", of: Kind.self, help: "the rule that makes a step out of the gradient") {
      $0.rule.keys(section)
    }
    let schedule = section.named(
      "schedule", of: Schedule.Kind.self, default: .constant, help: "how η changes in the course of the run"
    ) { Schedule($0, $1, surroundings) }
    clipping = section.optionalObject("clipping", help: "what limits the gradient before a step") { Clipping($0) }
    averaging = section.optionalObject(
      "averaging",
      help: "an average of the parameters that is evaluated and becomes the model; it does not change training"
    ) { Averaging($0) }
    guard let keys, let schedule else { return nil }
    self.schedule = schedule
    (rule, learningRate, regularization) = keys
  }

  /// The optimizer.
  public var optimizer: Optimizer {
    Optimizer(
      rule, learningRate: learningRate, schedule: schedule, regularization, clipping: clipping, averaging: averaging)
  }

  public static func == (one: Self, other: Self) -> Bool {
    one.rule.isEqual(to: other.rule) && one.learningRate == other.learningRate
      && one.schedule == other.schedule && one.regularization == other.regularization && one.clipping == other.clipping
      && one.averaging == other.averaging
  }
}

extension UpdateRule {
  /// The keys of an optimizer with this rule, whose defaults are those of the rule; nil after reporting issues.
  fileprivate static func keys(
    _ section: Section
  ) -> (rule: any UpdateRule, learningRate: Double, regularization: Regularization)? {
    let help = "η, the length of a step, which `schedule` may change"
    let learningRate =
      if let standard = defaultLearningRate {
        section.value("learningRate", .float(.positive), default: standard, help: help)
      } else {
        section.required("learningRate", .float(.positive), help: help)
      }
    let rule = Self(section)
    let regularization = Regularization(section, weightDecay: defaultWeightDecay)
    guard let rule, let learningRate else { return nil }
    return (rule, learningRate, regularization)
  }
}
