import ConfigurationSchema

/// Clipping by the global norm (Pascanu, Mikolov and Bengio, 2013): a mean gradient g of all parameters that is longer than
/// c is scaled to that length.
///
///     factor = min(1, c / (‖g‖ + 10⁻⁶))
///
/// ‖g‖ is that of the gradient of the mean cost, without the decay that the rule adds, as in PyTorch's `clip_grad_norm_`.
public struct Clipping: Sendable, Equatable {
  /// c
  public let norm: Double

  /// Clipping at the norm c > 0.
  public init(norm: Double) { self.norm = norm }

  /// The section `clipping`; nil after reporting issues.
  init?(_ section: Section) {
    guard let norm = section.required("norm", .float(.positive), help: "the greatest norm of the mean gradient") else {
      return nil
    }
    self.init(norm: norm)
  }

  /// What the gradient is multiplied by.
  ///
  /// - Parameters:
  ///   - squares: the sum of the squares of the gradients, each summed over the samples of the mini-batch.
  ///   - samples: samples of the mini-batch.
  public func factor(squares: Double, samples: Int) -> Float {
    let norm = squares.squareRoot() / Double(samples)
    // Written so that a norm that is not a number stays one, and is found in the parameters.
    let factor = self.norm / (norm + 1e-6)
    return factor > 1 ? 1 : Float(factor)
  }
}
