import ConfigurationSchema

/// The section `network` of a configuration, with the `loss`, which the last layer must fit.
public struct NetworkConfiguration: Sendable, Equatable {
  /// `network.layers`
  public let layers: [LayerConfiguration]
  /// `network.initialWeights`; nil where all parameters are drawn.
  public let initialWeights: InitialWeights?
  /// `loss`
  public let loss: Loss
  /// `loss` as it stands in the resolved configuration: its name alone where it has no other keys.
  public let lossValue: JSONValue

  /// What inference needs of the layers: `network.layers` without what only says how training begins.
  public let layerShapes: JSONValue

  /// The keys `network` and `loss` of the configuration's root; nil after reporting issues.
  public init?(_ root: Section) {
    let loss = root.named("loss", of: LossKind.self, help: "what training makes small, averaged over the mini-batch") {
      Loss($0, $1)
    }
    let network = root.object("network", help: "the layers, and the weights to begin with") { section in
      let initializer = section.optional(
        "initializer", .choice(of: InitializerKind.self), absence: "by the activation of each layer",
        help: "the default of `initializer` of all layers", role: .transient)
      var shapes: [JSONValue] = []
      let layers = section.list("layers", help: "the layers, from the first to the last") { section in
        let layer = LayerConfiguration(section, initializer: initializer)
        shapes.append(section.resolved(leavingOut: [.beginning]))
        return layer
      }
      let initialWeights = InitialWeights(in: section)
      return (layers: layers, shapes: shapes, initialWeights: initialWeights)
    }
    guard let network, let layers = network.layers else { return nil }
    initialWeights = network.initialWeights
    layerShapes = .array(network.shapes)

    let path = root.path.appending(key: "network").appending(key: "layers")
    for (index, layer) in layers.enumerated().dropLast() where layer?.layer.activation.kind == .softmax {
      root.issues.report(path.appending(index: index).appending(key: "activation"), "softmax must be in the last layer")
    }
    if let loss, let last = layers.last ?? nil, !loss.kind.activations.contains(last.layer.activation.kind) {
      let allowed = loss.kind.activations.map(\.rawValue).joined(separator: ", ")
      let place = path.appending(index: layers.count - 1)
      if last.hasActivation {
        root.issues.report(
          place.appending(key: "activation"),
          "the loss \(loss.kind.rawValue) needs \(allowed) in the last layer, found \(last.layer.activation.kind.rawValue)"
        )
      } else {
        root.issues.report(
          place, "must be followed by an activation: the loss \(loss.kind.rawValue) needs \(allowed) in the last layer")
      }
    }
    let known = layers.compactMap(\.self)
    guard let loss, known.count == layers.count else { return nil }
    self.loss = loss
    lossValue = root.answered("loss") ?? .string(loss.kind.rawValue)
    self.layers = known
    // Which parameters there are does not depend on how many features there are.
    let layout = self.network(inputs: 1).layout
    initialWeights?.check(layout, in: root.path.appending(key: "network"), root.issues)
    if layout.trainedCount == 0 {
      let areFrozen = known.contains { !$0.learning.isTrainable }
      root.issues.report(
        path,
        areFrozen
          ? "must have a layer to train, and 'trainable' is false in all that have parameters"
          : "must have a layer to train, 'dense', 'batchNorm' or 'layerNorm'")
    }
  }

  /// Outputs of the network for samples of `inputs` features.
  public func outputs(inputs: Int) -> Int { layers.reduce(inputs) { $1.layer.outputs(inputs: $0) } }

  /// The place of the layer that decides how many outputs there are; nil if all layers leave the features as many as they are.
  public var outputLayer: Int? { layers.lastIndex { $0.layer.outputs(inputs: 1) == $0.layer.outputs(inputs: 2) } }

  /// The network for samples of `inputs` features.
  ///
  /// - Parameter isWeighted: whether samples count by their weights in training.
  public func network(inputs: Int, isWeighted: Bool = false) -> Network {
    Network(inputs: inputs, layers: layers.map(\.layer), loss: loss, isWeighted: isWeighted)
  }
}
