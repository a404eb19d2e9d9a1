import Optimizers

/// When the parameters of a unit of work are updated. Decided here alone.
enum UpdateTime: Sendable, Equatable {
  /// In the product that sums their gradient, while the sums are in registers.
  case inProduct
  /// By the same unit of work, when it has added the sums of all gradient shards.
  case afterSum
  /// In a later pass, because it depends on the gradients of all parameters.
  case inLaterPass

  init(_ optimizer: Optimizer, shards: Int) {
    if optimizer.clipping?.norm != nil {
      self = .inLaterPass
    } else if shards == 1 && optimizer.isPlainDescent && optimizer.averaging?.weight(step: 0) == nil {
      self = .inProduct
    } else {
      self = .afterSum
    }
  }
}
