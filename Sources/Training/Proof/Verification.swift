import ConfigurationSchema
import Files
import Foundation
import Kernels
import Models

/// The proof that a run can be repeated: trains again from its configuration and compares what was recorded of its epochs,
/// and its model.
///
/// It is advanced as a `Run` is, and writes nothing:
///
///     let verification = try Verification("runs/digits-1")
///     while let event = try verification.advance() { show(event) }
///     print(verification.result)
public final class Verification {
  /// What came of it.
  public enum Result: Sendable, Equatable {
    /// All is equal: so many epochs, each with its digest and all its metrics but times, and the model file, if there is one.
    case equal(epochs: Int, model: Bool)
    /// What was recorded of an epoch, from 1, is not what was found; `key` is the first that differs.
    case epochDiffers(Int, key: String, recorded: String, found: String)
    /// The epochs are equal, but the model file is another: its digests.
    case modelDiffers(recorded: String, found: String)
    /// The records contradict each other, as the sentence says.
    case recordsDiffer(String)
    /// The run was computed by another version of the arithmetic, so that other bits prove nothing.
    case otherArithmetic(recorded: Int, version: Int)
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
  private let records: [EpochRecord]
  /// The model file, and the steps after which it was written.
  private let model: (sha256: String, steps: Int)?

  /// Reads what the run recorded, and its data.
  ///
  /// - Throws: `ConfigurationError`, `InputError` or `RunError`.
  public init(_ path: String, options: Run.Options = Run.Options()) throws {
    directory = try RunDirectory(existing: path)
    let configuration = try RunConfiguration(file: directory.display(.configuration))
    records = try directory.epochRecords()
    epochs = records.count
    let summary = try directory.summary()
    // A run that ended before its first epoch was over has a model all the same.
    guard epochs > 0 || summary?.epochs == 0 && directory.exists(.model) else {
      throw InputError(file: directory.display(.metrics), "no epoch is recorded, so there is nothing to verify")
    }
    let checkpoint = try? directory.loadCheckpoint()?.checkpoint
    let content = try directory.read(.model)
    let loop = try TrainingLoop(configuration, options)
    self.loop = loop
    let recordedSteps = epochs * loop.coordinator.stepsPerEpoch
    model = content.map { content in
      let sha256 = SHA256.hexadecimal(content)
      // A process that was killed between the two has left the summary of an older model; the state is the model's.
      let steps = sha256 == summary?.sha256 ? summary?.steps : nil
      return (sha256, steps ?? checkpoint?.state.position.steps ?? recordedSteps)
    }
    let data = loop.data
    let parts = checkpoint.map { DataDigests(data).differences(from: $0.dataDigests) } ?? []
    notice = parts.isEmpty ? nil : "the data of \(parts.joined(separator: ", ")) are not those of the run"

    var versions = [summary?.arithmetic, checkpoint?.arithmetic].compactMap(\.self)
    // A model file that cannot be read is another one, which its digest tells.
    if let content, let file = try? Safetensors(content, file: directory.display(.model)) {
      versions.append(ModelFile.arithmetic(of: file))
    }
    result = .equal(epochs: 0, model: false)
    if let other = versions.first(where: { $0 != arithmeticVersion }) {
      result = .otherArithmetic(recorded: other, version: arithmeticVersion)
    } else if let sentence = directory.contradiction(summary, recorded: epochs, of: configuration.training.epochs) {
      result = .recordsDiffer(sentence)
    }
  }

  /// Steps of the epochs that are recorded.
  private var recordedSteps: Int { epochs * loop.coordinator.stepsPerEpoch }

  /// Whether a model may have been written after so many steps: within the recorded epochs, or before the end of the next.
  private func isReachable(_ steps: Int) -> Bool {
    let last =
      epochs < loop.configuration.training.epochs ? recordedSteps + loop.coordinator.stepsPerEpoch - 1 : recordedSteps
    return (0...last).contains(steps)
  }

  private func unreachable(_ steps: Int) -> String {
    "the model is said to be that after \(counted(steps, "step")), but \(RunDirectory.File.metrics.rawValue) has "
      + "\(counted(epochs, "epoch")) of \(counted(loop.coordinator.stepsPerEpoch, "step"))"
  }

  /// Trains for about a tenth of a second or to the end of an epoch; nil when all is compared, or something differs.
  ///
  /// The model is compared where the run wrote it: that of an interrupted run in the middle of an epoch; that of a run which
  /// went on, and was killed, before epochs that are recorded.
  public func advance() throws -> Run.Event? {
    let steps = loop.position.steps
    if let model, model.steps == steps { compareModel(model.sha256) }
    guard case .equal(_, let isModelEqual) = result else { return nil }
    let last = if let model, isReachable(model.steps) { max(recordedSteps, model.steps) } else { recordedSteps }
    guard steps < last else {
      if let model, !isModelEqual { result = .recordsDiffer(unreachable(model.steps)) }
      return nil
    }
    let limit = if let model, model.steps > steps { model.steps - steps } else { Int.max }
    let event = try loop.advance(limit: limit)
    if case .epoch(let metrics)? = event { compare(metrics) }
    return event
  }

  private func compare(_ metrics: EpochMetrics) {
    guard case .equal(let equal, let isModelEqual) = result, let found = EpochRecord(metrics.json, epoch: equal + 1)
    else { return }
    if let difference = records[equal].firstDifference(from: found) {
      result = .epochDiffers(
        equal + 1, key: difference.key, recorded: difference.first, found: difference.second)
    } else {
      result = .equal(epochs: equal + 1, model: isModelEqual)
    }
  }

  private func compareModel(_ recorded: String) {
    guard case .equal(let epochs, false) = result else { return }
    let decision = (try? loop.decision()) ?? .plain
    let found = ModelFile.safetensors(loop.configuration.network, loop.model, loop.data.schema, decision).digest
    result =
      found == recorded ? .equal(epochs: epochs, model: true) : .modelDiffers(recorded: recorded, found: found)
  }
}
