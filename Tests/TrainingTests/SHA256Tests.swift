import Foundation
import Testing

@testable import Training

@Suite struct SHA256Tests {
  /// The examples of FIPS 180-4 and of NIST's Cryptographic Algorithm Validation Program.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
  ]) func examples(text: String, digest: String) {
    #expect(SHA256.hexadecimal(Data(text.utf8)) == digest)
    #expect(SHA256.hexadecimal(Data((text + " ").utf8)) != digest)
  }

  @Test func aMillionLetters() {
    #expect(
      SHA256.hexadecimal(Data(repeating: UInt8(ascii: "a"), count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  /// A part of other data, whose indexes do not begin at 0.
  @Test func slices() {
    let data = Data("xxabcx".utf8)
    #expect(SHA256.hexadecimal(data[2..<5]) == SHA256.hexadecimal(Data("abc".utf8)))
  }

  /// All lengths around the ends of blocks, against the program sha256sum where there is one.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/sha256sum")))
  func agreesWithTheProgram() throws {
    let folder = try TemporaryFolder()
    var generator = Generator()
    var lines = ""
    for length in Array(0...200) + [100_000] {
      let data = Data((0..<length).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
      try folder.write(data, to: "\(length)")
      lines += "\(SHA256.hexadecimal(data))  \(length)\n"
    }
    try folder.write(lines, to: "sums")
    #expect(try check(folder) == 0)
    try folder.write(lines.replacingOccurrences(of: "e", with: "f"), to: "sums")
    #expect(try check(folder) != 0)
  }

  private func check(_ folder: TemporaryFolder) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
    process.arguments = ["--check", "--status", "sums"]
    process.currentDirectoryURL = folder.url
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
