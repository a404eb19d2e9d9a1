/// How parameters are updated in a step: the rule, and what is done to the gradient before it.
public struct Optimizer: Sendable {
  /// The rule.
  public let rule: any UpdateRule
  /// What limits the gradient; nil for no limit.
  public let clipping: Clipping?

  /// An optimizer.
  public init(_ rule: any UpdateRule, clipping: Clipping? = nil) {
    self.rule = rule
    self.clipping = clipping
  }
}
