import Kernels
import Testing

@Suite struct UpdatesTests {
  private static func value(_ numbers: inout Numbers) -> Float {
    numbers.mixed(smallNumbers + largeNumbers, every: 40)
  }

  // MARK: Sums of rows

  @Test(arguments: InstructionSet.available, [1, 15, 16, 17, 32, 33, 49, 70])
  func rowsAreSummedInOrder(_ set: InstructionSet, columns: Int) {
    var numbers = Numbers(1)
    let b = OwnedMatrix(rows: 40, columns: columns, capacity: 41, poison: poisonNaN) { r, _ in
      // Magnitudes that differ much, so that another order gives another sum.
      r == 20 ? Self.value(&numbers) : numbers.ordinary() * (r % 3 == 0 ? 1_000 : 1)
    }
    for rows in [0..<0, 0..<1, 0..<20, 3..<19, 5..<40] {
      for panel in 0..<b.view.panels {
        let width = b.view.columns(ofPanel: panel).count
        let sums = OwnedMatrix(rows: 1, columns: width, capacity: 2)
        let before = sums.memory
        withExtendedLifetime(b) {
          Kernels(set)!.sumRows(b.view, panel: panel, rows: rows, into: sums.buffer.slice(0..<32))
        }
        let found = difference(
          sums, before: before, rows: 0..<1, panels: 0..<1, clearsUnusedHalf: true
        ) { _, column in
          rows.reduce(Float(0)) { sum, row in sum + b[row, panel * 32 + column] }
        }
        #expect(found == nil, "\(rows), panel \(panel)")
      }
    }
  }

  @Test func theOrderOfRowsMatters() {
    var numbers = Numbers(1)
    let values = numbers.table(40) { $0.ordinary() * 1_000 }
    #expect(values.reduce(0, +) != values.reversed().reduce(0, +))
  }

  // MARK: Vectors

  @Test(arguments: InstructionSet.available, [0, 16, 32, 48, 160])
  func sumsAccumulate(_ set: InstructionSet, count: Int) {
    var numbers = Numbers(2)
    let (sum, x) = (numbers.table(count, Self.value), numbers.table(count, Self.value))
    // Slices that start and end within their buffers.
    let target = FloatBuffer([1, 2, 3] + sum + [poison])
    let source = FloatBuffer([4] + x)
    Kernels(set)!.accumulate(target.slice(3..<count + 3), source.slice(1..<count + 1))
    let expected = [1, 2, 3] + zip(sum, x).map { $0 + $1 } + [poison]
    #expect(firstDifference(target.all.array, expected) == nil)
    #expect(firstDifference(source.all.array, [4] + x) == nil)
  }

  @Test(arguments: InstructionSet.available, [0, 16, 32, 48, 160])
  func weightsDescend(_ set: InstructionSet, count: Int) {
    var numbers = Numbers(3)
    let (w, gradient) = (numbers.table(count, Self.value), numbers.table(count, Self.value))
    for (scale, l2, rate) in [(1 / 3, 0, 0.1), (1 / 128, 0.01, 0.5), (1, 1e-4, 0)] as [(Float, Float, Float)] {
      let weights = FloatBuffer([poison] + w + [poison])
      let sums = FloatBuffer(gradient)
      Kernels(set)!.update(
        weights.slice(1..<count + 1), gradientSum: sums.all, UpdateSlots(),
        .gradientDescent(GradientDescent(scale: scale, l2: l2, learningRate: rate)))
      let expected = zip(w, gradient).map { w, sum in
        let g = (sum * scale).addingProduct(l2, w)
        return w.addingProduct(-rate, g)
      }
      #expect(firstDifference(weights.all.array, [poison] + expected + [poison]) == nil)
      #expect(firstDifference(sums.all.array, gradient) == nil)
    }
  }

  @Test func descentGoesDown() {
    let weights = FloatBuffer([Float](repeating: 1, count: 16))
    let sums = FloatBuffer([Float](repeating: 8, count: 16))
    Kernels.best.update(
      weights.all, gradientSum: sums.all, UpdateSlots(),
      .gradientDescent(GradientDescent(scale: 0.25, l2: 0.5, learningRate: 0.125)))
    // g = 2, then 2.5; w = 1 − 0.3125
    #expect(weights.all.array == [Float](repeating: 0.6875, count: 16))
  }

  // MARK: Transposed copies

  /// Transposes rows of one panel and compares all of the target: the columns up to the next multiple of 16 are zero.
  private func transposed(
    _ kernels: Kernels, rows: Int, columns: Int, range: Range<Int>, panel: Int,
    expected: ((Float) -> Float) = { $0 }
  ) -> String? {
    var numbers = Numbers(4)
    let matrix = OwnedMatrix(rows: rows, columns: columns, capacity: rows + 1, poison: poisonNaN) { _, _ in
      numbers.anyFloat()
    }
    let capacity = matrix.view.panels * 32
    let target = OwnedMatrix(rows: columns, columns: rows, capacity: capacity)
    let before = target.memory
    withExtendedLifetime(matrix) { kernels.transpose(matrix.view, panel: panel, rows: range, into: target.view) }
    let now = target.memory
    let used = matrix.view.columns(ofPanel: panel)
    let written = used.lowerBound..<(used.upperBound + 15) / 16 * 16
    let padded = range.lowerBound..<(range.upperBound + 15) / 16 * 16
    for index in 0..<now.count {
      let (row, column) = (index / 32 % capacity, index / 32 / capacity * 32 + index % 32)
      let agrees =
        if !written.contains(row) || !padded.contains(column) {
          now[index].bitPattern == before[index].bitPattern
        } else if range.contains(column) {
          !used.contains(row) || bitsAgree(now[index], expected(matrix[column, row]))
        } else {
          now[index].bitPattern == 0
        }
      if !agrees { return "(\(row), \(column)) is \(now[index])" }
    }
    return nil
  }

  @Test(arguments: InstructionSet.available)
  func panelsAreTransposed(_ set: InstructionSet) {
    for rows in [1, 2, 15, 16, 17, 31, 32, 33, 48, 50, 64, 70] {
      for columns in [1, 5, 16, 17, 32, 40, 50, 70] {
        for panel in 0..<PanelMatrix.panels(of: columns) {
          #expect(
            transposed(Kernels(set)!, rows: rows, columns: columns, range: 0..<rows, panel: panel) == nil,
            "\(rows) × \(columns), panel \(panel)")
        }
      }
    }
  }

  @Test(arguments: InstructionSet.available, [0..<0, 0..<16, 32..<48, 32..<64, 32..<90, 64..<90, 64..<64])
  func someRowsAreTransposed(_ set: InstructionSet, range: Range<Int>) {
    #expect(transposed(Kernels(set)!, rows: 90, columns: 40, range: range, panel: 0) == nil)
    #expect(transposed(Kernels(set)!, rows: 90, columns: 40, range: range, panel: 1) == nil)
  }

  @Test func aWrongElementIsNoticed() {
    #expect(
      transposed(.best, rows: 20, columns: 20, range: 0..<20, panel: 0) { $0.exponent < 0 ? -$0 : $0 } != nil)
  }
}
