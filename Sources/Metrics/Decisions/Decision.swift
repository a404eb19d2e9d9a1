/// How the outputs of a network become probabilities and a class: what is fitted after training, and stored in the model.
public struct Decision: Sendable, Equatable {
  /// T: logits are divided by it before the last activation; 1 leaves them as they are.
  public let temperature: Float
  /// The second of two classes is predicted where its probability is greater; ½ is what the outputs say themselves.
  public let threshold: Float

  /// Outputs as they are.
  public static let plain = Decision()

  /// A decision by its parts, a positive temperature and a threshold from 0 to 1.
  public init(temperature: Float = 1, threshold: Float = 0.5) {
    precondition(temperature > 0 && temperature.isFinite && (0...1).contains(threshold))
    self.temperature = temperature
    self.threshold = threshold
  }
}
