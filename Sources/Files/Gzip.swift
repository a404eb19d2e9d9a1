import Foundation

// gzip files (RFC 1952) are decompressed by the program `gzip`, which every system here has: the toolchain's own
// modules have no decompressor.

extension DataFile {
  /// What the trailer of a gzip file says about the decompressed size.
  ///
  /// The field holds the size modulo 2³², of the last member only, and may lie; deflate makes nothing smaller than to
  /// one part in 1032, which bounds what is reserved.
  func decompressedSize(_ handle: FileHandle, compressedSize: Int) throws -> Int {
    try handle.seek(toOffset: UInt64(max(0, compressedSize - 4)))
    let trailer = try handle.read(upToCount: 4) ?? Data()
    let size = trailer.reversed().reduce(0) { $0 << 8 | Int($1) }
    return min(size, 1032 * compressedSize)
  }

  /// The decompressed content of `input`, which stands at its start.
  ///
  /// The standard error of `gzip` is dropped: its exit status tells what went wrong, and nothing can block on a full
  /// pipe that nobody reads.
  /// - Parameter command: the program, found in `PATH`, and its arguments.
  func decompress(_ input: FileHandle, expecting size: Int, with command: [String]) throws -> [UInt8] {
    let (process, output) = try decompression(of: input, by: command)
    // However the reading ends, the pipe is closed (so that a process which still writes ends), and waited for.
    let result = Result { try readAll(output, expecting: size) }
    try? output.close()
    process.waitUntilExit()
    let bytes = try result.get()
    try Self.checkDecompression(process, name: name, program: command[0])
    return bytes
  }

  /// Starts the decompression of `input`, which stands at its start; returns the process and what it writes.
  func decompression(of input: FileHandle, by command: [String]) throws(InputError) -> (Process, FileHandle) {
    let process = Process()
    let output = Pipe()
    // `env` finds the program, and exits with 127 where there is none.
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      throw InputError(.unreadable, file: name, "gzip could not be started: \(error.localizedDescription)")
    }
    return (process, output.fileHandleForReading)
  }

  /// Checks that a decompression that is over went well.
  static func checkDecompression(_ process: Process, name: String, program: String) throws(InputError) {
    switch (process.terminationReason, process.terminationStatus) {
    case (.exit, 0): break
    case (.exit, 127):
      throw InputError(
        .unreadable, file: name,
        "the file is compressed, and there is no program \(quoted(program)) in PATH to decompress it")
    case (.exit, 2):
      throw InputError(file: name, "the compressed file is followed by bytes that are not gzip data")
    case (.exit, _):
      throw InputError(file: name, "the compressed file is damaged or cut short: gzip cannot decompress it")
    default:
      throw InputError(
        .unreadable, file: name, "gzip was ended by signal \(process.terminationStatus) while it decompressed the file")
    }
  }
}
