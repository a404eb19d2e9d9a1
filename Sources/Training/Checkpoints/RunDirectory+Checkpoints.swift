import Datasets
import Foundation

extension RunDirectory {
  /// Saves a state; the one before it is kept.
  ///
  /// The new state is whole and on the disk before any name changes, and a name changes in one step. So at every moment at
  /// least one of the two names is that of a whole state.
  func save(_ checkpoint: CheckpointFile) throws(FileError) {
    try AtomicFile.write(checkpoint.data, to: url(.checkpoint), keeping: url(.previousCheckpoint))
  }

  /// The newest state that can be used.
  ///
  /// - Returns: nil if none was saved yet; `damage` says in a sentence what is wrong with a newer one.
  /// - Throws: `DataError` if there are states and none can be used.
  func loadCheckpoint() throws(DataError) -> (checkpoint: CheckpointFile, file: File, damage: DataError?)? {
    var damages: [DataError] = []
    for file in [File.checkpoint, .previousCheckpoint] {
      guard FileManager.default.fileExists(atPath: url(file).path) else { continue }
      let name = display(file)
      do throws(DataError) {
        let content: Data
        do { content = try Data(contentsOf: url(file)) } catch {
          throw DataError(.unreadable, file: name, "the state cannot be read: \(reason(of: error))")
        }
        return (try CheckpointFile(content, file: name), file, damages.first)
      } catch {
        damages.append(error)
      }
    }
    guard let first = damages.first else { return nil }
    guard damages.count > 1 else { throw first }
    throw DataError(first.kind, file: first.file, "\(first.message); and \(damages[1])")
  }

  /// Leaves of the metrics the lines of the first `epochs` epochs, those that a state knows of: later ones are computed again.
  ///
  /// - Throws: `DataError` if there are fewer, or `FileError`.
  func truncateMetrics(toEpochs epochs: Int) throws {
    let lines = try metricsLines()
    guard lines.count >= epochs else {
      let recorded = lines.count == 1 ? "1 whole line" : "\(lines.count) whole lines"
      throw DataError(
        file: display(.metrics), "has \(recorded), but the state that was saved is that after epoch \(epochs)")
    }
    _ = try epochDigests(first: epochs)
    let text = lines.prefix(epochs).map { $0 + "\n" }.joined()
    try write(text, to: .metrics)
  }

  /// The whole lines of the metrics; none if there is no such file. What an interrupted process wrote of a last line is left out.
  func metricsLines() throws(DataError) -> [String] {
    guard FileManager.default.fileExists(atPath: url(.metrics).path) else { return [] }
    do {
      let text = String(decoding: try Data(contentsOf: url(.metrics)), as: UTF8.self)
      return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    } catch {
      throw DataError(.unreadable, file: display(.metrics), "the metrics cannot be read: \(reason(of: error))")
    }
  }
}
