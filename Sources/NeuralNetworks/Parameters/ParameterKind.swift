/// What the update of parameters depends on beside the step: all parameters of a kind are updated alike.
public struct ParameterKind: Sendable, Equatable {
  /// Whether they are weights, which decay.
  public let isWeight: Bool
  /// What η is multiplied by.
  public let learningRateFactor: Double
}
