import ConfigurationSchema
import Datasets
import Files
import Foundation
import Kernels
import Testing

@testable import Training

@Suite struct CheckpointFileTests {
  private let checkpoint: CheckpointFile
  private let content: Data

  init() throws {
    checkpoint = try makeCheckpoint()
    content = checkpoint.data
  }

  /// The sentence about a state that cannot be used; nil if it can.
  private func problem(_ data: Data) -> String? {
    do {
      _ = try CheckpointFile(data, file: "c.safetensors")
      return nil
    } catch {
      #expect(error.kind == .malformed && error.file == "c.safetensors")
      return error.message
    }
  }

  /// The file with the checksum that belongs to it: the damage of a forger.
  private func sealed(_ data: Data) throws -> Data {
    let key = try #require(data.range(of: Data(#""sha256":""#.utf8)))
    let place = key.upperBound..<key.upperBound + 64
    var copy = data
    copy.replaceSubrange(place, with: Data(repeating: UInt8(ascii: "0"), count: 64))
    let digest = SHA256.hexadecimal(copy)
    copy.replaceSubrange(place, with: Data(digest.utf8))
    return copy
  }

  // MARK: Sound files

  @Test func whatIsWrittenIsRead() throws {
    let read = try CheckpointFile(content, file: "c.safetensors")
    #expect(read.state == checkpoint.state && read.dataDigests == checkpoint.dataDigests)
    #expect(read.configuration.differences(from: checkpoint.configuration).isEmpty)
    #expect(read.data == content)
    #expect(read.state.position.epochLossSum != 0 && read.state.position.samples == 22)
  }

  /// Every number comes back to the bit, where its decimal digits are many, few or none.
  @Test(arguments: [0.0, 1, 1.0 / 3, 1e300, .leastNonzeroMagnitude, -2.5]) func numbersKeepTheirBits(value: Double)
    throws
  {
    var other = checkpoint
    other.state.position.epochLossSum = value
    let read = try CheckpointFile(other.data, file: "c")
    #expect(read.state.position.epochLossSum.bitPattern == value.bitPattern)
    #expect(read.state == other.state && (value == checkpoint.state.position.epochLossSum) == (other == checkpoint))
  }

  /// A second implementation of the checksum finds the same.
  @Test func theChecksumIsThatOfTheFileWithZeros() throws {
    #expect(try sealed(content) == content)
    #expect(problem(content) == nil)
  }

  // MARK: Damage

  @Test func cutsAreNoticed() {
    var generator = Generator()
    let places =
      Array(0..<content.headerEnd) + (0..<200).map { _ in Int.random(in: 0..<content.count, using: &generator) }
    for count in places {
      #expect(problem(content.prefix(count))?.contains("the state is damaged") == true, "cut at \(count)")
    }
  }

