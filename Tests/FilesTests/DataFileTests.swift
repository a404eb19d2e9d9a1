import Foundation
import Testing

@testable import Files

@Suite struct DataFileTests {
  private let content = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 7) }

  @Test func filesAreReadWhole() throws {
    let folder = try TemporaryFolder()
    for size in [0, 1, 2, 1 << 20, content.count] {
      try folder.write(Array(content[..<size]), to: "a")
      #expect(try DataFile(path: "a", relativeTo: folder.url).bytes() == Array(content[..<size]))
    }
  }

  @Test func compressionIsSeenInTheContent() throws {
    let folder = try TemporaryFolder()
    try folder.writeCompressed(content, to: "a.csv")
    try folder.write(content, to: "b.gz")
    #expect(try DataFile(path: "a.csv", relativeTo: folder.url).bytes() == content)
    #expect(try DataFile(path: folder.url.path + "/b.gz", relativeTo: URL(fileURLWithPath: "/")).bytes() == content)
  }

  @Test func aMissingFileIsNamed() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: InputError.self) { try DataFile(path: "no/such.csv", relativeTo: folder.url).bytes() }
    #expect(
      error == InputError(.missing, file: "no/such.csv", "there is no such file (\(folder.url.path)/no/such.csv)"))
  }

  @Test func aFolderIsNoFile() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: InputError.self) { try DataFile(path: ".", relativeTo: folder.url).bytes() }
    #expect(error?.kind == .unreadable)
    #expect(error?.message.hasSuffix("is a folder; a file is needed") == true)
  }
}
