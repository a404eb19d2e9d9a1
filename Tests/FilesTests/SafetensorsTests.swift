import Foundation
import Testing

@testable import Files

@Suite struct SafetensorsTests {
  private let sample = Safetensors(
    metadata: ["a": "b", "text": "ä \"\n"],
    tensors: [
      .init(name: "layers.0.weight", shape: [2, 3], values: [1, -2, 0.1, .infinity, -0.0, .leastNonzeroMagnitude]),
      .init(name: "layers.0.bias", shape: [2], values: [3.25, -1]), .init(name: "none", shape: [0, 4], values: []),
      .init(name: "scalar", shape: [], values: [7]),
    ])

  /// A file with the header `json` and some bytes of data.
  private func file(_ json: String, bytes: Int = 8) -> Data {
    var data = Data((0..<8).map { UInt8(truncatingIfNeeded: json.utf8.count >> (8 * $0)) })
    data.append(Data(json.utf8))
    data.append(Data(repeating: 0, count: bytes))
    return data
  }

  /// The sentence about a file that cannot be read; nil if it can.
  private func problem(_ data: Data) -> String? {
    do {
      _ = try Safetensors(data, file: "w.safetensors")
      return nil
    } catch {
      #expect(error.kind == .malformed && error.file == "w.safetensors")
      return error.description
    }
  }

  @Test func readsWhatItWrites() throws {
    let read = try Safetensors(sample.data, file: "test")
    #expect(read.metadata == sample.metadata)
    #expect(Set(read.tensors.map(\.name)) == Set(sample.tensors.map(\.name)))
    for tensor in sample.tensors {
      let found = try #require(read[tensor.name])
      #expect(found.shape == tensor.shape)
      #expect(found.values.map(\.bitPattern) == tensor.values.map(\.bitPattern))
    }
    #expect(read["other"] == nil)
  }

  @Test func equalTensorsAreEqualFiles() {
    #expect(sample.data == sample.data)
    var other = sample
    other.metadata["a"] = "c"
    #expect(other.data != sample.data)
  }

  /// The data begins at a multiple of 8, whatever the length of the header.
  @Test func dataIsAligned() {
    for length in 0..<20 {
      let data = Safetensors(
        metadata: ["k": String(repeating: "x", count: length)],
        tensors: [.init(name: "t", shape: [1], values: [1])]
      ).data
      let header = (0..<8).reversed().reduce(0) { $0 << 8 | Int(data[$1]) }
      #expect(header % 8 == 0 && data.count == 8 + header + 4)
      #expect(Array(data.suffix(4)) == [0, 0, 0x80, 0x3F])
    }
  }

