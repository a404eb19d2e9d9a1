import Testing

@testable import Datasets

@Suite struct LabelColumnTests {
  @Test func spellingsAreCodedInOrderOfAppearance() {
    let column = LabelColumn(["b", "a", "b"])
    #expect(column.codes == [0, 1, 0])
    #expect(column.spellings == ["b", "a"])
    #expect(column.origins == [.init(row: 0, line: nil), .init(row: 1, line: nil)])
  }

  @Test func bytesAreNumbers() {
    #expect(LabelColumn(bytes: [7, 255, 7, 0]) == LabelColumn(["7", "255", "7", "0"]))
  }
}
