import ConfigurationSchema
import Files
import Foundation

/// What a run recorded of an epoch: a line of `metrics.jsonl`, but for the times.
struct EpochRecord: Sendable, Equatable {
  /// The members of the line that do not depend on time.
  private let members: [String: JSONValue]
  /// The SHA-256 of the parameters after the epoch.
  let digest: String

  /// Nil if `line` is not that of epoch `epoch`, counted from 1, or has no digest.
  init?(_ line: JSONValue, epoch: Int) {
    guard case .object(var members) = line, members["epoch"] == .integer(epoch),
      case .string(let digest)? = members["digest"]
    else { return nil }
    for key in ["seconds", "samplesPerSecond"] { members[key] = nil }
    self.members = members
    self.digest = digest
  }

  /// The first place where another record of the epoch is another one; nil if there is none. The digest comes before all
  /// others, because they follow from the parameters.
  func firstDifference(from other: EpochRecord) -> Difference? {
    let differences = JSONValue.object(members).differences(from: .object(other.members))
    let first = digest == other.digest ? differences.first : differences.first { "\($0.path)" == "digest" }
    return first.map { Difference(key: "\($0.path)", first: Self.text($0.first), second: Self.text($0.second)) }
  }

  /// Where two records of an epoch are different ones, and what they say there.
  struct Difference: Sendable, Equatable {
    let key: String
    let first: String
    let second: String
  }

  /// A value as a message tells it; a digest is told in full.
  private static func text(_ value: JSONValue?) -> String {
    if case .string(let text) = value, text.count == 64, text.allSatisfy(\.isHexDigit) { return text }
    return value?.summary ?? "nothing"
  }
}

/// What `summary.json` tells, as far as it proves something.
struct SummaryRecord: Sendable, Equatable {
  /// Epochs that were over.
  let epochs: Int
  /// Steps since the start of the run, after which the model was written.
  let steps: Int
  /// The digest of the model file.
  let sha256: String
  /// The version of the arithmetic.
  let arithmetic: Int

  /// Reads the content of the file.
  ///
  /// - Throws: `ConfigurationError` or `InputError` if it is no summary.
  fileprivate init(_ content: Data, file: String) throws {
    guard case .object(let members) = try JSONValue(parsing: content, file: file),
      case .integer(let epochs)? = members["epochs"], case .integer(let steps)? = members["steps"],
      case .string(let sha256)? = members["sha256"]
    else { throw InputError(file: file, "must be a summary with 'epochs', 'steps' and 'sha256'") }
    self.epochs = epochs
    self.steps = steps
    self.sha256 = sha256
    // Summaries that name none were written before there was another.
    if case .integer(let version)? = members["arithmeticVersion"] { arithmetic = version } else { arithmetic = 1 }
  }
}

extension RunDirectory {
  /// What the metrics record, epoch by epoch, of all or of the first `count` epochs.
  func epochRecords(first count: Int = .max) throws(InputError) -> [EpochRecord] {
    var records: [EpochRecord] = []
    for (index, line) in try metricsLines().prefix(count).enumerated() {
      guard let value = try? JSONValue(parsing: Data(line.utf8), file: display(.metrics)),
        let record = EpochRecord(value, epoch: index + 1)
      else {
        throw InputError(
          file: display(.metrics), line: index + 1, "must be the metrics of epoch \(index + 1) with its 'digest'")
      }
      records.append(record)
    }
    return records
  }

  /// What the summary tells; nil if there is none.
  func summary() throws -> SummaryRecord? {
    try read(.summary).map { try SummaryRecord($0, file: display(.summary)) }
  }

  /// Why the records of the run cannot all be right, as a sentence; nil if they can.
  ///
  /// A summary that tells of fewer epochs than the metrics may be right: the run went on, and was killed.
  func contradiction(_ summary: SummaryRecord?, recorded: Int, of epochs: Int) -> String? {
    let metrics = "\(File.metrics.rawValue) has \(counted(recorded, "epoch"))"
    if let summary, summary.epochs > recorded {
      return "\(File.summary.rawValue) tells of \(counted(summary.epochs, "epoch")), but \(metrics)"
    }
    if recorded > epochs {
      return "\(metrics), but \(File.configuration.rawValue) asks for \(epochs)"
    }
    return nil
  }
}