  /// A file that ends anywhere before its end is an error.
  @Test func everyTruncationIsAnError() {
    let data = sample.data
    #expect(problem(data) == nil)
    for length in 0..<data.count { #expect(problem(data.prefix(length)) != nil, "\(length) bytes") }
  }

  /// A changed bit is an error, or a different content, or is without meaning; but never a trap.
  @Test func flippedBitsAreNoTrap() throws {
    let data = sample.data
    var errors = 0
    for bit in 0..<data.count * 8 {
      var flipped = data
      flipped[bit / 8] ^= 1 << UInt8(bit % 8)
      if problem(flipped) != nil { errors += 1 }
    }
    #expect(errors > data.count)
    var generator = Generator()
    for _ in 0..<2000 {
      var flipped = data
      for _ in 0..<Int.random(in: 1...8, using: &generator) {
        flipped[Int.random(in: 0..<data.count, using: &generator)] = .random(in: 0...255, using: &generator)
      }
      _ = problem(flipped)
    }
  }

  @Test(arguments: [
    ("[]", "the header is a list"), ("{", "not JSON"), (#"{"t": 1}"#, "'t' is a number"),
    (#"{"t": {"dtype": "F16", "shape": [2], "data_offsets": [0, 8]}}"#, "'F16', and only 'F32' is read"),
    (#"{"t": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}}"#, "'F64'"),
    (#"{"t": {"shape": [2], "data_offsets": [0, 8]}}"#, "the type none"),
    (#"{"t": {"dtype": "F32", "data_offsets": [0, 8]}}"#, "lacks a shape or offsets"),
    (#"{"t": {"dtype": "F32", "shape": [2]}}"#, "lacks a shape or offsets"),
    (#"{"t": {"dtype": "F32", "shape": [-2], "data_offsets": [0, 8]}}"#, "lacks a shape"),
    (#"{"t": {"dtype": "F32", "shape": [2.5], "data_offsets": [0, 8]}}"#, "lacks a shape"),
    (#"{"t": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8, 8]}}"#, "lacks a shape"),
    (#"{"t": {"dtype": "F32", "shape": [3], "data_offsets": [0, 8]}}"#, "does not fit its shape"),
    (#"{"t": {"dtype": "F32", "shape": [3], "data_offsets": [0, 12]}}"#, "does not fit its shape or the file"),
    (#"{"t": {"dtype": "F32", "shape": [2], "data_offsets": [8, 0]}}"#, "does not fit its shape"),
    (#"{"t": {"dtype": "F32", "shape": [1], "data_offsets": [0, 7]}}"#, "does not fit its shape"),
    (#"{"t": {"dtype": "F32", "shape": [4611686018427387904, 4], "data_offsets": [0, 0]}}"#, "too large"),
    (#"{"t": {"dtype": "F32", "shape": [2], "data_offsets": [9223372036854775800, 9223372036854775807]}}"#, "fit"),
    (#"{"t": {}, "t": {}}"#, "not JSON"),
  ]) func malformedHeaders(json: String, part: String) {
    let sentence = problem(file(json))
    #expect(sentence?.contains(part) == true, "\(sentence ?? "none")")
    #expect(sentence?.contains("\n") == false)
  }

  struct Coverage: Sendable {
    /// What the sentence ends with; nil if the file is sound.
    let sentence: String?
    /// Bytes of the data.
    let bytes: Int
    /// Numbers, first byte and end of the tensors a, b, ….
    let tensors: [[Int]]
  }

  static let coverages: [Coverage] = [
    Coverage(sentence: "'b' overlaps 'a'", bytes: 16, tensors: [[2, 0, 8], [2, 4, 12]]),
    Coverage(sentence: "'b' overlaps 'a'", bytes: 8, tensors: [[2, 0, 8], [2, 0, 8]]),
    Coverage(sentence: "'b' overlaps 'a'", bytes: 16, tensors: [[4, 0, 16], [1, 4, 8]]),
    Coverage(sentence: "no tensor covers 4 bytes before 'b'", bytes: 12, tensors: [[1, 0, 4], [1, 8, 12]]),
    Coverage(sentence: "no tensor covers 1 byte before 'b'", bytes: 9, tensors: [[1, 0, 4], [1, 5, 9]]),
    Coverage(sentence: "no tensor covers 4 bytes before 'a'", bytes: 8, tensors: [[1, 4, 8]]),
    Coverage(sentence: "no tensor covers 4 bytes at the end", bytes: 8, tensors: [[1, 0, 4]]),
    Coverage(sentence: "no tensor covers 1 byte at the end", bytes: 1, tensors: []),
    Coverage(sentence: nil, bytes: 0, tensors: []),
    Coverage(sentence: nil, bytes: 12, tensors: [[1, 8, 12], [2, 0, 8]]),
    Coverage(sentence: nil, bytes: 4, tensors: [[0, 4, 4], [1, 0, 4], [0, 0, 0]]),
  ]

  /// The tensors of a file cover its data exactly; only then it is read.
  @Test(arguments: coverages) func coverage(_ coverage: Coverage) {
    let entries = zip(["a", "b", "c"], coverage.tensors).map { name, numbers in
      #""\#(name)":{"dtype":"F32","shape":[\#(numbers[0])],"data_offsets":[\#(numbers[1]),\#(numbers[2])]}"#
    }
    let sentence = problem(file("{\(entries.joined(separator: ","))}", bytes: coverage.bytes))
    if let expected = coverage.sentence {
      #expect(sentence?.hasSuffix(": " + expected) == true, "\(sentence ?? "none")")
    } else {
      #expect(sentence == nil)
    }
  }

  @Test(arguments: [
    (#"{"__metadata__": 1}"#, "its metadata is a number"), (#"{"__metadata__": []}"#, "its metadata is a list"),
    (#"{"__metadata__": {"a": 1}}"#, "the metadata 'a' is a number"),
  ]) func metadataAreTexts(json: String, part: String) {
    #expect(problem(file(json, bytes: 0))?.hasSuffix(part) == true)
  }

  @Test func absurdLengths() {
    #expect(problem(Data(repeating: 0xFF, count: 8)) != nil)
    #expect(problem(Data(repeating: 0xFF, count: 100)) != nil)
    #expect(problem(Data([0, 0, 0, 0, 0, 0, 0, 0x80])) != nil)
    #expect(problem(Data()) != nil)
  }

  @Test func soundHeadersAreRead() throws {
    #expect(problem(file("{}", bytes: 0)) == nil)
    #expect(problem(file(#"{"t": {"dtype": "F32", "shape": [1, 2], "data_offsets": [0, 8]}}"#)) == nil)
    #expect(try Safetensors(file(#"{"__metadata__": {"a": "b"}}"#, bytes: 0), file: "t").metadata == ["a": "b"])
  }
}