  @Test func flippedBitsAreNoticed() {
    var generator = Generator()
    for _ in 0..<1000 {
      let index = Int.random(in: 0..<content.count, using: &generator)
      let bit = Int.random(in: 0..<8, using: &generator)
      #expect(
        problem(content.flipping(bit: bit, of: index))?.contains("the state is damaged") == true,
        "bit \(bit) of byte \(index)")
    }
  }

  @Test func appendedBytesAreNoticed() {
    for bytes in [Data([0]), Data([0x20]), Data(repeating: 0, count: 4096), content] {
      #expect(problem(content + bytes)?.contains("the state is damaged") == true)
    }
  }

  /// The same content in another spelling is no file of the program's, whether its checksum is that of the content or of
  /// the spelling.
  @Test func onlyTheProgramsSpellingIsAccepted() throws {
    let end = content.headerEnd
    let header = String(decoding: content[8..<end], as: UTF8.self)
    func file(_ header: String) -> Data {
      let length = Data((0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) })
      return length + Data(header.utf8) + content[end...]
    }
    #expect(problem(file(header)) == nil)
    for spelling in [
      header + "        ", header.replacingOccurrences(of: #","shape""#, with: #", "shape""#),
      header.replacingOccurrences(of: #""dtype":"F32""#, with: #""dtype":"\u0046\u0033\u0032""#),
      header.replacingOccurrences(of: #""__metadata__":{"#, with: #""__metadata__":{"a":1,"#),
    ] {
      #expect(spelling != header)
      for file in [file(spelling), try sealed(file(spelling))] {
        #expect(problem(file)?.contains("the state is damaged") == true, "\(spelling)")
      }
    }
  }

  // MARK: Other files

  /// Files with a right checksum that are no states of this version.
  @Test func otherFilesAreNoStates() throws {
    let file = try Safetensors(content, file: "c")
    let text = try #require(file.metadata["lockstep"])
    let scaling = file.tensors.filter { $0.name.hasPrefix("scaling") }
    func problem(_ text: String?, _ tensors: [Safetensors.Tensor]? = nil) throws -> String? {
      var other = Safetensors(
        metadata: ["sha256": String(repeating: "0", count: 64)], tensors: tensors ?? file.tensors)
      other.metadata["lockstep"] = text
      return self.problem(try sealed(other.data))
    }
    func changed(_ old: String, _ new: String) -> String {
      #expect(text.contains(old))
      return text.replacingOccurrences(of: old, with: new)
    }
    #expect(try problem(text) == nil)
    #expect(try problem(nil)?.contains("not the state of a run: the metadata 'lockstep' is missing") == true)
    #expect(try problem("{")?.contains("not the state of a run") == true)
    #expect(try problem("[]")?.contains("not the state of a run") == true)
    #expect(
      try problem(changed(#""version":1"#, #""version":2"#))
        == "the state has version 2 of the format, and this program reads 1")
    #expect(try problem(changed(#""epochSteps":2"#, #""epochSteps":-2"#))?.contains("position.epochSteps") == true)
    #expect(try problem(changed(#""epochSteps":2,"#, ""))?.contains("position.epochSteps") == true)
    #expect(try problem(changed(#""epochs":1,"#, #""epochs":1,"more":1,"#))?.contains("more") == true)
    #expect(
      try problem(changed(#""arithmeticVersion":\#(arithmeticVersion)"#, #""arithmeticVersion":0"#))?
        .contains("arithmeticVersion: must be at least 1") == true)
    for name in ["scaling.shift", "scaling.scale"] {
      #expect(try problem(text, file.tensors.filter { $0.name != name })?.contains("not the state of a run") == true)
    }
    let longer = Safetensors.Tensor(name: "scaling.scale", shape: [3], values: [1, 2, 3])
    #expect(try problem(text, file.tensors.dropLast() + [longer])?.contains("not the state of a run") == true)
    #expect(scaling.count == 2)
  }

  /// States name the version of the arithmetic; those that name none are of version 1.
  @Test func arithmeticVersions() throws {
    let file = try Safetensors(content, file: "c")
    let text = try #require(file.metadata["lockstep"])
    let key = #""arithmeticVersion":\#(arithmeticVersion),"#
    try #require(text.contains(key))
    func read(_ replacement: String) throws -> CheckpointFile {
      var other = file
      other.metadata["lockstep"] = text.replacingOccurrences(of: key, with: replacement)
      other.metadata["sha256"] = String(repeating: "0", count: 64)
      return try CheckpointFile(sealed(other.data), file: "c")
    }
    #expect(try read(key).arithmetic == arithmeticVersion && read("").arithmetic == 1)
    let other = try read(#""arithmeticVersion":7,"#)
    #expect(other.arithmetic == 7)
    let error = #expect(throws: InputError.self) { try other.checkArithmetic(file: "c") }
    #expect(error?.kind == .malformed && error?.message.contains("version 7 of the arithmetic") == true)
    #expect(throws: Never.self) { try checkpoint.checkArithmetic(file: "c") }
  }

  /// A model file is no state.
  @Test func modelsAreNoStates() throws {
    let folder = try TemporaryFolder()
    let directory = try train(Draft().configuration(in: folder), output: folder.url.appending(path: "r")).run.directory
    #expect(problem(try Data(contentsOf: directory.url(.model))) != nil)
    #expect(problem(try Data(contentsOf: directory.url(.checkpoint))) == nil)
  }
}
