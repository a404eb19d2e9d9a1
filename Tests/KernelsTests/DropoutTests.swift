import Testing

@testable import Kernels

@Suite struct DropoutTests {
  /// The samples of an order, of which the selection starts at the third; some come twice.
  private static let samples: [Int32] = [8, 0, 3, 70_000, 3, 0, Int32.max, 5, 1, 2]
  private static let order = SampleOrder(samples)

  /// What a mask is made of.
  private struct Mask {
    var seed: UInt64 = 0x1234_5678_9ABC_DEF0
    var epoch = 3
    var layer: UInt16 = 2
    var first = 2
    var rate: Float = 0.5

    var random: RandomMask { RandomMask(seed: seed, purpose: .dropout, layer: layer, epoch: epoch) }
    var selection: SampleSelection { DropoutTests.order.selection(from: first) }

    /// The mask's element by the generator for single numbers.
    func keeps(row: Int, unit: Int) -> Bool {
      let sample = UInt64(DropoutTests.samples[first + row])
      let stream = RandomStream(seed: seed, purpose: .dropout, stream: UInt32(epoch))
      let block = stream.block(at: sample | UInt64(16 * (unit / 32) + unit % 16) << 32, attempt: layer)
      return Float(block[unit / 16 % 2] >> 8) * 0x1p-24 >= rate
    }
  }

  /// Rows 1 to 4 of one panel, and the first difference from x · mask with the mask of `expected`.
  private func mismatch(
    _ kernels: Kernels, _ mask: Mask, expected: Mask? = nil, columns: Int, panel: Int, inPlace: Bool = false
  ) -> String? {
    var numbers = Numbers(UInt64(columns))
    let x = OwnedMatrix(rows: 6, columns: columns, capacity: 7) { _, _ in numbers.mixed([0, -0.0], every: 9) * 4 }
    let original = OwnedMatrix(copying: x)
    let y = inPlace ? x : OwnedMatrix(rows: 5, columns: columns, poison: poisonNaN)
    let before = y.memory
    let rows = 1..<5
    withExtendedLifetime((x, y)) {
      kernels.dropout(x.view, into: y.view, rate: mask.rate, mask.random, mask.selection, rows: rows, panel: panel)
    }
    let expected = expected ?? mask
    return difference(y, before: before, rows: rows, panels: panel..<panel + 1) { row, unit in
      expected.keeps(row: row, unit: unit) ? original[row, unit] * (1 / (1 - expected.rate)) : 0
    }
  }

  @Test(arguments: InstructionSet.available, [0.5, 0.25, 0.1, 0.9375] as [Float])
  func masks(_ set: InstructionSet, rate: Float) {
    for columns in 1...70 {
      for panel in 0..<PanelMatrix.panels(of: columns) {
        let mask = Mask(rate: rate)
        #expect(mismatch(Kernels(set)!, mask, columns: columns, panel: panel) == nil, "\(columns), panel \(panel)")
        #expect(mismatch(Kernels(set)!, mask, columns: columns, panel: panel, inPlace: true) == nil)
      }
    }
  }

  /// Everything that a mask is counted by counts, and nothing else: neither the row nor the others of the mini-batch.
  @Test(arguments: InstructionSet.available) func countsByWhatItIsSaidTo(_ set: InstructionSet) {
    for mask in [
      Mask(), Mask(seed: 1), Mask(seed: .max), Mask(epoch: 0), Mask(epoch: 70_000), Mask(layer: 0), Mask(layer: .max),
      Mask(first: 4),
    ] {
      #expect(mismatch(Kernels(set)!, mask, columns: 70, panel: 1) == nil)
    }
    let others = [
      Mask(seed: 1), Mask(seed: Mask().seed ^ 1 << 40), Mask(epoch: 4), Mask(layer: 1), Mask(first: 3),
      Mask(rate: 0.25),
    ]
    for other in others {
      #expect(mismatch(Kernels(set)!, Mask(), expected: other, columns: 70, panel: 1) != nil)
    }
  }

  @Test func nothingIsDroppedAtRateZero() {
    for kernels in allKernels {
      #expect(mismatch(kernels, Mask(rate: 0), columns: 33, panel: 0) == nil)
    }
    #expect((0..<5).allSatisfy { row in (0..<70).allSatisfy { Mask(rate: 0).keeps(row: row, unit: $0) } })
  }

  /// The share of zeros of 7 rows of 7000 units: within four deviations of the rate.
  @Test(arguments: [0.1, 0.5, 0.8] as [Float]) func shareOfZeros(rate: Float) {
    let columns = 7_000
    let x = OwnedMatrix(rows: 7, columns: columns) { _, _ in 1 }
    let mask = Mask(rate: rate)
    withExtendedLifetime(x) {
      for panel in 0..<x.view.panels {
        Kernels.best.dropout(x.view, into: x.view, rate: rate, mask.random, mask.selection, rows: 0..<7, panel: panel)
      }
    }
    let elements = (0..<7).flatMap { r in (0..<columns).map { x[r, $0] } }
    let zeros = Double(elements.count { $0 == 0 })
    #expect(elements.allSatisfy { $0 == 0 || $0 == 1 / (1 - rate) })
    // Two samples come twice, and so do their masks: five different rows decide.
    let deviation = (Double(rate) * (1 - Double(rate)) / Double(5 * columns)).squareRoot()
    #expect(abs(zeros / Double(7 * columns) - Double(rate)) < 5 * deviation)
    #expect(elements[0..<columns] == elements[2 * columns..<3 * columns])
    #expect(elements[0..<columns] != elements[columns..<2 * columns])
  }

  /// A dropped infinity is 0, not NaN.
  @Test func droppedElementsAreZero() {
    let x = OwnedMatrix(rows: 1, columns: 40) { _, c in c % 2 == 0 ? .infinity : .nan }
    let mask = Mask()
    withExtendedLifetime(x) {
      Kernels.best.dropout(x.view, into: x.view, rate: 0.5, mask.random, mask.selection, rows: 0..<1, panel: 0)
    }
    for unit in 0..<32 where !mask.keeps(row: 0, unit: unit) { #expect(x[0, unit].bitPattern == 0) }
  }

  @Test func argumentsAreChecked() async {
    await #expect(processExitsWith: .failure) {
      let (x, order) = (OwnedMatrix(rows: 1, columns: 4), SampleOrder([0]))
      let mask = RandomMask(seed: 1, purpose: .dropout, layer: 0, epoch: 0)
      Kernels.best.dropout(x.view, into: x.view, rate: 1, mask, order.selection(from: 0), rows: 0..<1, panel: 0)
    }
    // The order has one sample.
    await #expect(processExitsWith: .failure) {
      let (x, order) = (OwnedMatrix(rows: 2, columns: 4), SampleOrder([0]))
      let mask = RandomMask(seed: 1, purpose: .dropout, layer: 0, epoch: 0)
      Kernels.best.dropout(x.view, into: x.view, rate: 0.5, mask, order.selection(from: 0), rows: 0..<2, panel: 0)
    }
  }
}
