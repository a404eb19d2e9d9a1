import ConfigurationSchema

/// One entry of `network.layers`.
public struct LayerConfiguration: Sendable, Equatable {
  /// `units`: from 1 neuron on.
  public let units: Int
  /// `activation`; default `identity`.
  public let activation: ActivationKind
  /// `slope` of a leaky activation.
  public let slope: Double
  /// `initializer`; default `network.initializer`, or else that of the activation.
  public let initializer: InitializerKind

  /// The kinds of layer.
  enum Kind: String, CaseIterable { case dense }

  init?(reading reader: ObjectReader, initializer standard: InitializerKind?) {
    _ = reader.choice("type", of: Kind.self)
    let units = reader.integer("units", in: 1...maximumUnits)
    let activation =
      reader.contains("activation") ? reader.choice("activation", of: ActivationKind.self) : .identity
    switch activation {
    case .leakyRelu:
      slope = reader.number("slope", .from(0, below: 1), default: Double(LeakyReLU.defaultSlope.description)!)
    case nil:
      // Whether a slope fits is not known.
      _ = reader.value("slope")
      slope = 0
    default:
      _ = reader.contains("slope")
      slope = 0
    }
    let initializer = reader.choice(
      "initializer", of: InitializerKind.self, default: standard ?? activation?.defaultInitializer ?? .glorotUniform)
    reader.finish()
    guard let units, let activation else { return nil }
    self.initializer = initializer
    self.units = units
    self.activation = activation
  }

  var json: JSONValue {
    var object = shape
    object["initializer"] = .string(initializer.rawValue)
    return .object(object)
  }

  /// What inference needs of the layer.
  var shape: [String: JSONValue] {
    var object: [String: JSONValue] = [
      "type": .string(Kind.dense.rawValue), "units": .integer(units), "activation": .string(activation.rawValue),
    ]
    if activation == .leakyRelu { object["slope"] = .number(slope) }
    return object
  }
}

/// Far beyond any memory, and small enough that products of two such numbers do not overflow.
private let maximumUnits = 1 << 24

/// The section `network` of a configuration, with the `loss`, which the last layer must fit.
public struct NetworkConfiguration: Sendable, Equatable {
  /// `network.layers`
  public let layers: [LayerConfiguration]
  /// `network.initialWeights`: a safetensors file.
  public let initialWeights: String?
  /// `loss`
  public let loss: LossKind

  /// Reads `network` and `loss` of the configuration's root.
  public init?(reading root: ObjectReader) {
    let loss = root.choice("loss", of: LossKind.self)
    guard let reader = root.object("network") else { return nil }
    let layerReaders = reader.objects("layers")
    let initializer =
      reader.contains("initializer") ? reader.choice("initializer", of: InitializerKind.self) : nil
    let layers = layerReaders?.map { LayerConfiguration(reading: $0, initializer: initializer) }
    initialWeights = reader.optionalString("initialWeights")
    reader.finish()
    guard let layers, let layerReaders else { return nil }

    for (layer, layerReader) in zip(layers, layerReaders).dropLast() where layer?.activation == .softmax {
      layerReader.report("activation", "softmax must be in the last layer")
    }
    if let loss, let last = layers.last ?? nil, let lastReader = layerReaders.last,
      !loss.activations.contains(last.activation)
    {
      let allowed = loss.activations.map(\.rawValue).joined(separator: ", ")
      lastReader.report(
        "activation",
        "the loss \(loss.rawValue) needs \(allowed) in the last layer, found \(last.activation.rawValue)")
    }
    guard let loss, layers.allSatisfy({ $0 != nil }) else { return nil }
    self.loss = loss
    self.layers = layers.compactMap(\.self)
  }

  /// The section `network`, every default filled in.
  public var json: JSONValue {
    var object: [String: JSONValue] = ["layers": .array(layers.map(\.json))]
    if let initialWeights { object["initialWeights"] = .string(initialWeights) }
    return .object(object)
  }

  /// What inference needs of the layers.
  public var layerShapes: JSONValue { .array(layers.map { .object($0.shape) }) }

  /// The network for samples of `inputs` features.
  public func network(inputs: Int) -> Network {
    var width = inputs
    let layers = layers.map { layer in
      defer { width = layer.units }
      return DenseLayer(
        inputs: width, units: layer.units, activation: layer.activation, slope: Float(layer.slope))
    }
    return Network(layers: layers, loss: loss)
  }

  /// Draws the weights of `parameters`, which belong to `network(inputs:)`.
  public func initialize(_ parameters: Parameters, seed: UInt64) {
    for (index, layer) in layers.enumerated() {
      parameters.initialize(layer: index, with: layer.initializer, seed: seed)
    }
  }
}
