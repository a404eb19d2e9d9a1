import Kernels

/// What a network is trained to make small: a cost C of each sample, and its derivative.
///
/// The derivative of the output layer is formed here, because for some pairs of loss and activation it has a form that
/// is stable where the factors are not: a − y for cross-entropy.
public protocol Loss: Sendable {
  /// Computes the cost of some samples and δ = ∂C/∂z of the output layer.
  ///
  /// - Parameters:
  ///   - outputs: the pre-activations z of the last layer, [samples, outputs]. A loss that works on logits leaves them;
  ///     the others replace them by the activations.
  ///   - activation: that of the last layer.
  ///   - targets: y, [samples, outputs].
  ///   - delta: receives δ, [samples, outputs].
  ///   - losses: receives a cost a sample.
  func evaluate(
    _ kernels: Kernels, outputs: PanelMatrix, activation: any Activation, targets: PanelMatrix, delta: PanelMatrix,
    losses: FloatSlice, rows: Range<Int>)
}

/// The losses by their names in a configuration.
public enum LossKind: String, CaseIterable, Sendable {
  case squaredError, halfSquaredError, meanSquaredError, binaryCrossEntropy, crossEntropy

  /// The function, for a network with `outputs` outputs.
  public func function(outputs: Int) -> any Loss {
    switch self {
    case .squaredError: SquaredError(scale: 1)
    case .halfSquaredError: SquaredError(scale: 0.5)
    case .meanSquaredError: SquaredError(scale: 1 / Float(outputs))
    case .binaryCrossEntropy: BinaryCrossEntropy()
    case .crossEntropy: CrossEntropy()
    }
  }

  /// The activations of the last layer that fit.
  public var activations: [ActivationKind] {
    switch self {
    case .squaredError, .halfSquaredError, .meanSquaredError: ActivationKind.allCases
    case .binaryCrossEntropy: [.sigmoid]
    case .crossEntropy: [.softmax]
    }
  }
}
