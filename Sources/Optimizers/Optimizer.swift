/// How parameters are updated in a step: the rule, and what is done to the gradient before it.
public struct Optimizer: Sendable {
  /// The rule.
  public let rule: any UpdateRule
  /// What limits the gradient; nil for no limit.
  public let clipping: Clipping?
  /// The average of the parameters that is evaluated and saved; nil for the parameters themselves.
  public let averaging: Averaging?

  /// An optimizer.
  public init(_ rule: any UpdateRule, clipping: Clipping? = nil, averaging: Averaging? = nil) {
    self.rule = rule
    self.clipping = clipping
    self.averaging = averaging
  }
}
