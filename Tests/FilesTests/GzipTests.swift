import Foundation
import Testing

@testable import Files

@Suite struct GzipTests {
  private let folder: TemporaryFolder
  private let file: DataFile

  init() throws {
    folder = try TemporaryFolder()
    try folder.writeCompressed((0..<500_000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 7) }, to: "a.gz")
    file = DataFile(path: "a.gz", relativeTo: folder.url)
  }

  /// Rewrites the file after a change.
  private func change(_ body: (inout [UInt8]) -> Void) throws {
    var bytes = [UInt8](try Data(contentsOf: file.url))
    body(&bytes)
    try folder.write(bytes, to: "a.gz")
  }

  @Test(arguments: [2, 3, 10, 1000, -1, -5])
  func cutFilesAreMalformed(end: Int) throws {
    try change { $0.removeSubrange((end < 0 ? $0.count + end : end)...) }
    let error = #expect(throws: InputError.self) { try file.bytes() }
    #expect(
      error
        == InputError(
          .malformed, file: "a.gz", "the compressed file is damaged or cut short: gzip cannot decompress it")
    )
  }

  @Test func damagedFilesAreMalformed() throws {
    try change { $0[$0.count / 2] ^= 0x55 }
    let error = #expect(throws: InputError.self) { try file.bytes() }
    #expect(error?.kind == .malformed)
  }

  @Test func whatFollowsIsMalformed() throws {
    try change { $0 += Array("garbage".utf8) }
    let error = #expect(throws: InputError.self) { try file.bytes() }
    #expect(error?.message == "the compressed file is followed by bytes that are not gzip data")
  }

  @Test func severalMembersAreOneFile() throws {
    let once = try file.bytes()
    try change { $0 += $0 }
    #expect(try file.bytes() == once + once)
  }

  @Test func aMissingProgramIsNamed() {
    let error = #expect(throws: InputError.self) { try file.bytes(decompressor: ["no-such-gzip", "-dc"]) }
    #expect(
      error
        == InputError(
          .unreadable, file: "a.gz",
          "the file is compressed, and there is no program 'no-such-gzip' in PATH to decompress it"))
  }

  @Test func aKilledProgramIsNamed() {
    let error = #expect(throws: InputError.self) { try file.bytes(decompressor: ["sh", "-c", "kill -9 $$"]) }
    #expect(error?.kind == .unreadable)
    #expect(error?.message == "gzip was ended by signal 9 while it decompressed the file")
  }

  @Test func muchOnStandardErrorDoesNotBlock() throws {
    let command = "yes error | head -c 1000000 >&2; gzip -dc"
    #expect(try file.bytes(decompressor: ["sh", "-c", command]).count == 500_000)
  }
}
