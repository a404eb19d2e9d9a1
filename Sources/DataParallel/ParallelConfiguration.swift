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

  /// The section.
  public init(_ section: Section, batchSize: Int) {
    workers = section.value(
      "workers", .workers, default: .auto, help: "how many workers compute a step", role: .changesNoBit)
    shardRows = section.value(
      "shardRows", .integer(in: 1...Int.max), default: Self.defaultShardRows(batchSize: batchSize),
      "`training.batchSize`, at most 256",
      help: "rows of a gradient shard; the sums of shards are added, and another order of sums gives other bits")
  }
}

extension Domain<WorkerCount> {
  /// `auto` or a number.
  public static var workers: Self {
    let words = "'auto' or a whole number from 1 to \(WorkerCount.maximum)"
    return Self(
      words,
      schema: [
        "anyOf": [["const": "auto"], ["type": "integer", "minimum": 1, "maximum": .integer(WorkerCount.maximum)]]
      ],
      placeholder: .auto,
      read: { value, place in
        switch value {
        case .string("auto"): return .auto
        case .integer(let count) where (1...WorkerCount.maximum).contains(count): return .fixed(count)
        default:
          place.report("must be \(words), found \(value.summary)")
          return nil
        }
      },
      write: \.json)
  }
}

extension WorkerCount {
  /// The value of `workers` in a configuration.
  public var json: JSONValue {
    switch self {
    case .auto: .string("auto")
    case .fixed(let count): .integer(count)
    }
  }
}
