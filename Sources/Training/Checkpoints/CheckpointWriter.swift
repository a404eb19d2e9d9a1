import ConfigurationSchema
import Datasets
import Dispatch
import Files
import Foundation
import Models
import Synchronization

/// Saves states of a run as often as the configuration says, while training goes on.
///
/// A state that is due waits while the one before is being written, and until the writing of it has taken at most a tenth of
/// the time: where an epoch takes a millisecond, states are saved less often than its end comes.
final class CheckpointWriter {
  private let interval: CheckpointConfiguration.Interval
  private let job: SaveJob
  /// Where states are written; nil for the calling thread.
  private let queue: DispatchQueue?
  private var isDue = false
  private var lastSave = ContinuousClock.now
  /// Steps of the newest state.
  private var savedSteps: Int?

  /// - Parameters:
  ///   - digests: those of the data, if they are known; else they are found when the first state is saved.
  ///   - savedSteps: steps of the state that the directory holds; nil if it holds none.
  ///   - isConcurrent: whether states are written beside training; else the calling thread does it.
  init(
    _ directory: RunDirectory, _ configuration: RunConfiguration, _ data: PreparedData, digests: DataDigests?,
    savedSteps: Int?, isConcurrent: Bool
  ) {
    self.savedSteps = savedSteps
    interval = configuration.training.checkpoint.interval
    job = SaveJob(directory, configuration, data, digests: digests)
    queue = isConcurrent ? DispatchQueue(label: "lockstep.checkpoints", qos: .utility) : nil
  }

  /// Steps until a state is due, if it is due by steps.
  func limit(at position: TrainingPosition) -> Int {
    if case .steps(let count) = interval { count - position.steps % count } else { .max }
  }

  /// Whether the state at `position` is to be saved now.
  ///
  /// - Throws: `OutputError` if one before could not be written.
  func wantsState(at position: TrainingPosition) throws(OutputError) -> Bool {
    switch interval {
    case .epochs(let count):
      if position.epochSteps == 0 && position.epochs % count == 0 { isDue = true }
    case .steps(let count):
      if position.steps % count == 0 { isDue = true }
    case .seconds(let seconds):
      if (ContinuousClock.now - lastSave) / .seconds(1) >= seconds { isDue = true }
    }
    // Asked in any case, for what went wrong.
    let isReady = try job.isReady
    return isDue && isReady
  }

  /// Saves a state; returns before it is written, if it may.
  func save(_ state: TrainingState) throws(OutputError) {
    isDue = false
    lastSave = .now
    savedSteps = state.position.steps
    job.begin()
    guard let queue else {
      try job.perform(state)
      return
    }
    queue.async { [job] in try? job.perform(state) }
  }

  /// Saves the last state, if it is not the newest already, and returns when it is written.
  func finish(_ state: TrainingState) throws(OutputError) {
    try settle()
    guard savedSteps != state.position.steps else { return }
    savedSteps = state.position.steps
    try job.perform(state)
  }

  /// Returns when nothing is being written any more.
  ///
  /// - Throws: `OutputError` if a state could not be written.
  func settle() throws(OutputError) {
    wait()
    _ = try job.isReady
  }

  /// Returns when nothing is being written any more, however it went.
  func wait() { queue?.sync {} }
}

/// The writing of states, on whatever thread.
private final class SaveJob: Sendable {
  private struct Progress {
    var isWriting = false
    var failure: OutputError?
    var duration = Duration.zero
    var end = ContinuousClock.now
    var digests: DataDigests?
    /// The epoch whose parameters `best.safetensors` has.
    var best: Int?
  }

  private let directory: RunDirectory
  private let configuration: RunConfiguration
  private let data: PreparedData
  private let progress: Mutex<Progress>

  init(_ directory: RunDirectory, _ configuration: RunConfiguration, _ data: PreparedData, digests: DataDigests?) {
    self.directory = directory
    self.configuration = configuration
    self.data = data
    progress = Mutex(Progress(digests: digests))
  }

  /// Whether a state may be written now. Throws what went wrong with the one before.
  var isReady: Bool {
    get throws(OutputError) {
      let (failure, isReady) = progress.withLock { progress in
        (progress.failure, !progress.isWriting && ContinuousClock.now - progress.end >= progress.duration * 9)
      }
      if let failure { throw failure }
      return isReady
    }
  }

  func begin() { progress.withLock { $0.isWriting = true } }

  func perform(_ state: TrainingState) throws(OutputError) {
    let (knownDigests, writtenBest) = progress.withLock { ($0.digests, $0.best) }
    let digests = knownDigests ?? DataDigests(data)
    let best = state.position.best?.epoch
    let start = ContinuousClock.now
    do throws(OutputError) {
      try directory.synchronizeMetrics()
      // Before the state: whoever finds a state with a best epoch finds its file too.
      if let best, best != writtenBest {
        let model = ModelFile.safetensors(configuration.network, state.best, data.schema)
        try AtomicFile.write(model.pieces, to: directory.url(.best))
      }
      try directory.save(
        CheckpointFile(state: state, configuration: configuration.json, dataDigests: digests),
        keep: configuration.training.checkpoint.keep)
    } catch {
      progress.withLock { $0.failure = error }
      throw error
    }
    progress.withLock {
      $0.isWriting = false
      $0.duration = ContinuousClock.now - start
      $0.end = .now
      $0.digests = digests
      $0.best = best
    }
  }
}
