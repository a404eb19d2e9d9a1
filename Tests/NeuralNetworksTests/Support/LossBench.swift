import Kernels
import NeuralNetworks

/// Costs, δ and outputs of a loss for some rows of z.
struct LossResult {
  let losses: [Float]
  let deltas: [[Float]]
  let outputs: [[Float]]

  init(
    _ kind: LossKind, _ activation: ActivationKind, z: [[Float]], targets: [[Float]], rows: Range<Int>? = nil
  ) {
    let outputs = OwnedMatrix(z)
    let targets = OwnedMatrix(targets)
    let delta = OwnedMatrix(z.map { $0.map { _ in Float(0) } })
    let losses = FloatBuffer(count: z.count)
    kind.function(outputs: z[0].count).evaluate(
      .best, outputs: outputs.view, activation: activation.function(), targets: targets.view, delta: delta.view,
      losses: losses.all, rows: rows ?? 0..<z.count)
    self.losses = (0..<z.count).map { losses[$0] }
    deltas = delta.rows
    self.outputs = outputs.rows
    withExtendedLifetime((outputs, targets, losses)) {}
  }

  /// One sample.
  init(_ kind: LossKind, _ activation: ActivationKind, z: [Float], target: [Float]) {
    self.init(kind, activation, z: [z], targets: [target])
  }
}

/// Whether each row's cost and δ are the same bits alone, in a mini-batch among others, and in a range of its rows.
func rowsAreIndependent(_ kind: LossKind, _ activation: ActivationKind, outputs: Int) -> Bool {
  var random = FixedGenerator(seed: UInt64(outputs))
  let z = random.rows(9, columns: outputs).map { $0.map { Float($0 * 8) } }
  let targets = random.oneHotRows(9, columns: outputs).map { $0.map { Float($0) } }
  let all = LossResult(kind, activation, z: z, targets: targets)
  let range = LossResult(kind, activation, z: z, targets: targets, rows: 3..<7)
  return z.indices.allSatisfy { r in
    let alone = LossResult(kind, activation, z: z[r], target: targets[r])
    let isInRange = (3..<7).contains(r)
    return alone.losses[0].bitPattern == all.losses[r].bitPattern && alone.deltas[0] == all.deltas[r]
      && alone.outputs[0] == all.outputs[r]
      && range.losses[r] == (isInRange ? all.losses[r] : 0)
      && range.outputs[r] == (isInRange ? all.outputs : z)[r]
  }
}
