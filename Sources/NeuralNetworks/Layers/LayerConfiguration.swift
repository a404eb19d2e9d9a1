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

  /// Whether layers of the kind have parameters.
  var hasParameters: Bool {
    switch self {
    case .dense, .batchNorm, .layerNorm: true
    case .activation, .dropout, .gaussianNoise: false
    }
  }
}

/// One entry of `network.layers`: what the layer computes, and how its parameters are trained.
public struct LayerConfiguration: Sendable, Equatable {
  /// What a layer computes. A new kind of layer is a case here and in `LayerKind`, and a type that declares its keys.
  public enum Description: Sendable, Equatable {
    case dense(Dense)
    case activation(Activation)
    case batchNorm(BatchNorm)
    case layerNorm(LayerNorm)
    case dropout(Dropout)
    case gaussianNoise(GaussianNoise)
  }

  /// What the layer computes.
  public let description: Description
  /// How its parameters are trained.
  public let learning: LayerLearning

  /// The section; nil after reporting issues.
  ///
  /// - Parameter initializer: `network.initializer`.
  init?(_ section: Section, initializer: InitializerKind?) {
    let layer = section.variants("type", of: LayerKind.self, help: "what the layer computes") {
      kind -> (Description?, LayerLearning)? in
      let description = Description(kind, section, initializer: initializer)
      return (description, kind.hasParameters ? LayerLearning(section) : LayerLearning())
    }
    guard let layer, let description = layer.0 else { return nil }
    self.description = description
    learning = layer.1
  }

  /// Whether the layer has the key `activation`.
  var hasActivation: Bool {
    switch description {
    case .dense, .activation: true
    default: false
    }
  }

  /// The kind of the layer.
  public var kind: LayerKind {
    switch description {
    case .dense: .dense
    case .activation: .activation
    case .batchNorm: .batchNorm
    case .layerNorm: .layerNorm
    case .dropout: .dropout
    case .gaussianNoise: .gaussianNoise
    }
  }

  /// The layer.
  public var layer: any Layer { description.layer.learning(learning) }
}

extension LayerConfiguration.Description {
  /// The keys of a kind; nil after reporting issues.
  fileprivate init?(_ kind: LayerKind, _ section: Section, initializer: InitializerKind?) {
    let description: Self? =
      switch kind {
      case .dense: Dense(section, initializer: initializer).map { .dense($0) }
      case .activation: Activation(section).map { .activation($0) }
      case .batchNorm: BatchNorm(section).map { .batchNorm($0) }
      case .layerNorm: LayerNorm(section).map { .layerNorm($0) }
      case .gaussianNoise: GaussianNoise(section).map { .gaussianNoise($0) }
      case .dropout: Dropout(section).map { .dropout($0) }
      }
    guard let description else { return nil }
    self = description
  }

  fileprivate var layer: any Layer {
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
