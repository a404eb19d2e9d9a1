import Foundation

/// A file that is written piece by piece and appears when it is finished, or standard output.
public final class OutputFile {
  /// Where it will be; nil for standard output.
  public let url: URL?
  private let temporary: URL?
  private let handle: FileHandle
  private var isFinished = false

  /// Standard output.
  public init() {
    url = nil
    temporary = nil
    handle = .standardOutput
  }

  /// The file at `url`, which is replaced if it exists.
  public init(_ url: URL) throws(OutputError) {
    var isFolder: ObjCBool = false
    if unsafe FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder.boolValue {
      throw OutputError("cannot write \(url.path): it is a folder", isCreation: true)
    }
    let temporary = url.deletingLastPathComponent().appendingPathComponent(".\(url.lastPathComponent).partial")
    self.url = url
    self.temporary = temporary
    handle = try makeFile(at: temporary)
  }

  deinit {
    if !isFinished, let temporary { removeFile(at: temporary) }
  }

  /// Adds bytes.
  public func write(_ bytes: [UInt8]) throws(OutputError) {
    do {
      try handle.write(contentsOf: Data(bytes))
    } catch {
      throw OutputError("write to", url?.path ?? "standard output", error)
    }
  }

  /// Makes the file appear.
  ///
  /// - Parameter start: bytes to replace as many at its start; not for standard output.
  public func finish(replacingStart start: [UInt8] = []) throws(OutputError) {
    isFinished = true
    guard let url, let temporary else { return }
    do {
      if !start.isEmpty {
        try handle.seek(toOffset: 0)
        try handle.write(contentsOf: Data(start))
      }
      try synchronizeFile(handle, temporary)
      try handle.close()
      try replaceFile(at: url, with: temporary)
    } catch {
      removeFile(at: temporary)
      throw error as? OutputError ?? OutputError("write", url.path, error)
    }
  }
}
