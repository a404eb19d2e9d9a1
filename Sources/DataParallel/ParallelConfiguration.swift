import ConfigurationSchema

/// How many workers compute a step.
public enum WorkerCount: Sendable, Equatable {
  /// What is fastest on this machine, found while training: the bits do not depend on it.
  case auto
  /// So many.
  case fixed(Int)

  /// The most that may be asked for.
  public static let maximum = 1024

  /// What the text of an option or a configuration says; nil if it is neither `auto` nor a number in range.
  public init?(_ text: String) {
    if text == "auto" {
      self = .auto
    } else if let count = Int(text), (1...Self.maximum).contains(count) {
      self = .fixed(count)
    } else {
      return nil
    }
  }
}

/// The section `parallel` of a configuration.
public struct ParallelConfiguration: Sendable, Equatable {
  /// `workers`: `auto` or a number; default `auto`.
  public var workers: WorkerCount
  /// `shardRows`: rows of a gradient shard. Part of the arithmetic: another value gives other bits.
  public let shardRows: Int

  /// The default of `shardRows`: a whole mini-batch, but at most 256 rows.
  ///
  /// Workers divide the parameters rather than the shards, so that a single shard is fastest. Beyond 256 rows the
  /// additional sums cost nothing measurable, and summing by a tree keeps rounding errors small.
  public static func defaultShardRows(batchSize: Int) -> Int { min(batchSize, 256) }

  /// Reads the section; `reader` is nil where it is absent.
  public init(reading reader: ObjectReader?, batchSize: Int) {
    let standard = Self.defaultShardRows(batchSize: batchSize)
    var workers = WorkerCount.auto
    switch reader?.value("workers") {
    case nil, .string("auto"): break
    case .integer(let count)? where (1...WorkerCount.maximum).contains(count): workers = .fixed(count)
    case let value?:
      reader?.report(
        "workers", "must be 'auto' or a whole number from 1 to \(WorkerCount.maximum), found \(value.summary)")
    }
    self.workers = workers
    shardRows = reader?.integer("shardRows", in: 1...Int.max, default: standard) ?? standard
    reader?.finish()
  }

  /// The section, every default filled in.
  public var json: JSONValue {
    let workers: JSONValue =
      switch workers {
      case .auto: .string("auto")
      case .fixed(let count): .integer(count)
      }
    return .object(["workers": workers, "shardRows": .integer(shardRows)])
  }
}
