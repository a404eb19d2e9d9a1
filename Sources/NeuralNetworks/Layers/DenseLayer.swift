import Kernels

/// A dense layer: z = W x + b, a = g(z).
public struct DenseLayer: Sendable {
  /// n
  public let inputs: Int
  /// m
  public let units: Int
  /// The name of g.
  public let kind: ActivationKind
  /// The slope of a leaky g.
  public let slope: Float
  /// g
  public let activation: any Activation

  /// A layer of `units` units on `inputs` inputs.
  public init(inputs: Int, units: Int, activation: ActivationKind, slope: Float = LeakyReLU.defaultSlope) {
    self.inputs = inputs
    self.units = units
    self.kind = activation
    self.slope = slope
    self.activation = activation.function(slope: slope)
  }
}
