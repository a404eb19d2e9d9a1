import ConfigurationSchema

/// How the parameters of a layer are trained: the keys that all layers with parameters have in common.
///
/// A layer that is not trainable keeps its parameters: no gradient of them is computed, and none of anything below the lowest
/// layer that is trained. Batch normalization then normalizes with its running statistics, and leaves them as they are.
public struct LayerLearning: Sendable, Equatable {
  /// `trainable`: whether training changes the parameters.
  public let isTrainable: Bool
  /// `learningRateFactor`: what η is multiplied by for the parameters.
  public let learningRateFactor: Double

  /// All parameters learn alike, unless said otherwise.
  public init(isTrainable: Bool = true, learningRateFactor: Double = 1) {
    self.isTrainable = isTrainable
    self.learningRateFactor = learningRateFactor
  }

  /// The keys of a layer. They say nothing of a model that is used, and so stay out of model files.
  init(_ section: Section) {
    let isTrainable = section.optional(
      "trainable", .bool, absence: "true", help: "whether training changes the parameters of the layer",
      role: .beginning)
    let factor = section.optional(
      "learningRateFactor", .float(.positive), absence: "1",
      help: "what η is multiplied by for the parameters of the layer", role: .beginning)
    self.init(isTrainable: isTrainable ?? true, learningRateFactor: factor ?? 1)
  }
}

/// A layer whose parameters learn in another way.
struct TunedLayer: Layer {
  let layer: any Layer
  let learning: LayerLearning

  func outputs(inputs: Int) -> Int { layer.outputs(inputs: inputs) }
  var activation: Activation { layer.activation }
  func compile(into program: inout ProgramBuilder, input: Matrix) -> Matrix {
    layer.compile(into: &program, input: input)
  }
}

extension Layer {
  /// The same layer, whose parameters learn in another way.
  public func learning(_ learning: LayerLearning) -> any Layer {
    learning == LayerLearning() ? self : TunedLayer(layer: self, learning: learning)
  }
}
