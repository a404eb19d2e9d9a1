import Kernels

/// How an optimizer changes parameters: the coefficients of each step, and the vectors that it keeps.
///
/// A rule is a pure function of the number of the step. What it remembers of earlier steps lies in slots, vectors in the
/// layout of the parameters, which whoever trains holds and saves. The arithmetic on parameters, slots and gradient is an
/// `Update` of the kernels, element by element, so that any worker may update any range of parameters.
public protocol UpdateRule: Sendable {
  /// The names of the slots, such as `firstMoment`; each starts at 0.
  var slots: [String] { get }

  /// η of a step, counted from 0 since the start of the run.
  func learningRate(step: Int) -> Double

  /// The update of a step.
  ///
  /// - Parameters:
  ///   - step: counted from 0 since the start of the run.
  ///   - scale: what the sum of the gradients of the samples is multiplied by: 1 / samples, and less where it is clipped.
  ///   - isRegularized: whether the parameters are weights, which decay, or others, which do not.
  func update(step: Int, scale: Float, isRegularized: Bool) -> Update
}
