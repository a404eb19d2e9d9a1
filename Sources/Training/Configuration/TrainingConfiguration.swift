import ConfigurationSchema

/// The section `training` of a configuration.
public struct TrainingConfiguration: Sendable, Equatable {
  /// `epochs`: passes over the training data.
  public let epochs: Int
  /// `batchSize`: samples of a mini-batch; default 32.
  public let batchSize: Int
  /// `shuffle`: whether each epoch takes the samples in a new random order; default true.
  public let shuffle: Bool
  /// `dropLast`: whether a last mini-batch smaller than `batchSize` is left out; default false.
  public let dropLast: Bool
  /// `checkpoint`: how often the state of the run is saved; default `{ "epochs": 1 }`. It changes no bit of the result.
  public let checkpoint: CheckpointConfiguration

  /// The most epochs that may be asked for.
  static let mostEpochs = 1_000_000_000

  init?(reading reader: ObjectReader) {
    let epochs = reader.integer("epochs", in: 1...Self.mostEpochs)
    batchSize = reader.integer("batchSize", in: 1...1_000_000_000, default: 32)
    shuffle = reader.bool("shuffle", default: true)
    dropLast = reader.bool("dropLast", default: false)
    checkpoint = CheckpointConfiguration(reading: reader.optionalObject("checkpoint"))
    reader.finish()
    guard let epochs else { return nil }
    self.epochs = epochs
  }

  var json: JSONValue {
    .object([
      "epochs": .integer(epochs), "batchSize": .integer(batchSize), "shuffle": .bool(shuffle),
      "dropLast": .bool(dropLast), "checkpoint": checkpoint.json,
    ])
  }
}
