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
  /// `earlyStopping`: when training ends before its last epoch; nil for never.
  public let earlyStopping: EarlyStopping?
  /// `maxSteps`: steps after which training ends, wherever in an epoch; nil for no limit.
  public internal(set) var maxSteps: Int?
  /// `maxSeconds`: how long a run may take; nil for no limit.
  public let maxSeconds: Double?

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
    earlyStopping = section.optionalObject(
      "earlyStopping", help: "when training ends before its last epoch, and which epoch makes the model"
    ) { EarlyStopping($0) }
    maxSteps = section.optional(
      "maxSteps", .integer(in: 1...Int.max), absence: "no limit",
      help: "steps after which training ends, be it in the middle of an epoch", role: .mayGrow)
    maxSeconds = section.optional(
      "maxSeconds", .number(.positive), absence: "no limit",
      help:
        "how long the run may take; then training ends, and the steps that were made are recorded as `maxSteps` in the "
        + "`config.json` of the run", role: .changesNoBit)
    guard let epochs else { return nil }
    self.epochs = epochs
  }
}
