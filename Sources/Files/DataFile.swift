import Foundation

/// A file that the configuration names, and its bytes.
public struct DataFile: Sendable {
  /// The path as the configuration spells it: what errors say.
  public let name: String
  /// Where it is.
  public let url: URL

  /// The file at `path`, which is absolute, or relative to `directory`.
  public init(path: String, relativeTo directory: URL) {
    name = path
    url = path.hasPrefix("/") ? URL(fileURLWithPath: path) : directory.appending(path: path)
  }

  /// The whole content; what is compressed with gzip, by its first two bytes, is decompressed.
  ///
  /// The file is read in pieces into one array, so there is never a second copy of all of it.
  public func bytes() throws(InputError) -> [UInt8] { try bytes(decompressor: ["gzip", "-dc"]) }

  /// - Parameter decompressor: the program, found in `PATH`, and its arguments.
  func bytes(decompressor: [String]) throws(InputError) -> [UInt8] {
    let handle = try open()
    defer { try? handle.close() }
    do {
      let start = try handle.read(upToCount: 2) ?? Data()
      let size = Int(try handle.seekToEnd())
      guard start.elementsEqual([0x1f, 0x8b]) else {
        try handle.seek(toOffset: 0)
        return try readAll(handle, expecting: size)
      }
      let expected = try decompressedSize(handle, compressedSize: size)
      try handle.seek(toOffset: 0)
      return try decompress(handle, expecting: expected, with: decompressor)
    } catch let error as InputError {
      throw error
    } catch {
      throw unreadable(error)
    }
  }

  func open() throws(InputError) -> FileHandle {
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw InputError(.missing, file: name, "there is no such file\(place)\(Self.source(of: url.path))")
    }
    let target = try? url.resolvingSymlinksInPath().resourceValues(forKeys: [.isDirectoryKey])
    if target?.isDirectory == true {
      throw InputError(.unreadable, file: name, "this is a folder; a file is needed")
    }
    do {
      return try FileHandle(forReadingFrom: url)
    } catch {
      throw unreadable(error)
    }
  }

  /// How to get a data set that Debian and Ubuntu have as a package: `dataset-NAME` installs `/usr/share/datasets/NAME`.
  private static func source(of path: String) -> String {
    let parts = path.split(separator: "/")
    guard parts.starts(with: ["usr", "share", "datasets"]), parts.count > 4 else { return "" }
    return "; on Debian and Ubuntu 'sudo apt-get install dataset-\(parts[3])' installs it, elsewhere download the "
      + "files and name their place with --set or in the configuration"
  }

  /// The absolute path, where the configuration has a relative one.
  private var place: String { name == url.path ? "" : " (\(url.path))" }

  private func unreadable(_ error: any Error) -> InputError {
    InputError(.unreadable, file: name, "the file cannot be read: \(reason(of: error))")
  }
}

/// Reads to the end; `size` is what the caller expects, and saves growing.
func readAll(_ handle: FileHandle, expecting size: Int) throws -> [UInt8] {
  let pieceSize = 1 << 20
  var bytes: [UInt8] = []
  bytes.reserveCapacity(size)
  while let piece = try handle.read(upToCount: pieceSize), !piece.isEmpty {
    bytes.append(contentsOf: piece)
  }
  return bytes
}
