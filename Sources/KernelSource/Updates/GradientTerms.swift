/// What a step makes of the sum of the gradients before its rule sees it, and of the weights before the rule changes them:
///
///     g = clamp(gradientSum · scale, −limit, limit)
///     g = g + λ₂ w + λ₁ sign(w)
///     w = w · decay
///
/// decay is 1 − η λ, the decoupled decay of Loshchilov and Hutter (2019). sign(0) is 0.
@frozen
public struct GradientTerms: Sendable {
  @usableFromInline let scale: Float
  @usableFromInline let l2: Float
  @usableFromInline let l1: Float
  @usableFromInline let decay: Float
  @usableFromInline let limit: Float
  /// Whether there is nothing but a scale and λ₂, which cost no operation of their own.
  public let arePlain: Bool

  /// - Parameters:
  ///   - scale: 1 / samples of the mini-batch, and less where the gradient is clipped by its norm.
  ///   - l2: λ₂
  ///   - l1: λ₁
  ///   - decay: what the weights are multiplied by before the step.
  ///   - limit: the greatest magnitude of an element of the mean gradient.
  @inlinable @inline(__always)
  public init(scale: Float, l2: Float = 0, l1: Float = 0, decay: Float = 1, limit: Float = .infinity) {
    self.scale = scale
    self.l2 = l2
    self.l1 = l1
    self.decay = decay
    self.limit = limit
    // Found here, because kernels compare no single floats.
    arePlain = l1 == 0 && decay == 1 && limit == .infinity
  }

  /// g where the terms are plain.
  @_transparent @usableFromInline
  func plainGradient(_ weights: Vector, _ gradientSum: Vector) -> Vector {
    fma(Vector(repeating: l2), weights, gradientSum * Vector(repeating: scale))
  }

  /// g
  @_transparent @usableFromInline
  func gradient(_ weights: Vector, _ gradientSum: Vector) -> Vector {
    var g = gradientSum * Vector(repeating: scale)
    // A gradient that is not a number stays one.
    let (most, least) = (Vector(repeating: limit), Vector(repeating: -limit))
    g = g.replacing(with: most, where: g .> most)
    g = g.replacing(with: least, where: g .< least)
    g = fma(Vector(repeating: l2), weights, g)
    let sign = Vector().replacing(with: Vector(repeating: l1), where: weights .> Vector())
    return g + sign.replacing(with: Vector(repeating: -l1), where: weights .< Vector())
  }
}
