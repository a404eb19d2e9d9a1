import ConfigurationSchema
import Kernels

/// How an optimizer changes parameters: the coefficients of each step, and the vectors that it keeps.
///
/// A rule is a pure function of the number of the step and of η, which a schedule gives. What it remembers of earlier steps
/// lies in slots, vectors in the layout of the parameters, which whoever trains holds and saves. The arithmetic on parameters,
/// slots and gradient is an `Update` of the kernels, element by element, so that any worker may update any range of parameters.
public protocol UpdateRule: Sendable, Equatable {
  /// η where the configuration names none; nil if it has to.
  static var defaultLearningRate: Double? { get }
  /// The decoupled decay where the configuration names none.
  static var defaultWeightDecay: Double { get }

  /// The keys of the rule; nil after reporting issues.
  init?(_ section: Section)

  /// The names of the slots, such as `firstMoment`; each starts at 0.
  var slots: [String] { get }

  /// The update of a step.
  ///
  /// - Parameters:
  ///   - step: counted from 0 since the start of the run.
  ///   - learningRate: η of the step.
  ///   - terms: how the gradient comes about, and what the weights are multiplied by.
  func update(step: Int, learningRate: Double, _ terms: GradientTerms) -> Update
}

extension UpdateRule {
  public static var defaultWeightDecay: Double { 0 }

  /// Whether two rules are the same.
  func isEqual(to other: any UpdateRule) -> Bool { other as? Self == self }
}
