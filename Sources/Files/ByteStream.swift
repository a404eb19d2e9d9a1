import Foundation

/// The bytes of a file or of standard input, piece by piece; what is compressed with gzip is decompressed on the way.
///
/// Of standard input and of pipes a piece is what is there, so that whoever writes to it line by line is answered line by line.
public final class ByteStream {
  /// What errors call it.
  public let name: String
  private let read: () throws(InputError) -> [UInt8]?
  private static let pieceSize = 1 << 20

  /// Bytes that come from `read`, which returns nil at their end.
  public init(name: String, read: @escaping () throws(InputError) -> [UInt8]?) {
    self.name = name
    self.read = read
  }

  /// Standard input.
  public convenience init() {
    self.init(name: "standard input") { () throws(InputError) in Self.available(.standardInput) }
  }

  /// A file.
  ///
  /// - Throws: `InputError` if it cannot be read.
  public convenience init(_ file: DataFile) throws(InputError) {
    let name = file.name
    let input = try file.open()
    // A pipe cannot be read twice, and is taken as it is.
    let path = file.url.resolvingSymlinksInPath().path
    let kind = (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
    guard kind == .typeRegular else {
      self.init(name: name) { () throws(InputError) in Self.available(input) }
      return
    }
    let start: Data
    do {
      start = try input.read(upToCount: 2) ?? Data()
      try input.seek(toOffset: 0)
    } catch {
      throw InputError(.unreadable, file: name, "the file cannot be read: \(reason(of: error))")
    }
    guard start.elementsEqual([0x1f, 0x8b]) else {
      self.init(name: name) { () throws(InputError) in try Self.piece(input, name) }
      return
    }
    let gzip = try Decompression(file, input)
    self.init(name: name) { () throws(InputError) in
      if let bytes = try Self.piece(gzip.output, name) { return bytes }
      gzip.process.waitUntilExit()
      try DataFile.checkDecompression(gzip.process, name: name, program: "gzip")
      return nil
    }
  }

  /// The next bytes; nil at the end.
  ///
  /// - Throws: `InputError` if they cannot be read, or if the compressed file turns out to be damaged.
  public func next() throws(InputError) -> [UInt8]? { try read() }

  /// What is there, or what comes next; nil at the end.
  private static func available(_ handle: FileHandle) -> [UInt8]? {
    let data = handle.availableData
    return data.isEmpty ? nil : Array(data)
  }

  private static func piece(_ handle: FileHandle, _ name: String) throws(InputError) -> [UInt8]? {
    do {
      let data = try handle.read(upToCount: pieceSize)
      return data.flatMap { $0.isEmpty ? nil : Array($0) }
    } catch {
      throw InputError(.unreadable, file: name, "the file cannot be read: \(reason(of: error))")
    }
  }
}

/// A program that decompresses a file, which is ended with the object.
private final class Decompression {
  let process: Process
  let output: FileHandle

  init(_ file: DataFile, _ input: FileHandle) throws(InputError) {
    (process, output) = try file.decompression(of: input, by: ["gzip", "-dc"])
  }

  deinit {
    try? output.close()
    process.waitUntilExit()
  }
}
