import ConfigurationSchema
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
    case summary = "summary.json"
  }

  /// Makes the folder `url`, which must not hold a run already.
  init(exactly url: URL) throws(FileError) {
    let manager = FileManager.default
    for file in File.allCases where manager.fileExists(atPath: url.appendingPathComponent(file.rawValue).path) {
      throw FileError(
        "\(url.path) already holds a run (\(file.rawValue)); name another folder or remove it", isCreation: true)
    }
    do {
      try manager.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw FileError("create the run directory", url.path, error, isCreation: true)
    }
    self.url = url
    // Found out now rather than after hours of training.
    guard manager.isWritableFile(atPath: url.path) else {
      throw FileError("cannot write to the run directory \(url.path): permission denied", isCreation: true)
    }
  }

  /// Makes the first of the folders `parent/name-1`, `parent/name-2`, … that does not exist.
  init(next name: String, in parent: URL) throws(FileError) {
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
      throw FileError("create a run directory in", parent.path, error, isCreation: true)
    }
  }

  /// The place of a file.
  public func url(_ file: File) -> URL { url.appendingPathComponent(file.rawValue) }

  func write(_ text: String, to file: File) throws(FileError) {
    try AtomicFile.write(Data(text.utf8), to: url(file))
  }

  /// Adds a line to the metrics.
  func append(_ line: JSONValue) throws(FileError) {
    let url = url(.metrics)
    do {
      if !FileManager.default.fileExists(atPath: url.path) {
        try Data().write(to: url)
      }
      let handle = try FileHandle(forWritingTo: url)
      defer { try? handle.close() }
      try handle.seekToEnd()
      try handle.write(contentsOf: Data((line.compactText + "\n").utf8))
    } catch {
      throw FileError("write", url.path, error)
    }
  }
}
