import ConfigurationSchema

/// What limits the gradient of a step: its global norm, or each of its elements.
///
/// By the norm (Pascanu, Mikolov and Bengio, 2013) a mean gradient g of all parameters that is longer than c is scaled to that
/// length; by value each element of it is brought into a range.
///
///     g = g · min(1, c / (‖g‖ + 10⁻⁶))          norm
///     g = clamp(g, −c, c)                       value
///
/// g is the gradient of the mean cost, without the penalties that are added later, as in PyTorch's `clip_grad_norm_` and
/// `clip_grad_value_`.
public struct Clipping: Sendable, Equatable {
  /// The greatest norm; nil for any.
  public let norm: Double?
  /// The greatest magnitude of an element; nil for any.
  public let value: Double?

  /// Clipping at the norm c > 0.
  public init(norm: Double) { (self.norm, value) = (norm, nil) }

  /// Clipping of each element at c > 0.
  public init(value: Double) { (norm, self.value) = (nil, value) }

  private enum Key: String, CaseIterable {
    case norm, value
  }

  /// The section `clipping`; nil after reporting issues.
  init?(_ section: Section) {
    let clipping = section.alternatives(of: Key.self) { key -> Self? in
      switch key {
      case .norm:
        section.required("norm", .float(.positive), help: "the greatest norm of the mean gradient").map {
          Self(norm: $0)
        }
      case .value:
        section.required(
          "value", .float(.positive), help: "the greatest magnitude of an element of the mean gradient"
        ).map { Self(value: $0) }
      }
    }
    guard let clipping else { return nil }
    self = clipping
  }

  /// What the gradient is multiplied by.
  ///
  /// - Parameters:
  ///   - squares: the sum of the squares of the gradients, each summed over the samples of the mini-batch.
  ///   - divisor: what makes a mean of the sum: the samples of the mini-batch, or the sum of their weights. Where it is 0, there is
  ///     nothing to clip.
  public func factor(squares: Double, divisor: Double) -> Float {
    guard let limit = norm, divisor > 0 else { return 1 }
    let norm = squares.squareRoot() / divisor
    // Written so that a norm that is not a number stays one, and is found in the parameters.
    let factor = limit / (norm + 1e-6)
    return factor > 1 ? 1 : Float(factor)
  }
}
