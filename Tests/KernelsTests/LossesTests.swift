import Foundation
import Kernels
import Testing

@Suite struct LossesTests {
  /// A loss by the kernels, and of one row by the reference.
  struct Loss: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let deltaMayBeTargets: Bool
    let apply:
      @Sendable (
        Kernels, _ outputs: PanelMatrix, _ targets: PanelMatrix, _ delta: PanelMatrix, _ losses: FloatSlice, Range<Int>
      ) -> Void
    let reference: @Sendable (_ outputs: [Float], _ targets: [Float]) -> (loss: Float, delta: [Float])

    static let all = [
      Loss(
        testDescription: "squared error", deltaMayBeTargets: true,
        apply: { kernels, a, y, delta, losses, rows in
          kernels.squaredError(outputs: a, targets: y, scale: 0.3, delta: delta, losses: losses, rows: rows)
        },
        reference: { a, y in RowReference.squaredError(a, y, scale: 0.3) }),
      Loss(
        testDescription: "binary cross-entropy", deltaMayBeTargets: true,
        apply: { kernels, z, y, delta, losses, rows in
          kernels.binaryCrossEntropy(logits: z, targets: y, delta: delta, losses: losses, rows: rows)
        },
        reference: RowReference.binaryCrossEntropy),
      Loss(
        testDescription: "cross-entropy", deltaMayBeTargets: false,
        apply: { kernels, z, y, delta, losses, rows in
          kernels.crossEntropy(logits: z, targets: y, delta: delta, losses: losses, rows: rows)
        },
        reference: RowReference.crossEntropy),
    ]
  }

  /// Losses of rows 1 and 2 of four, and the first difference of delta or losses from the reference.
  private func mismatch(
    _ loss: Loss, _ kernels: Kernels, columns: Int, poison: Float = poison, inTargets: Bool = false,
    next: (inout Numbers) -> Float
  ) -> String? {
    var numbers = Numbers(UInt64(columns))
    let rows = 1..<3
    let outputs = OwnedMatrix(rows: 3, columns: columns, capacity: 4, poison: poison) { _, _ in next(&numbers) }
    // The class 0, a number in [0, 1), 1: all losses are defined for any targets.
    let targets = OwnedMatrix(rows: 4, columns: columns, capacity: 4, poison: poison) { _, _ in
      numbers.mixed([0, 0, 1], every: 2).magnitude
    }
    let references = rows.map { r in
      loss.reference((0..<columns).map { outputs[r, $0] }, (0..<columns).map { targets[r, $0] })
    }
    let delta = inTargets ? targets : OwnedMatrix(rows: 3, columns: columns, capacity: 4)
    let before = delta.memory
    let losses = FloatBuffer([Float](repeating: poison, count: 5))
    withExtendedLifetime((outputs, targets)) {
      loss.apply(kernels, outputs.view, targets.view, delta.view, losses.slice(0..<4), rows)
    }
    let found = losses.all.array
    for i in 0..<5 {
      let agrees =
        rows.contains(i)
        ? bitsAgree(found[i], references[i - 1].loss) : found[i].bitPattern == poison.bitPattern
      if !agrees { return "loss \(i) is \(found[i])" }
    }
    return difference(delta, before: before, rows: rows, panels: 0..<delta.view.panels, padding: .zeros) {
      references[$0 - 1].delta[$1]
    }
  }

  @Test(arguments: Loss.all, InstructionSet.available)
  func ordinaryNumbers(_ loss: Loss, _ set: InstructionSet) {
    for columns in 1...70 {
      #expect(mismatch(loss, Kernels(set)!, columns: columns) { $0.ordinary() * 6 } == nil, "\(columns)")
    }
  }

  @Test(arguments: Loss.all, InstructionSet.available)
  func specialNumbers(_ loss: Loss, _ set: InstructionSet) {
    for columns in [1, 2, 15, 16, 17, 31, 32, 33, 47, 48, 49, 64, 65, 70] {
      let found = mismatch(loss, Kernels(set)!, columns: columns, poison: poisonNaN) {
        $0.mixed(smallNumbers, every: 3) * 20
      }
      #expect(found == nil, "\(columns)")
      #expect(mismatch(loss, Kernels(set)!, columns: columns) { $0.mixed(largeNumbers, every: 24) } == nil)
    }
  }

  @Test(arguments: Loss.all.filter(\.deltaMayBeTargets), InstructionSet.available)
  func deltaMayBeTargets(_ loss: Loss, _ set: InstructionSet) {
    for columns in [1, 16, 17, 33, 70] {
      #expect(mismatch(loss, Kernels(set)!, columns: columns, inTargets: true) { $0.ordinary() } == nil, "\(columns)")
    }
  }

  @Test(arguments: Loss.all)
  func aWrongBitIsNoticed(_ loss: Loss) {
    let wrongLoss = Loss(testDescription: "", deltaMayBeTargets: true, apply: loss.apply) { outputs, targets in
      let (value, delta) = loss.reference(outputs, targets)
      return (value.nextUp, delta)
    }
    let wrongDelta = Loss(testDescription: "", deltaMayBeTargets: true, apply: loss.apply) { outputs, targets in
      let (value, delta) = loss.reference(outputs, targets)
      return (value, delta.dropLast() + [delta.last!.nextDown])
    }
    #expect(mismatch(loss, .best, columns: 40) { $0.ordinary() } == nil)
    #expect(mismatch(wrongLoss, .best, columns: 40) { $0.ordinary() } != nil)
    #expect(mismatch(wrongDelta, .best, columns: 40) { $0.ordinary() } != nil)
  }

  // MARK: Against the equations, in double precision

  @Test func lossesFollowTheEquations() {
    let z: [Float] = [0.5, -2, 30, -30]
    let y: [Float] = [1, 0, 1, 0]
    let squared = 0.3 * zip(z, y).reduce(0.0) { $0 + pow(Double($1.0 - $1.1), 2) }
    #expect(abs(Double(RowReference.squaredError(z, y, scale: 0.3).loss) / squared - 1) < 1e-6)
    let binary = log1p(exp(-0.5)) + log1p(exp(-2.0)) + 2 * exp(-30.0)
    #expect(abs(Double(RowReference.binaryCrossEntropy(z, y).loss) / binary - 1) < 1e-6)
    let oneHot: [Float] = [0, 1, 0, 0]
    let cross = log(exp(0.5) + exp(-2) + exp(30) + exp(-30)) + 2
    #expect(abs(Double(RowReference.crossEntropy(z, oneHot).loss) / cross - 1) < 1e-6)
  }

  @Test func certainAnswersHaveFiniteLosses() {
    // e⁻²⁰⁰ is 0: the class of weight 0 does not contribute, the right one costs nothing.
    let (loss, delta) = RowReference.crossEntropy([200, 0, -.infinity], [1, 0, 0])
    #expect(loss == 0 && delta == [0, 0, 0])
    #expect(RowReference.crossEntropy([200, 0], [0, 1]).loss == 200)
    #expect(RowReference.binaryCrossEntropy([-200, 200], [1, 0]).loss == 400)
    #expect(RowReference.binaryCrossEntropy([-200, 200], [0, 1]).loss == 0)
  }
}
