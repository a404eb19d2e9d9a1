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

  /// The section; nil after reporting issues.
  init?(_ section: Section) {
    let epochs = section.required(
      "epochs", .integer(in: 1...Self.mostEpochs), help: "passes over the training data", role: .mayGrow)
    batchSize = section.value(
      "batchSize", .integer(in: 1...1_000_000_000), default: 32, help: "samples of a mini-batch")
    shuffle = section.value(
      "shuffle", .bool, default: true, help: "whether each epoch takes the samples in a new random order")
    dropLast = section.value(
      "dropLast", .bool, default: false, help: "whether a last mini-batch smaller than `batchSize` is left out")
    checkpoint =
      section.object(
        "checkpoint", default: ["epochs": 1], help: "how often the state of the run is saved", role: .changesNoBit
      ) { CheckpointConfiguration($0) } ?? .standard
    guard let epochs else { return nil }
    self.epochs = epochs
  }
}
