import Foundation

/// Writes files that appear whole or not at all.
public enum AtomicFile {
  /// Writes `data`; see below.
  public static func write(_ data: Data, to url: URL, keeping previous: URL? = nil) throws(OutputError) {
    try write([data], to: url, keeping: previous)
  }

  /// Writes `pieces`, one after another, to a temporary file beside `url`, synchronizes it and renames it. If anything
  /// fails, what was at `url` before is untouched. The temporary file is a new one: what another process left under its name
  /// is removed, a link is not followed, and a folder is an error and keeps its content.
  ///
  /// - Parameter previous: the new name of what was at `url` before; nil if it is to be replaced.
  public static func write<Piece: DataProtocol>(
    _ pieces: some Sequence<Piece>, to url: URL, keeping previous: URL? = nil
  ) throws(OutputError) {
    let temporary = url.deletingLastPathComponent().appendingPathComponent(".\(url.lastPathComponent).partial")
    let handle = try makeFile(at: temporary)
    do {
      do {
        for piece in pieces { try handle.write(contentsOf: piece) }
        try synchronizeFile(handle, temporary)
        try handle.close()
      } catch {
        try? handle.close()
        throw error
      }
      if let previous, FileManager.default.fileExists(atPath: url.path) { try replaceFile(at: previous, with: url) }
      try replaceFile(at: url, with: temporary)
      try synchronizeDirectory(url.deletingLastPathComponent())
    } catch {
      removeFile(at: temporary)
      throw error as? OutputError ?? OutputError("write", url.path, error)
    }
  }
}
