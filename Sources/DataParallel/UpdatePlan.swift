import Kernels
import NeuralNetworks
import Optimizers

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

/// When the parameters of a unit of work are updated. Decided here alone.
enum UpdateTime: Sendable, Equatable {
  /// In the product that sums their gradient, while the sums are in registers.
  case inProduct
  /// By the same unit of work, when it has added the sums of all gradient shards.
  case afterSum
  /// In a later pass, because it depends on the gradients of all parameters.
  case inLaterPass

  init(_ optimizer: Optimizer, shards: Int) {
    if optimizer.clipping != nil {
      self = .inLaterPass
    } else if shards == 1, case .gradientDescent = optimizer.rule.update(step: 0, scale: 1, isRegularized: true) {
      self = .inProduct
    } else {
      self = .afterSum
    }
  }
}

/// What an optimizer remembers between steps: vectors in the layout of the parameters, 0 at first.
public final class OptimizerState: Sendable {
  /// The names of the vectors, as the rule calls them.
  public let names: [String]
  /// The vectors.
  public let vectors: [FloatBuffer]

  /// The state of `rule` before the first step.
  public init(_ rule: any UpdateRule, _ layout: ParameterLayout) {
    names = rule.slots
    precondition(names.count <= 2, "an update takes up to two vectors")
    vectors = names.map { _ in FloatBuffer(count: layout.count) }
  }

  /// The range of each vector that belongs to some parameters of the parameter vector.
  @inline(__always)
  func slots(_ range: Range<Int>) -> UpdateSlots {
    UpdateSlots(
      first: vectors.count > 0 ? vectors[0].slice(range) : nil,
      second: vectors.count > 1 ? vectors[1].slice(range) : nil)
  }
}
