import ConfigurationSchema

/// The kinds of layer, as `type` names them.
public enum LayerKind: String, Catalogue, Sendable {
  case dense, activation, batchNorm, layerNorm, dropout, gaussianNoise

  public var help: String {
    switch self {
    case .dense: "each unit sees all inputs: a = g(W x + b)"
    case .activation: "a function of each input: a = g(z)"
    case .batchNorm:
      "each input normalized by its mean and its deviation over the mini-batch, γ (x − μ) / √(σ² + ε) + β"
    case .layerNorm:
      "the inputs of each sample normalized by their mean and their deviation, γ (x − μ) / √(σ² + ε) + β"
    case .gaussianNoise: "in training each input plus normally distributed noise"
    case .dropout: "in training a part of the inputs becomes 0, and the others are divided by what is left"
    }
  }
}

/// One entry of `network.layers`. A new kind of layer is a case here and in `LayerKind`, and a type that declares its keys.
public enum LayerConfiguration: Sendable, Equatable {
  case dense(Dense)
  case activation(Activation)
  case batchNorm(BatchNorm)
  case layerNorm(LayerNorm)
  case dropout(Dropout)
  case gaussianNoise(GaussianNoise)

  /// The section; nil after reporting issues.
  ///
  /// - Parameter initializer: `network.initializer`.
  init?(_ section: Section, initializer: InitializerKind?) {
    let layer = section.variants("type", of: LayerKind.self, help: "what the layer computes") { kind -> Self? in
      switch kind {
      case .dense: Dense(section, initializer: initializer).map { .dense($0) }
      case .activation: Activation(section).map { .activation($0) }
      case .batchNorm: BatchNorm(section).map { .batchNorm($0) }
      case .layerNorm: LayerNorm(section).map { .layerNorm($0) }
      case .gaussianNoise: GaussianNoise(section).map { .gaussianNoise($0) }
      case .dropout: Dropout(section).map { .dropout($0) }
      }
    }
    guard let layer else { return nil }
    self = layer
  }

  /// Whether the layer has the key `activation`.
  var hasActivation: Bool {
    switch self {
    case .dense, .activation: true
    default: false
    }
  }

  /// The layer.
  public var layer: any Layer {
    switch self {
    case .dense(let layer): layer
    case .activation(let layer): layer
    case .batchNorm(let layer): layer
    case .layerNorm(let layer): layer
    case .dropout(let layer): layer
    case .gaussianNoise(let layer): layer
    }
  }
}
