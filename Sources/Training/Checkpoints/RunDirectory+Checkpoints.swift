import ConfigurationSchema
import Files
import Foundation

extension RunDirectory {
  /// Saves a state; the one before it is kept.
  ///
  /// The new state is whole and on the disk before any name changes, and a name changes in one step. So at every moment at
  /// least one of the two names is that of a whole state.
  ///
  /// - Parameter keep: states that are kept; those beyond the last two as `checkpoint.step-N.safetensors`, after N steps.
  func save(_ checkpoint: CheckpointFile, keep: Int = 2) throws(OutputError) {
    if keep > 2, let steps = stepsOfPreviousCheckpoint {
      try replaceFile(at: keptCheckpoint(steps: steps), with: url(.previousCheckpoint))
    }
    try AtomicFile.write(checkpoint.safetensors.pieces, to: url(.checkpoint), keeping: url(.previousCheckpoint))
    if keep > 2 { removeKeptCheckpoints(but: keep - 2) }
  }

  // MARK: Older states

  /// Where the state after so many steps is kept when it is neither the newest nor the one before.
  func keptCheckpoint(steps: Int) -> URL { url.appendingPathComponent("checkpoint.step-\(steps).safetensors") }

  /// The steps of the state before the newest; nil if there is none that is whole.
  private var stepsOfPreviousCheckpoint: Int? {
    guard let content = try? read(.previousCheckpoint) else { return nil }
    return try? CheckpointFile(content, file: display(.previousCheckpoint)).state.position.steps
  }

  /// Steps of the older states, ascending.
  var keptCheckpoints: [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return names.compactMap { name -> Int? in
      guard name.hasPrefix("checkpoint.step-"), name.hasSuffix(".safetensors"),
        let steps = Int(name.dropFirst("checkpoint.step-".count).dropLast(".safetensors".count)), steps >= 0,
        keptCheckpoint(steps: steps).lastPathComponent == name
      else { return nil }
      return steps
    }.sorted()
  }

  private func removeKeptCheckpoints(but count: Int) {
    for steps in keptCheckpoints.dropLast(count) { removeFile(at: keptCheckpoint(steps: steps)) }
  }

  /// The newest state that can be used.
  ///
  /// - Returns: nil if none was saved yet; `damage` says in a sentence what is wrong with a newer one.
  /// - Throws: `InputError` if there are states and none can be used.
  func loadCheckpoint() throws(InputError) -> (checkpoint: CheckpointFile, file: File, damage: InputError?)? {
    var damages: [InputError] = []
    for file in [File.checkpoint, .previousCheckpoint] {
      // A state that cannot be read may be whole: that is an error, and nothing is put in its place.
      guard let content = try read(file) else { continue }
      do throws(InputError) {
        return (try CheckpointFile(content, file: display(file)), file, damages.first)
      } catch {
        damages.append(error)
      }
    }
    guard let first = damages.first else { return nil }
    let others = damages.dropFirst().map { "; and \($0)" }.joined()
    throw InputError(
      file: first.file,
      "\(first.message)\(others). There is no other state; --config \(display(.configuration)) begins a new run")
  }

  /// Checks that a run without a state has nothing that beginning again would destroy, and that its configuration is the
  /// one that it began with.
  ///
  /// - Parameter configuration: what the file of its configuration is read as.
  /// - Throws: `InputError` if it has trained before, or if a person has written the file.
  func checkNothingIsLost(_ configuration: JSONValue) throws(InputError) {
    guard try read(.model) == nil, try metricsLines().isEmpty else {
      throw InputError(
        .missing, file: display(.checkpoint),
        "the states of this run are gone, so it cannot go on; --config \(display(.configuration)) begins a new one")
    }
    guard try read(.configuration) == Data(configuration.text.utf8) else {
      throw InputError(
        .missing, file: display(.configuration),
        "there is no state of a run, and this file is not as a run writes it; --config \(display(.configuration)) begins a "
          + "run with it")
    }
  }

  /// Leaves of the metrics the lines of the epochs that a state knows of: later ones are computed again.
  ///
  /// - Throws: `InputError` if there are fewer, or if the last is not that of the state, or `OutputError`.
  func truncateMetrics(to state: TrainingState) throws {
    let epochs = state.position.epochs
    let lines = try metricsLines()
    guard lines.count >= epochs else {
      let recorded = lines.count == 1 ? "1 whole line" : "\(lines.count) whole lines"
      throw InputError(
        file: display(.metrics), "has \(recorded), but the state that was saved is that after epoch \(epochs)")
    }
    let records = try epochRecords(first: epochs)
    if state.position.epochSteps == 0, let recorded = records.last?.digest {
      let found = state.parameters.digest
      guard recorded == found else {
        throw InputError(
          file: display(.metrics), line: epochs,
          "the digest of epoch \(epochs) is \(quoted(recorded, limit: 64)), but that of the parameters in the state is '\(found)'"
        )
      }
    }
    let text = lines.prefix(epochs).map { $0 + "\n" }.joined()
    try write(text, to: .metrics)
  }

  /// The whole lines of the metrics; none if there is no such file. What an interrupted process wrote of a last line is left out.
  func metricsLines() throws(InputError) -> [String] {
    guard let content = try read(.metrics) else { return [] }
    let text = String(decoding: content, as: UTF8.self)
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }
}
