import ConfigurationSchema
import Files
import Foundation

/// The proof that a run can be repeated: trains again from its configuration and compares the digests of its epochs.
///
/// It is advanced as a `Run` is, and writes nothing:
///
///     let verification = try Verification("runs/digits-1")
///     while let event = try verification.advance() { show(event) }
///     print(verification.result)
public final class Verification {
  /// What came of it.
  public enum Result: Sendable, Equatable {
    /// All digests are equal: those of so many epochs, and that of the model file, if there was a final one.
    case equal(epochs: Int, model: Bool)
    /// The digests of an epoch, from 1, are not.
    case epochDiffers(Int, recorded: String, found: String)
    /// The epochs are equal, but the model file is another.
    case modelDiffers(recorded: String, found: String)
  }

  /// The run.
  public let directory: RunDirectory
  /// The result so far.
  public private(set) var result: Result
  /// What is already known to differ, as a sentence.
  public let notice: String?
  /// Epochs that the run recorded, and that are trained again.
  public let epochs: Int
  private let loop: TrainingLoop
  private let digests: [String]

  /// Reads what the run recorded, and its data.
  ///
  /// - Throws: `ConfigurationError`, `DataError` or `RunError`.
  public init(_ path: String, options: Run.Options = Run.Options()) throws {
    directory = try RunDirectory(existing: path)
    let file = directory.display(.configuration)
    let configuration = try RunConfiguration(file: file)
    digests = try directory.epochDigests()
    epochs = min(digests.count, configuration.training.epochs)
    guard epochs > 0 else {
      throw DataError(file: directory.display(.metrics), "no epoch is recorded, so there is nothing to verify")
    }
    loop = try TrainingLoop(configuration, options)
    result = .equal(epochs: 0, model: false)
    let recorded = try? directory.loadCheckpoint()?.checkpoint.dataDigests
    let data = loop.data
    let parts = recorded.map { DataDigests(data).differences(from: $0) } ?? []
    notice = parts.isEmpty ? nil : "the data of \(parts.joined(separator: ", ")) are not those of the run"
  }

  /// Trains for about a tenth of a second or to the end of an epoch; nil when all is compared, or something differs.
  public func advance() throws -> Run.Event? {
    guard case .equal(let equal, false) = result, equal < epochs, let event = try loop.advance() else { return nil }
    guard case .epoch(let metrics) = event else { return event }
    let recorded = digests[equal]
    if metrics.digest == recorded {
      result = .equal(epochs: equal + 1, model: false)
      if loop.isOver { try compareModel() }
    } else {
      result = .epochDiffers(equal + 1, recorded: recorded, found: metrics.digest)
    }
    return event
  }

  /// Compares the model file, unless the summary beside it tells that it is that of another step: an interrupted run that was
  /// to be longer has left one.
  private func compareModel() throws {
    let steps = try directory.modelSteps()
    guard steps == nil || steps == loop.position.steps, let model = try directory.read(.model) else { return }
    let recorded = SHA256.hexadecimal(model)
    let found = ModelFile.safetensors(loop.configuration.network, loop.parameters.tensors, loop.data).digest
    result = found == recorded ? .equal(epochs: epochs, model: true) : .modelDiffers(recorded: recorded, found: found)
  }
}

extension RunDirectory {
  /// The steps after which the model file was written, as the summary beside it tells; nil if there is none.
  func modelSteps() throws -> Int? {
    guard let content = try read(.summary) else { return nil }
    guard case .object(let members) = try JSONValue(parsing: content, file: display(.summary)),
      case .integer(let steps)? = members["steps"]
    else { throw DataError(file: display(.summary), "must be a summary with 'steps'") }
    return steps
  }

  /// The digests that the metrics record, epoch by epoch, of all or of the first `count` epochs.
  func epochDigests(first count: Int = .max) throws(DataError) -> [String] {
    var digests: [String] = []
    for (index, line) in try metricsLines().prefix(count).enumerated() {
      guard case .object(let members)? = try? JSONValue(parsing: Data(line.utf8), file: display(.metrics)),
        members["epoch"] == .integer(index + 1), case .string(let digest)? = members["digest"]
      else {
        throw DataError(
          file: display(.metrics), line: index + 1, "must be the metrics of epoch \(index + 1) with its 'digest'")
      }
      digests.append(digest)
    }
    return digests
  }
}
