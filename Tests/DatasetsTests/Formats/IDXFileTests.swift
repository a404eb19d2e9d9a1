import Files
import Testing

@testable import Datasets

/// An IDX file of unsigned bytes.
func idx(_ dimensions: [Int], _ content: [UInt8], type: UInt8 = 8) -> [UInt8] {
  [0, 0, type, UInt8(dimensions.count)]
    + dimensions.flatMap { dimension in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: dimension >> $0) } } + content
}

@Suite struct IDXFileTests {
  @Test func readsDimensionsAndContent() throws {
    let file = try IDXFile(idx([2, 1, 3], [1, 2, 3, 4, 5, 255]), named: "a", role: .features)
    #expect(file.dimensions == [2, 1, 3])
    #expect(file.samples == 2)
    #expect(file.sampleSize == 3)
    #expect(file.content == [1, 2, 3, 4, 5, 255])
  }

  @Test(
    arguments: [
      ([], .features, "this is not an IDX file, which starts with two zero bytes, a type and a dimension"),
      (
        Array("a,b\n1,2".utf8), .features,
        "this is not an IDX file, which starts with two zero bytes, a type and a dimension"
      ),
      (
        idx([1], [], type: 13), .labels,
        "the file holds 32-bit floating-point numbers, type 13; only unsigned bytes, type 8, can be read"
      ),
      (
        idx([1], [], type: 7), .labels,
        "the file holds elements of the unknown type 7; only unsigned bytes, type 8, can be read"
      ),
      ([0, 0, 8, 3, 0, 0], .features, "the file is cut short: its header needs 16 bytes, and 6 bytes are there"),
      ([0, 0, 8, 0, 1], .features, "the file has no dimensions, so no samples"),
      (idx([2, 3], [1, 2, 3]), .features, "the file is cut short: 2 × 3 needs 6 bytes of data, found 3"),
      (idx([2, 1], [1, 2, 3]), .features, "the file is too long: 2 × 1 needs 2 bytes of data, found 3"),
      (idx([0, 3], []), .features, "the file holds no samples"),
      (idx([0], []), .labels, "the file holds no samples"),
      (idx([3, 0], []), .features, "the samples of the file are empty: 3 × 0"),
      (
        idx([1 << 31, 1 << 31, 1 << 31], []), .features,
        "the file claims 2147483648 × 2147483648 × 2147483648 bytes, more than any memory holds"
      ),
      (
        idx([2], [1, 2]), .features,
        "this is a file of 2 labels, with one dimension, but the configuration names it as 'features', which need two "
          + "dimensions or more; are 'features' and 'labels' swapped?"
      ),
      (
        idx([2, 1, 1], [1, 2]), .labels,
        "this is a file of samples, 2 × 1 × 1, but the configuration names it as 'labels', which have one dimension; are "
          + "'features' and 'labels' swapped?"
      ),
    ] as [([UInt8], IDXFile.Role, String)])
  func mistakesAreNamed(bytes: [UInt8], role: IDXFile.Role, message: String) {
    let error = inputError { try IDXFile(bytes, named: "a.idx", role: role) }
    #expect(error == InputError(.malformed, file: "a.idx", message))
  }

  @Test func truncationsAtEveryByteAreRefused() {
    let bytes = idx([2, 2, 2], Array(0..<8))
    for end in 0..<bytes.count {
      #expect(throws: InputError.self) { try IDXFile(Array(bytes[..<end]), named: "a", role: .features) }
    }
  }
}
