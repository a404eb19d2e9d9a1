import Kernels
import Testing

@Suite struct GatherTests {
  /// Counts of columns: with and without a last vector that is not full, one panel and several.
  private static let columnCounts = [1, 2, 3, 15, 16, 17, 30, 32, 33, 47, 48, 49, 64, 65, 70]
  private static let samples = 9
  /// Samples in any order, some twice; the selection starts at the third.
  private static let order: [Int32] = [99, -1, 3, 8, 0, 0, 5, 7, 1, 99]
  private static let sampleOrder = SampleOrder(order)
  private static let selection = sampleOrder.selection(from: 2)
  private static let rows = 1..<6

  private static func sample(_ row: Int) -> Int { Int(order[2 + row]) }

  // MARK: Features

  /// Rows of a table by `gather`, and the first difference from (x − shift) · scale. Columns beyond the last may hold
  /// anything up to a whole vector.
  private func mismatch(
    columns: Int, table: [Float], shift: [Float], scale: [Float],
    gather: (_ shift: FloatSlice, _ scale: FloatSlice, _ matrix: PanelMatrix) -> Void
  ) -> String? {
    let matrix = OwnedMatrix(rows: 7, columns: columns, capacity: 8)
    let before = matrix.memory
    let (shifts, scales) = (FloatBuffer(shift), FloatBuffer(scale))
    withExtendedLifetime((shifts, scales)) { gather(shifts.all, scales.all, matrix.view) }
    return difference(matrix, before: before, rows: Self.rows, panels: 0..<matrix.view.panels) { row, column in
      (table[Self.sample(row) * columns + column] - shift[column]) * scale[column]
    }
  }

  @Test(arguments: InstructionSet.available, columnCounts)
  func bytes(_ set: InstructionSet, columns: Int) {
    var numbers = Numbers(UInt64(columns))
    let table = (0..<Self.samples * columns).map { _ in UInt8(truncatingIfNeeded: numbers.bits()) }
    let shift = numbers.table(columns) { $0.ordinary() * 100 }
    let scale = numbers.table(columns) { $0.ordinary() / 255 }
    let found = mismatch(columns: columns, table: table.map { Float($0) }, shift: shift, scale: scale) {
      Kernels(set)!.gather(table, Self.selection, shift: $0, scale: $1, into: $2, rows: Self.rows)
    }
    #expect(found == nil)
  }

