import Testing

@testable import Datasets

@Suite struct IDXConfigurationTests {
  private let json = #"{"train": {"format": "idx", "features": "x", "labels": "y"}}"#

  @Test func bytesStayBytes() throws {
    let folder = try TemporaryFolder()
    try folder.write(idx([3, 1, 2], [0, 1, 2, 3, 4, 255]), to: "x")
    try folder.writeCompressed(idx([3], [9, 10, 9]), to: "y")
    let data = try load(json, in: folder)
    guard case .bytes(let bytes) = data.training.table.features else { return #expect(Bool(false)) }
    #expect(bytes == [0, 1, 2, 3, 4, 255])
    #expect(data.featureNames == ["p0", "p1"])
    #expect(data.classes == ["9", "10"])
    #expect(data.training.labels == [0, 1, 0])
    let unit: Float = 1 / 255
    #expect(data.scaling == Scaling(shift: [0, 0], scale: [unit, unit]))

    let values = try load(json, in: folder, targets: .values)
    guard case .values(let numbers, columns: 1) = values.training.table.targets else { return #expect(Bool(false)) }
    #expect(numbers == [9, 10, 9])
    #expect(values.classes == nil)
  }

  @Test func countsMustAgree() throws {
    let folder = try TemporaryFolder()
    try folder.write(idx([2, 2], [0, 1, 2, 3]), to: "x")
    try folder.write(idx([1], [9]), to: "y")
    let error = inputError { try load(json, in: folder) }
    #expect(error?.description == "x: the file has 2 samples, but y has 1 label; the counts must agree")
  }
}
