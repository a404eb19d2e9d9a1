import Kernels
import Testing

/// Softmax, its derivative and copies of rows; the losses are in `LossesTests`.
@Suite struct RowFunctionsTests {
  /// Counts of columns: one vector, two, several panels, with and without unused lanes.
  static let columnCounts = Array(1...70)

  // MARK: Softmax

  /// Softmax of rows 1 and 2 of three, and the first difference from the reference.
  private func softmaxMismatch(
    _ kernels: Kernels, columns: Int, poison: Float = poison, change: (Float) -> Float = { $0 },
    next: (inout Numbers) -> Float
  ) -> String? {
    var numbers = Numbers(UInt64(columns))
    let z = OwnedMatrix(rows: 3, columns: columns, capacity: 4, poison: poison) { _, _ in next(&numbers) }
    let before = z.memory
    let rows = (0..<3).map { r in RowReference.softmax((0..<columns).map { z[r, $0] }).map(change) }
    withExtendedLifetime(z) { kernels.softmax(z.view, rows: 1..<3) }
    // A row that is not a number has lanes that are not a number too.
    let padding: Padding = rows.joined().contains { $0.isNaN } ? .anything : .zeros
    return difference(z, before: before, rows: 1..<3, panels: 0..<z.view.panels, padding: padding) { rows[$0][$1] }
  }

  @Test(arguments: InstructionSet.available)
  func softmax(_ set: InstructionSet) {
    for columns in Self.columnCounts {
      #expect(softmaxMismatch(Kernels(set)!, columns: columns) { $0.ordinary() * 5 } == nil, "\(columns)")
      #expect(softmaxMismatch(Kernels(set)!, columns: columns, poison: poisonNaN) { $0.ordinary() - 50 } == nil)
      #expect(softmaxMismatch(Kernels(set)!, columns: columns) { $0.mixed([1e4, -1e4, -0.0], every: 9) } == nil)
      #expect(softmaxMismatch(Kernels(set)!, columns: columns) { $0.mixed(largeNumbers, every: 30) } == nil)
    }
  }

  @Test func softmaxMismatchIsNoticed() {
    #expect(softmaxMismatch(.best, columns: 20, change: { $0.nextUp }) { $0.ordinary() } != nil)
    #expect(softmaxMismatch(.best, columns: 20, change: { $0 > 0.06 ? $0.nextUp : $0 }) { $0.ordinary() } != nil)
  }

  @Test func softmaxSumsToOne() {
    var numbers = Numbers(3)
    for columns in Self.columnCounts {
      let z = OwnedMatrix(rows: 1, columns: columns) { _, _ in numbers.ordinary() * 10 }
      withExtendedLifetime(z) { Kernels.best.softmax(z.view, rows: 0..<1) }
      let sum = (0..<columns).reduce(0.0) { $0 + Double(z[0, $1]) }
      #expect(abs(sum - 1) < 1e-6)
    }
  }

  private func derivativeMismatch(
    _ kernels: Kernels, columns: Int, poison: Float, change: (Float) -> Float = { $0 }
  ) -> String? {
    var numbers = Numbers(UInt64(columns))
    let delta = OwnedMatrix(rows: 3, columns: columns, capacity: 4, poison: poison) { _, _ in numbers.ordinary() }
    let a = OwnedMatrix(rows: 3, columns: columns, capacity: 4, poison: poison) { _, _ in
      numbers.mixed(smallNumbers, every: 5)
    }
    let before = delta.memory
    let rows = (0..<3).map { r in
      RowReference.softmaxDerivative((0..<columns).map { delta[r, $0] }, (0..<columns).map { a[r, $0] }).map(change)
    }
    withExtendedLifetime((delta, a)) { kernels.softmaxDerivative(delta.view, a.view, rows: 0..<2) }
    return difference(delta, before: before, rows: 0..<2, panels: 0..<a.view.panels, padding: .zeros) { rows[$0][$1] }
  }

  @Test(arguments: InstructionSet.available)
  func softmaxDerivative(_ set: InstructionSet) {
    for columns in Self.columnCounts {
      #expect(derivativeMismatch(Kernels(set)!, columns: columns, poison: poison) == nil, "\(columns)")
      #expect(derivativeMismatch(Kernels(set)!, columns: columns, poison: poisonNaN) == nil, "\(columns)")
    }
  }

  @Test func derivativeMismatchIsNoticed() {
    #expect(derivativeMismatch(.best, columns: 20, poison: poison) { $0.nextUp } != nil)
  }

  // MARK: Copies

  @Test func rowsAreCopiedWithoutPadding() {
    for columns in Self.columnCounts {
      for rows in [0..<0, 0..<1, 2..<5, 0..<6] {
        let matrix = OwnedMatrix(rows: 6, columns: columns, capacity: 7) { r, c in Float(100 * r + c) }
        let copy = FloatBuffer([Float](repeating: -1, count: rows.count * columns + 2))
        withExtendedLifetime(matrix) {
          Kernels.best.copyRows(of: matrix.view, rows: rows, into: copy.slice(1..<rows.count * columns + 1))
        }
        let expected = rows.flatMap { r in (0..<columns).map { Float(100 * r + $0) } }
        #expect(copy.all.array == [-1] + expected + [-1], "\(columns) columns, \(rows)")
      }
    }
  }

  @Test func copiesOfRowsCheckShapes() async {
    await #expect(processExitsWith: .failure) {
      let (matrix, copy) = (OwnedMatrix(rows: 2, columns: 40), FloatBuffer(count: 79))
      Kernels.best.copyRows(of: matrix.view, rows: 0..<2, into: copy.all)
    }
    await #expect(processExitsWith: .failure) {
      let (matrix, copy) = (OwnedMatrix(rows: 2, columns: 40), FloatBuffer(count: 120))
      Kernels.best.copyRows(of: matrix.view, rows: 0..<3, into: copy.all)
    }
  }
}
