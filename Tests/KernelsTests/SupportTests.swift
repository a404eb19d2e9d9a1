import Kernels
import Testing

/// The comparisons notice a wrong bit.
@Suite struct SupportTests {
  @Test func bitsAgreeToTheLastBit() {
    #expect(bitsAgree(1, 1))
    #expect(bitsAgree(.nan, -.nan))
    #expect(!bitsAgree(1, Float(1).nextUp))
    #expect(!bitsAgree(0, -0.0))
    #expect(!bitsAgree(.nan, 1))
    #expect(!bitsAgree(.infinity, .nan))
  }

  @Test func firstDifferenceIsFound() {
    #expect(firstDifference([1, 2, .nan], [1, 2, .nan]) == nil)
    #expect(firstDifference([1, 2, 3], [1, Float(2).nextDown, 3]) == 1)
    #expect(firstDifference([1, 2], [1, 2, 3]) == 2)
    #expect(firstDifference([1, 2, 3], [1]) == 1)
  }

  /// A matrix whose rows 1 and 2 of panel 1 were written, as changed by `change`.
  private func written(padding: Padding = .anything, _ change: (OwnedMatrix) -> Void) -> String? {
    let matrix = OwnedMatrix(rows: 4, columns: 41, capacity: 5) { row, column in Float(row * 100 + column) }
    let before = matrix.memory
    for row in 1..<3 {
      for column in 32..<41 { matrix.view[row, column] = -1 }
      for padding in 41..<48 { matrix.buffer[matrix.index(row, padding)] = 0 }
    }
    change(matrix)
    return difference(matrix, before: before, rows: 1..<3, panels: 1..<2, padding: padding) { _, _ in -1 }
  }

  @Test func differenceAcceptsTheExpectedMemory() {
    #expect(written { _ in } == nil)
    #expect(written(padding: .zeros) { _ in } == nil)
    #expect(written { $0.buffer[$0.index(1, 47)] = .nan } == nil)
  }

  @Test func differenceNoticesAWrongBit() {
    #expect(written { $0.view[2, 40] = Float(-1).nextUp } != nil)
    #expect(written { $0.view[1, 32] = .nan } != nil)
  }

  @Test func differenceNoticesAStrayWrite() {
    for (row, column) in [(1, 31), (0, 32), (3, 40), (4, 33), (1, 48), (2, 63)] {
      #expect(written { $0.buffer[$0.index(row, column)] = 7 } != nil, "(\(row), \(column))")
    }
  }

  @Test func differenceNoticesPaddingThatIsNotZero() {
    #expect(written(padding: .zeros) { $0.buffer[$0.index(1, 47)] = .nan } != nil)
    #expect(written(padding: .zeros) { $0.buffer[$0.index(2, 41)] = -0.0 } != nil)
  }

  @Test func ownedMatricesAreSeparate() {
    let matrix = OwnedMatrix(rows: 2, columns: 3) { row, column in Float(row + column) }
    let copy = OwnedMatrix(copying: matrix)
    copy.view[1, 2] = 9
    #expect(matrix[1, 2] == 3)
    #expect(copy[1, 2] == 9 && copy[0, 1] == 1)
    #expect(copy.memory[3].bitPattern == poison.bitPattern)
  }

  @Test func numbersAreMixed() {
    var numbers = Numbers(1)
    let table = numbers.table(1_000) { $0.mixed(largeNumbers, every: 10) }
    #expect(table.contains { $0.isNaN } && table.contains(-.infinity))
    #expect((50..<200).contains(table.count { !($0.magnitude <= 1) }))
    #expect(Set(table.map(\.bitPattern)).count > 800)
  }
}

extension OwnedMatrix {
  /// Where an element lies in the memory; the column may be one that does not count.
  func index(_ row: Int, _ column: Int) -> Int { (column / 32 * view.capacity + row) * 32 + column % 32 }
}
