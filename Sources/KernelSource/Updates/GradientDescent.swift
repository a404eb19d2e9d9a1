/// A step of gradient descent on a mean cost with L2 regularization:
///
///     g = gradientSum · scale,   g = λ w + g,   w = w − η g
///
/// It is the one step that a product can take while the sums of the gradient are in registers.
@frozen
public struct GradientDescent: Sendable {
  @usableFromInline let scale: Float
  @usableFromInline let l2: Float
  @usableFromInline let learningRate: Float

  /// - Parameters:
  ///   - scale: 1 / samples of the mini-batch.
  ///   - l2: λ
  ///   - learningRate: η
  @inlinable @inline(__always)
  public init(scale: Float, l2: Float, learningRate: Float) {
    self.scale = scale
    self.l2 = l2
    self.learningRate = learningRate
  }

  /// The step of η along a gradient whose terms are plain.
  @inlinable @inline(__always)
  public init(_ terms: GradientTerms, learningRate: Float) {
    self.init(scale: terms.scale, l2: terms.l2, learningRate: learningRate)
  }

  /// The weights after the step.
  @_transparent @usableFromInline
  func step(_ weights: Vector, _ gradientSum: Vector) -> Vector {
    let gradient = fma(Vector(repeating: l2), weights, gradientSum * Vector(repeating: scale))
    return fma(Vector(repeating: -learningRate), gradient, weights)
  }
}

/// The same where other terms belong to the gradient: w = w − η g.
@frozen
public struct DescentStep: StepFormula {
  @usableFromInline let learningRate: Float

  /// The step of η.
  @inlinable @inline(__always)
  public init(learningRate: Float) { self.learningRate = learningRate }

  @inlinable public static var slots: Int { @inline(__always) get { 0 } }

  @_transparent
  public func step(_ weights: Vector, _ gradient: Vector, _ first: inout Vector, _ second: inout Vector) -> Vector {
    fma(Vector(repeating: -learningRate), gradient, weights)
  }
}
