import Kernels

/// How parameters are updated in a step: the rule, η, and what is done to the gradient and to the weights before it.
public struct Optimizer: Sendable {
  /// The rule.
  public let rule: any UpdateRule
  /// What keeps parameters small.
  public let regularization: Regularization
  /// What limits the gradient; nil for no limit.
  public let clipping: Clipping?
  /// The average of the parameters that is evaluated and saved; nil for the parameters themselves.
  public let averaging: Averaging?
  private let learningRate: Double
  private let schedule: Schedule

  /// An optimizer.
  public init(
    _ rule: any UpdateRule, learningRate: Double, schedule: Schedule = .constant,
    _ regularization: Regularization = Regularization(), clipping: Clipping? = nil, averaging: Averaging? = nil
  ) {
    self.rule = rule
    self.learningRate = learningRate
    self.schedule = schedule
    self.regularization = regularization
    self.clipping = clipping
    self.averaging = averaging
  }

  /// η of a step.
  public func learningRate(_ time: StepTime) -> Double { schedule.learningRate(learningRate, time) }

  /// The update of a step.
  ///
  /// - Parameters:
  ///   - time: when the step is made.
  ///   - scale: what the sum of the gradients of the samples is multiplied by: 1 / samples, and less where it is clipped.
  ///   - isWeight: whether the parameters are weights, which decay, or others, which may not.
  ///   - learningRateFactor: what η is multiplied by for these parameters.
  public func update(_ time: StepTime, scale: Float, isWeight: Bool, learningRateFactor: Double = 1) -> Update {
    let learningRate = learningRate(time) * learningRateFactor
    return rule.update(
      step: time.step, learningRate: learningRate,
      regularization.terms(scale: scale, limit: limit, learningRate: learningRate, isWeight: isWeight))
  }

  private var limit: Float { clipping?.value.map { Float($0) } ?? .infinity }

  /// Whether every step is plain descent, which the product that sums the gradient can take at once.
  public var isPlainDescent: Bool {
    // A decay shows where η is not 0.
    let terms = regularization.terms(scale: 1, limit: limit, learningRate: 1, isWeight: true)
    if case .gradientDescent = rule.update(step: 0, learningRate: 1, terms) { return true }
    return false
  }
}
