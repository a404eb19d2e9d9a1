import Kernels
import Testing

@Suite struct ElementwiseTests {
  /// A function of single elements: by the kernels, in place, and as one expression of an element and an activation.
  struct Function: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let apply: @Sendable (Kernels, _ x: PanelMatrix, _ a: PanelMatrix, Range<Int>, _ panel: Int) -> Void
    let reference: @Sendable (_ x: Float, _ a: Float) -> Float

    static let all = [
      Function(
        testDescription: "relu",
        apply: { kernels, x, _, rows, panel in kernels.relu(x, rows: rows, panel: panel) },
        reference: { x, _ in x < 0 ? 0 : x }),
      Function(
        testDescription: "relu'",
        apply: { kernels, x, a, rows, panel in kernels.reluDerivative(x, a, rows: rows, panel: panel) },
        reference: { delta, a in a > 0 ? delta : 0 }),
      Function(
        testDescription: "leaky relu",
        apply: { kernels, x, _, rows, panel in kernels.leakyRelu(x, slope: 0.01, rows: rows, panel: panel) },
        reference: { x, _ in x < 0 ? x * 0.01 : x }),
      Function(
        testDescription: "leaky relu'",
        apply: { kernels, x, a, rows, panel in
          kernels.leakyReluDerivative(x, a, slope: 0.3, rows: rows, panel: panel)
        },
        reference: { delta, a in a > 0 ? delta : delta * 0.3 }),
      Function(
        testDescription: "sigmoid",
        apply: { kernels, x, _, rows, panel in kernels.sigmoid(x, rows: rows, panel: panel) },
        reference: { x, _ in portable(.sigmoid, x) }),
      Function(
        testDescription: "sigmoid'",
        apply: { kernels, x, a, rows, panel in kernels.sigmoidDerivative(x, a, rows: rows, panel: panel) },
        reference: { delta, a in delta * (a * (1 - a)) }),
      Function(
        testDescription: "tanh",
        apply: { kernels, x, _, rows, panel in kernels.tanh(x, rows: rows, panel: panel) },
        reference: { x, _ in portable(.tanh, x) }),
      Function(
        testDescription: "tanh'",
        apply: { kernels, x, a, rows, panel in kernels.tanhDerivative(x, a, rows: rows, panel: panel) },
        reference: { delta, a in delta * Float(1).addingProduct(-a, a) }),
    ]
  }

  /// Rows 2 to 7 of one panel, all other memory as before; the number of columns decides which vectors are in use.
  private func mismatch(
    _ function: Function, _ kernels: Kernels, columns: Int, panel: Int, next: (inout Numbers) -> Float
  ) -> String? {
    var numbers = Numbers(UInt64(columns))
    let rows = 2..<8
    let x = OwnedMatrix(rows: 9, columns: columns, capacity: 11) { _, _ in next(&numbers) }
    let a = OwnedMatrix(rows: 8, columns: columns, poison: poisonNaN) { _, _ in next(&numbers) }
    let original = OwnedMatrix(copying: x)
    return withExtendedLifetime((x, a)) {
      function.apply(kernels, x.view, a.view, rows, panel)
      return difference(x, before: original.memory, rows: rows, panels: panel..<panel + 1) { r, c in
        function.reference(original[r, c], a[r, c])
      }
    }
  }

  @Test(arguments: Function.all, InstructionSet.available)
  func ordinaryNumbers(_ function: Function, _ set: InstructionSet) {
    for columns in [1, 15, 16, 17, 31, 32, 33, 48, 49, 70] {
      for panel in 0..<PanelMatrix.panels(of: columns) {
        let found = mismatch(function, Kernels(set)!, columns: columns, panel: panel) {
          $0.mixed([0, -0.0], every: 8) * 4
        }
        #expect(found == nil, "\(columns) columns, panel \(panel)")
      }
    }
  }

  @Test(arguments: Function.all, InstructionSet.available)
  func specialNumbers(_ function: Function, _ set: InstructionSet) {
    let special = smallNumbers + largeNumbers
    for columns in [32, 49] {
      #expect(mismatch(function, Kernels(set)!, columns: columns, panel: 0) { $0.mixed(special, every: 2) } == nil)
      #expect(mismatch(function, Kernels(set)!, columns: columns, panel: 0) { $0.anyFloat() } == nil)
    }
  }

  @Test(arguments: Function.all)
  func aWrongBitIsNoticed(_ function: Function) {
    let wrong = Function(testDescription: "wrong", apply: function.apply) { x, a in
      let y = function.reference(x, a)
      return x < -0.875 ? y.nextUp : y
    }
    #expect(mismatch(wrong, .best, columns: 20, panel: 0) { $0.ordinary() } != nil)
  }

  @Test(arguments: Function.all, InstructionSet.available)
  func noRowsChangeNothing(_ function: Function, _ set: InstructionSet) {
    let x = OwnedMatrix(rows: 3, columns: 20) { r, c in Float(r - c) }
    let a = OwnedMatrix(copying: x)
    withExtendedLifetime((x, a)) { function.apply(Kernels(set)!, x.view, a.view, 2..<2, 0) }
    #expect(x.memory == a.memory)
  }

  @Test func derivativesAtZeroActivation() {
    for kernels in allKernels {
      let a = OwnedMatrix(rows: 1, columns: 3) { _, c in [0, -0.0, .leastNonzeroMagnitude][c] }
      let delta = OwnedMatrix(rows: 1, columns: 3) { _, _ in 8 }
      withExtendedLifetime((a, delta)) { kernels.reluDerivative(delta.view, a.view, rows: 0..<1, panel: 0) }
      #expect((0..<3).map { delta[0, $0] } == [0, 0, 8])
    }
  }
}
