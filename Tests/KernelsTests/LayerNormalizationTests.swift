import Kernels
import Testing

@Suite struct LayerNormalizationTests {
  /// Outputs, products and input gradients of rows 1 to 4, by some kernels.
  private func results(_ kernels: Kernels, columns: Int, inPlace: Bool = false) -> [[Float]] {
    var numbers = Numbers(UInt64(columns))
    let x = OwnedMatrix(rows: 6, columns: columns) { _, _ in numbers.ordinary() * 3 + 1 }
    let delta = OwnedMatrix(rows: 6, columns: columns) { _, _ in numbers.ordinary() }
    let scale = OwnedMatrix(rows: 1, columns: columns) { _, _ in numbers.ordinary() + 1 }
    let shift = OwnedMatrix(rows: 1, columns: columns) { _, _ in numbers.ordinary() }
    let y = inPlace ? OwnedMatrix(copying: x) : OwnedMatrix(rows: 6, columns: columns) { _, _ in 7 }
    let products = OwnedMatrix(rows: 6, columns: columns) { _, _ in 7 }
    let gradient = OwnedMatrix(rows: 6, columns: columns) { _, _ in 7 }
    return withExtendedLifetime((x, delta, scale, shift)) {
      kernels.layerNormalization(
        inPlace ? y.view : x.view, into: y.view, epsilon: 1e-3, scale: scale.buffer.all, shift: shift.buffer.all,
        rows: 1..<5)
      kernels.layerNormalizationDerivative(
        x.view, delta: delta.view, epsilon: 1e-3, scale: scale.buffer.all, products: products.view,
        inputDelta: gradient.view, rows: 1..<5)
      return [y.memory, products.memory, gradient.memory]
    }
  }

  @Test(arguments: [1, 2, 15, 16, 17, 31, 32, 33, 48, 49, 70, 200], InstructionSet.available)
  func bitsDoNotDependOnTheInstructions(columns: Int, set: InstructionSet) {
    let expected = results(allKernels[0], columns: columns)
    for (found, expected) in zip(results(Kernels(set)!, columns: columns), expected) {
      #expect(firstDifference(found, expected) == nil)
    }
    #expect(expected != results(allKernels[0], columns: columns + 1))
  }

  /// Other rows stay as they are, and unused columns of the rows become 0, so that sums over rows leave them 0.
  @Test func whatIsWritten() {
    let width = PanelMatrix.panelWidth
    let inPlace = results(.best, columns: 49, inPlace: true)[0]
    for memory in results(.best, columns: 49) {
      for r in 1..<5 {
        let start = (6 + r) * width
        #expect(memory[start + 17..<start + width].allSatisfy { $0 == 0 })
        #expect(!memory[start..<start + 17].contains(7))
      }
      for r in [0, 5] {
        #expect(memory[r * width..<(r + 1) * width].allSatisfy { $0 == 7 })
        #expect(memory[(6 + r) * width..<(6 + r) * width + 17].allSatisfy { $0 == 7 })
      }
    }
    let elsewhere = results(.best, columns: 49)[0]
    for start in [1 * width, 7 * width] {
      #expect(inPlace[start..<start + 4 * width] == elsewhere[start..<start + 4 * width])
    }
  }
}
