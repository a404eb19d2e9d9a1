import ConfigurationSchema
import Files
import Foundation

/// The folder that a run writes to.
public struct RunDirectory: Sendable {
  /// Where it is.
  public let url: URL

  /// The files of a run.
  public enum File: String, CaseIterable, Sendable {
    case configuration = "config.json"
    case metrics = "metrics.jsonl"
    case model = "model.safetensors"
    case best = "best.safetensors"
    case summary = "summary.json"
    case checkpoint = "checkpoint.safetensors"
    case previousCheckpoint = "checkpoint.previous.safetensors"
  }

  /// Makes the folder `url`, which must not hold a run already.
  init(exactly url: URL) throws(OutputError) {
    let manager = FileManager.default
    for file in File.allCases {
      let path = url.appendingPathComponent(file.rawValue).path
      guard manager.fileExists(atPath: path) else { continue }
      // Empty metrics alone are those of a run that was ended before it began.
      if file == .metrics, (try? manager.attributesOfItem(atPath: path)[.size]) as? Int == 0 { continue }
      throw OutputError(
        "\(url.path) already holds a run (\(file.rawValue)); name another folder or remove it, or go on with it by "
          + "--resume", isCreation: true)
    }
    do {
      try manager.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw OutputError("create the run directory", url.path, error, isCreation: true)
    }
    self.url = url
    // Found out now rather than after hours of training.
    guard manager.isWritableFile(atPath: url.path) else {
      throw OutputError("cannot write to the run directory \(url.path): permission denied", isCreation: true)
    }
  }

  /// Makes the first of the folders `parent/name-1`, `parent/name-2`, … that does not exist.
  init(next name: String, in parent: URL) throws(OutputError) {
    let manager = FileManager.default
    do {
      try manager.createDirectory(at: parent, withIntermediateDirectories: true)
      var number = 1
      while true {
        let url = parent.appendingPathComponent("\(name)-\(number)", isDirectory: true)
        if !manager.fileExists(atPath: url.path) {
          do {
            try manager.createDirectory(at: url, withIntermediateDirectories: false)
            self.url = url
            return
          } catch let error as CocoaError where error.code == .fileWriteFileExists {
            // Another run was faster.
          }
        }
        number += 1
      }
    } catch {
      throw OutputError("create a run directory in", parent.path, error, isCreation: true)
    }
  }

  /// The folder of a run that was begun before, or a link to it. It is known by what only a run writes: its metrics, which are
  /// there before anything else, or a state. A configuration alone may be a person's.
  ///
  /// - Throws: `InputError` if there is no such folder, or no run in it.
  init(existing path: String) throws(InputError) {
    url = URL(fileURLWithPath: path, isDirectory: true)
    guard FileManager.default.fileExists(atPath: path) else {
      throw InputError(.missing, file: path, "there is no such run directory")
    }
    guard (try? url.resolvingSymlinksInPath().resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory != false else {
      throw InputError(.missing, file: path, "this is a file; the folder of a run is needed")
    }
    guard exists(.configuration) else {
      throw InputError(.missing, file: path, "this is not a run directory: it has no \(File.configuration.rawValue)")
    }
    guard exists(.metrics) || exists(.checkpoint) || exists(.previousCheckpoint) else {
      throw InputError(
        .missing, file: path,
        "this is not a run directory: it has a \(File.configuration.rawValue), but neither \(File.metrics.rawValue) nor a "
          + "state; --config \(display(.configuration)) begins a run with it")
    }
  }

  /// The place of a file.
  public func url(_ file: File) -> URL { url.appendingPathComponent(file.rawValue) }

  /// Whether a file is there.
  func exists(_ file: File) -> Bool { FileManager.default.fileExists(atPath: url(file).path) }

  /// The folder as messages call it: as short as it is from the working directory.
  public var displayName: String {
    let folder = FileManager.default.currentDirectoryPath + "/"
    let path = url.path.hasSuffix("/") ? String(url.path.dropLast()) : url.path
    return path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : path
  }

  /// A file as messages call it.
  func display(_ file: File) -> String { "\(displayName)/\(file.rawValue)" }

  /// The content of a file; nil if there is none.
  func read(_ file: File) throws(InputError) -> Data? {
    do {
      return try Data(contentsOf: url(file))
    } catch let error as CocoaError where error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile {
      return nil
    } catch {
      throw InputError(.unreadable, file: display(file), "the file cannot be read: \(reason(of: error))")
    }
  }

  /// Keeps other processes from writing to the folder for as long as the lock lives.
  ///
  /// - Throws: `OutputError` if another process has the lock.
  func lock() throws(OutputError) -> FolderLock {
    try FolderLock(url, refusal: "another process is training in \(displayName)")
  }

  func write(_ text: String, to file: File) throws(OutputError) {
    try AtomicFile.write(Data(text.utf8), to: url(file))
  }

  /// Marks the folder as that of a run, and writes the configuration of the run.
  ///
  /// Empty metrics come first: whenever the process is ended, a folder with a configuration and without metrics is none of a
  /// run. Writing the configuration brings both names to the disk.
  func begin(_ configuration: RunConfiguration) throws(OutputError) {
    let metrics = try makeFile(at: url(.metrics))
    try? metrics.close()
    try write(configuration.json.text, to: .configuration)
  }

  /// Adds a line to the metrics.
  func append(_ line: JSONValue) throws(OutputError) {
    let url = url(.metrics)
    do {
      if !exists(.metrics) { try makeFile(at: url).close() }
      let handle = try FileHandle(forWritingTo: url)
      defer { try? handle.close() }
      try handle.seekToEnd()
      try handle.write(contentsOf: Data((line.compactText + "\n").utf8))
    } catch {
      throw OutputError("write", url.path, error)
    }
  }

  /// Brings the metrics to the disk, so that a state never knows of epochs whose lines a loss of power took.
  func synchronizeMetrics() throws(OutputError) {
    guard exists(.metrics) else { return }
    do {
      let handle = try FileHandle(forUpdating: url(.metrics))
      defer { try? handle.close() }
      try synchronizeFile(handle, url(.metrics))
    } catch {
      throw OutputError("synchronize", url(.metrics).path, error)
    }
  }
}