  @Test(arguments: InstructionSet.available)
  func everyByteIsExact(_ set: InstructionSet) {
    let table = (0...255).map { UInt8($0) }
    for columns in [1, 16, 256] {
      let matrix = OwnedMatrix(rows: 256 / columns, columns: columns)
      let one = FloatBuffer([Float](repeating: 1, count: columns))
      let zero = FloatBuffer(count: columns)
      let order = SampleOrder((0..<Int32(256 / columns)).map { $0 })
      withExtendedLifetime((one, zero, order)) {
        Kernels(set)!.gather(
          table, order.selection(from: 0), shift: zero.all, scale: one.all, into: matrix.view,
          rows: 0..<256 / columns)
      }
      for value in 0..<256 { #expect(matrix[value / columns, value % columns] == Float(value)) }
    }
  }

  @Test(arguments: InstructionSet.available, columnCounts)
  func floats(_ set: InstructionSet, columns: Int) {
    var numbers = Numbers(UInt64(columns))
    let special = smallNumbers + largeNumbers
    let table = numbers.table(Self.samples * columns) { $0.mixed(special, every: 3) }
    let shift = numbers.table(columns) { $0.mixed([0], every: 2) }
    let scale = numbers.table(columns) { $0.mixed([1], every: 2) }
    let found = mismatch(columns: columns, table: table, shift: shift, scale: scale) {
      Kernels(set)!.gather(table, Self.selection, shift: $0, scale: $1, into: $2, rows: Self.rows)
    }
    #expect(found == nil)
  }

  /// Some panels alone: the others stay as they are.
  @Test(arguments: InstructionSet.available)
  func someColumns(_ set: InstructionSet) {
    var numbers = Numbers(2)
    let columns = 70
    let bytes = (0..<Self.samples * columns).map { _ in UInt8(truncatingIfNeeded: numbers.bits()) }
    let floats = bytes.map { Float($0) }
    let shift = numbers.table(columns)
    let scale = numbers.table(columns)
    for part in [0..<32, 32..<64, 64..<70, 0..<64, 32..<70, 0..<70] {
      let matrices = (0..<3).map { _ in OwnedMatrix(rows: 7, columns: columns, capacity: 8) }
      let before = matrices[2].memory
      let (shifts, scales) = (FloatBuffer(shift), FloatBuffer(scale))
      withExtendedLifetime((shifts, scales)) {
        let kernels = Kernels(set)!
        kernels.gather(
          bytes, Self.selection, shift: shifts.all, scale: scales.all, into: matrices[0].view, rows: Self.rows,
          columns: part)
        kernels.gather(
          floats, Self.selection, shift: shifts.all, scale: scales.all, into: matrices[1].view, rows: Self.rows,
          columns: part)
      }
      for matrix in matrices[0..<2] {
        let panels = part.lowerBound / 32..<(part.upperBound + 31) / 32
        let found = difference(matrix, before: before, rows: Self.rows, panels: panels) { row, column in
          (floats[Self.sample(row) * columns + column] - shift[column]) * scale[column]
        }
        #expect(found == nil, "\(part)")
      }
    }
  }

  @Test func aWrongRowIsNoticed() {
    var numbers = Numbers(1)
    let table = numbers.table(Self.samples * 20)
    let shift = [Float](repeating: 0, count: 20)
    let scale = [Float](repeating: 1, count: 20)
    for first in [1, 3] {
      let found = mismatch(columns: 20, table: table, shift: shift, scale: scale) { shift, scale, matrix in
        let order = SampleOrder(Self.order.map { $0 < 0 || $0 > 8 ? 0 : $0 })
        withExtendedLifetime(order) {
          Kernels.best.gather(
            table, order.selection(from: first), shift: shift, scale: scale, into: matrix, rows: Self.rows)
        }
      }
      #expect(found != nil)
    }
  }

  // MARK: Labels

  /// Labels as targets: the label for one column, else 1 in its column; unused columns of a vector are zeros.
  private func labelMismatch(_ kernels: Kernels, columns: Int, labels: [Int32], shown: [Int32]) -> String? {
    let matrix = OwnedMatrix(rows: 7, columns: columns, capacity: 8)
    let before = matrix.memory
    kernels.gather(labels: labels, Self.selection, into: matrix.view, rows: Self.rows)
    let panels = 0..<matrix.view.panels
    // A single label is written alone.
    let padding: Padding = columns == 1 ? .anything : .zeros
    return difference(matrix, before: before, rows: Self.rows, panels: panels, padding: padding) { row, column in
      let label = shown[Self.sample(row)]
      return columns == 1 ? Float(label) : label == column ? 1 : 0
    }
  }

  @Test(arguments: InstructionSet.available, columnCounts)
  func labels(_ set: InstructionSet, columns: Int) {
    var numbers = Numbers(UInt64(columns))
    let labels = (0..<Self.samples).map { _ in Int32(numbers.below(max(columns, 2))) }
    #expect(labelMismatch(Kernels(set)!, columns: columns, labels: labels, shown: labels) == nil)
  }

  @Test(arguments: InstructionSet.available)
  func everyLabel(_ set: InstructionSet) {
    for columns in [2, 10, 33, 70] {
      for label in 0..<Int32(columns) {
        let labels = [Int32](repeating: label, count: Self.samples)
        #expect(labelMismatch(Kernels(set)!, columns: columns, labels: labels, shown: labels) == nil)
      }
    }
  }

  @Test(arguments: [1, 2, 40])
  func aWrongLabelIsNoticed(columns: Int) {
    let labels = [Int32](repeating: 0, count: Self.samples)
    var wrong = labels
    wrong[7] = 1
    #expect(labelMismatch(.best, columns: columns, labels: labels, shown: wrong) != nil)
  }

  @Test func noRowsGatherNothing() {
    let matrix = OwnedMatrix(rows: 3, columns: 4)
    let before = matrix.memory
    let (none, one) = (SampleOrder([]), SampleOrder([0]))
    withExtendedLifetime((none, one)) {
      for kernels in allKernels {
        kernels.gather(labels: [], none.selection(from: 0), into: matrix.view, rows: 0..<0)
        kernels.gather(labels: [1], one.selection(from: 1), into: matrix.view, rows: 0..<0)
      }
    }
    #expect(matrix.memory == before)
  }
}
