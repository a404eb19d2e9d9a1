import Kernels
import NeuralNetworks
import Optimizers

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
