import Foundation
import Testing

@testable import Files

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

  /// Pieces of all lengths around a block give what the whole gives, and asking on the way changes nothing.
  @Test func piecesAreTheWhole() {
    var generator = Generator()
    let bytes = generator.bytes(20_000)
    let whole = SHA256.hexadecimal(Data(bytes))
    for length in Array(1...130) + [1000, 20_000] {
      var hash = SHA256()
      for start in stride(from: 0, to: bytes.count, by: length) {
        hash.update(Array(bytes[start..<min(start + length, bytes.count)]))
        if start % 7 == 0 { _ = hash.hexadecimal }
      }
      #expect(hash.hexadecimal == whole && hash.hexadecimal == whole, "pieces of \(length)")
    }
    var irregular = SHA256()
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Int.random(in: 0...200, using: &generator)
      irregular.update(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
    #expect(irregular.hexadecimal == whole)
    var shorter = SHA256()
    shorter.update(Array(bytes.dropLast()))
    #expect(shorter.hexadecimal != whole)
  }

  /// Numbers and texts are added as the bytes that they are in a file.
  @Test func numbersAndTexts() {
    func digest(_ update: (inout SHA256) -> Void) -> String {
      var hash = SHA256()
      update(&hash)
      return hash.hexadecimal
    }
    #expect(digest { $0.update("ab") } == SHA256.hexadecimal(Data([0x61, 0x62])))
    #expect(digest { $0.update("ä") } == SHA256.hexadecimal(Data([0xC3, 0xA4])))
    #expect(digest { $0.update(0x0102) } == SHA256.hexadecimal(Data([2, 1, 0, 0, 0, 0, 0, 0])))
    #expect(digest { $0.update(-1) } == SHA256.hexadecimal(Data(repeating: 0xFF, count: 8)))
    // 1 is 0x3F800000, −0 is 0x80000000.
    #expect(digest { $0.update([Float(1), -0.0]) } == SHA256.hexadecimal(Data([0, 0, 0x80, 0x3F, 0, 0, 0, 0x80])))
    let values = (0..<10_000).map { Float($0) / 7 }
    let bytes = values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } }
    #expect(digest { $0.update(values) } == SHA256.hexadecimal(bytes))
    #expect(digest { $0.update(values[...]) } == digest { $0.update(values) })
  }

  /// The processor's instructions, where it has them, and plain code agree.
  @Test func instructionsAndPlainCodeAgree() {
    var generator = Generator(state: 2)
    for length in Array(0...200) + [4096, 10_000] {
      let bytes = generator.bytes(length)
      var plain = SHA256(usesInstructions: false)
      plain.update(bytes)
      #expect(plain.hexadecimal == SHA256.hexadecimal(bytes), "\(length) bytes")
    }
  }

  /// All lengths around the ends of blocks, against the program sha256sum where there is one.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/sha256sum")))
  func agreesWithTheProgram() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "FilesTests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var generator = Generator()
    var lines = ""
    for length in Array(0...200) + [100_000] {
      let data = Data(generator.bytes(length))
      try data.write(to: folder.appending(path: "\(length)"))
      lines += "\(SHA256.hexadecimal(data))  \(length)\n"
    }
    try Data(lines.utf8).write(to: folder.appending(path: "sums"))
    #expect(try check(folder) == 0)
    try Data(lines.replacingOccurrences(of: "e", with: "f").utf8).write(to: folder.appending(path: "sums"))
    #expect(try check(folder) != 0)
  }

  private func check(_ folder: URL) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
    process.arguments = ["--check", "--status", "sums"]
    process.currentDirectoryURL = folder
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
