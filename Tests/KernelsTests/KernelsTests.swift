import Kernels
import Testing

/// Shapes are checked at the facade: wrong ones end the program. And the sum of floats.
@Suite struct KernelsTests {
  // MARK: Sums

  @Test(arguments: [0, 1, 7, 8, 9, 16, 100, 1_001])
  func sumsInDoublePrecision(count: Int) {
    var numbers = Numbers(1)
    let values = numbers.table(count) { $0.ordinary() * ($0.below(4) == 0 ? 1e12 : 1) }
    let buffer = FloatBuffer([poison] + values + [poison])
    var lanes = [Double](repeating: 0, count: 8)
    for (i, value) in values.enumerated() { lanes[i % 8] += Double(value) }
    let four = (0..<4).map { lanes[$0] + lanes[$0 + 4] }
    let expected = (four[0] + four[2]) + (four[1] + four[3])
    let sum = withExtendedLifetime(buffer) { Kernels.sum(buffer.slice(1..<count + 1)) }
    #expect(sum.bitPattern == expected.bitPattern)
  }

  /// In the same order, each square exact in Double.
  @Test(arguments: [0, 1, 7, 8, 9, 16, 100, 1_001])
  func sumsOfSquares(count: Int) {
    var numbers = Numbers(2)
    let values = numbers.table(count) { $0.ordinary() * ($0.below(4) == 0 ? 1e12 : 1) }
    let buffer = FloatBuffer([poison] + values + [poison])
    var lanes = [Double](repeating: 0, count: 8)
    for (i, value) in values.enumerated() { lanes[i % 8] += Double(value) * Double(value) }
    let four = (0..<4).map { lanes[$0] + lanes[$0 + 4] }
    let expected = (four[0] + four[2]) + (four[1] + four[3])
    let sum = withExtendedLifetime(buffer) { Kernels.sumOfSquares(buffer.slice(1..<count + 1)) }
    #expect(sum.bitPattern == expected.bitPattern)
    // Another order has other bits.
    if count > 100 { #expect(sum != values.reduce(0) { $0 + Double($1) * Double($1) }) }
  }

  @Test func sumsPassOnNaN() {
    let buffer = FloatBuffer([1, .nan, 3])
    #expect(withExtendedLifetime(buffer) { Kernels.sum(buffer.all) }.isNaN)
    #expect(withExtendedLifetime(buffer) { Kernels.sumOfSquares(buffer.all) }.isNaN)
  }

  // MARK: Shapes

  @Test func productsCheckShapes() async {
    // What the following tests wait for is the failure, not an exit as such.
    await #expect(processExitsWith: .success) { multiply((2, 4), (4, 5), into: (2, 5), bias: 32) }
    // The depth of B is not the columns of A.
    await #expect(processExitsWith: .failure) { multiply((2, 3), (4, 5), into: (2, 5)) }
    // C has too few rows, or A has.
    await #expect(processExitsWith: .failure) { multiply((2, 4), (4, 5), into: (1, 5)) }
    await #expect(processExitsWith: .failure) { multiply((1, 4), (4, 5), into: (2, 5)) }
    // C has other columns than B.
    await #expect(processExitsWith: .failure) { multiply((2, 4), (4, 5), into: (2, 6)) }
    // The bias does not fill the panel.
    await #expect(processExitsWith: .failure) { multiply((2, 4), (4, 5), into: (2, 5), bias: 5) }
    // There is no such panel.
    await #expect(processExitsWith: .failure) { multiply((2, 4), (4, 5), into: (2, 5), panel: 1) }
  }

  @Test func transposedProductsCheckShapes() async {
    // Columns do not start at a panel.
    await #expect(processExitsWith: .failure) {
      let (a, c) = (OwnedMatrix(rows: 2, columns: 40), FloatBuffer(count: 2_000))
      Kernels.best.multiplyTransposed(a.view, columns: 16..<40, a.view, panel: 0, rows: 0..<2, into: c.all)
    }
    // The result is too small.
    await #expect(processExitsWith: .failure) {
      let (a, c) = (OwnedMatrix(rows: 2, columns: 40), FloatBuffer(count: 40 * 32 - 1))
      Kernels.best.multiplyTransposed(a.view, columns: 0..<40, a.view, panel: 0, rows: 0..<2, into: c.all)
    }
  }

  @Test func transposesWriteWholeVectors() async {
    // Columns 20 … 31 of the result belong to rows of the matrix, and would become zero.
    await #expect(processExitsWith: .failure) {
      let (a, b) = (OwnedMatrix(rows: 40, columns: 32), OwnedMatrix(rows: 32, columns: 40))
      Kernels.best.transpose(a.view, panel: 0, rows: 0..<20, into: b.view)
    }
  }

  @Test func functionsCheckShapes() async {
    await #expect(processExitsWith: .failure) {
      let x = OwnedMatrix(rows: 2, columns: 4)
      Kernels.best.apply(.relu, to: x.view, into: x.view, rows: 0..<3, panel: 0)
    }
    await #expect(processExitsWith: .failure) {
      let (delta, a) = (OwnedMatrix(rows: 2, columns: 4), OwnedMatrix(rows: 2, columns: 5))
      Kernels.best.multiplyByDerivative(of: .tanh, delta.view, kept: a.view, rows: 0..<2, panel: 0)
    }
    await #expect(processExitsWith: .failure) {
      let (a, losses) = (OwnedMatrix(rows: 2, columns: 4), FloatBuffer(count: 1))
      Kernels.best.squaredError(
        outputs: a.view, targets: a.view, scale: 1, delta: a.view, losses: losses.all, rows: 0..<2)
    }
    await #expect(processExitsWith: .failure) {
      let x = FloatBuffer(count: 20)
      Kernels.best.accumulate(x.all, x.all)
    }
  }

  @Test func transposeChecksShapes() async {
    // The capacity is not a whole number of panels.
    await #expect(processExitsWith: .failure) {
      let (matrix, transposed) = (OwnedMatrix(rows: 4, columns: 5), OwnedMatrix(rows: 5, columns: 4))
      Kernels.best.transpose(matrix.view, panel: 0, rows: 0..<4, into: transposed.view)
    }
  }

  @Test func gatheringChecksSamplesAndLabels() async {
    await #expect(processExitsWith: .failure) {
      let matrix = OwnedMatrix(rows: 1, columns: 3)
      let order = SampleOrder([0])
      Kernels.best.gather(labels: [3], order.selection(from: 0), into: matrix.view, rows: 0..<1)
    }
    await #expect(processExitsWith: .failure) {
      let matrix = OwnedMatrix(rows: 1, columns: 3)
      let order = SampleOrder([1])
      Kernels.best.gather(labels: [0], order.selection(from: 0), into: matrix.view, rows: 0..<1)
    }
    await #expect(processExitsWith: .failure) {
      let (matrix, scale) = (OwnedMatrix(rows: 1, columns: 3), FloatBuffer(count: 2))
      let order = SampleOrder([0])
      let table: [Float] = [1, 2, 3]
      Kernels.best.gather(
        table, order.selection(from: 0), shift: scale.all, scale: scale.all, into: matrix.view, rows: 0..<1)
    }
  }
}

/// Multiplies two rows of matrices of these rows and columns, and a bias of so many zeros.
private func multiply(
  _ a: (Int, Int), _ b: (Int, Int), into c: (Int, Int), bias: Int? = nil, panel: Int = 0
) {
  let a = OwnedMatrix(rows: a.0, columns: a.1)
  let b = OwnedMatrix(rows: b.0, columns: b.1)
  let c = OwnedMatrix(rows: c.0, columns: c.1)
  let bias = bias.map { FloatBuffer(count: $0) }
  withExtendedLifetime((a, b, c, bias)) {
    Kernels.best.multiply(a.view, b.view, bias: bias?.all, into: c.view, rows: 0..<2, panel: panel)
  }
}
