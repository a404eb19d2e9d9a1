import Foundation
import Testing

@testable import Files

/// A folder that disappears with the object.
final class TemporaryFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "FilesTests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
    try Data(bytes).write(to: url.appending(path: name))
  }

  func write(_ text: String, to name: String) throws { try write(text.utf8, to: name) }

  func read(_ name: String) throws -> Data { try Data(contentsOf: url.appending(path: name)) }

  func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(at: url.appending(path: name), withIntermediateDirectories: true)
  }

  func makeLink(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: url.appending(path: name).path, withDestinationPath: target)
  }

  /// Writes a file compressed by the program gzip; the name says nothing.
  func writeCompressed(_ bytes: [UInt8], to name: String) throws {
    try write(bytes, to: "plain")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-S", ".compressed", url.appending(path: "plain").path]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    try FileManager.default.moveItem(at: url.appending(path: "plain.compressed"), to: url.appending(path: name))
  }

  /// The names in the folder, hidden ones included, sorted.
  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
  }
}

/// Numbers that look random and are the same everywhere.
struct Generator: RandomNumberGenerator {
  var state: UInt64 = 1

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 33
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in .random(in: 0...255, using: &self) }
  }
}

@Suite struct SupportTests {
  @Test func foldersDisappear() throws {
    var folder: TemporaryFolder? = try TemporaryFolder()
    try folder?.write("x", to: "a")
    try folder?.makeFolder("b")
    try folder?.makeLink("c", to: "a")
    #expect(try folder?.names == ["a", "b", "c"])
    #expect(try folder?.read("c") == Data("x".utf8))
    let path = folder!.url.path
    folder = nil
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func compressedFilesAreCompressed() throws {
    let folder = try TemporaryFolder()
    try folder.writeCompressed([1, 2, 3], to: "a")
    #expect(try folder.read("a").prefix(2) == Data([0x1f, 0x8b]))
  }

  @Test func bytesDiffer() {
    var generator = Generator()
    let (first, second) = (generator.bytes(100), generator.bytes(100))
    #expect(first != second && Set(first).count > 50)
  }
}
